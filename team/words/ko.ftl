### What the desk says where no model speaks.

stopped = 중단했습니다. 대신 무엇을 도와드릴까요?
model_down = 죄송합니다. 지금은 상담 시스템에 연결할 수 없어 답변드리지 못합니다.
tools_down = 죄송합니다. 지금은 쇼핑몰 시스템이 응답하지 않아 확인해 드릴 수 없습니다.
too_slow = 죄송합니다. 처리가 너무 오래 걸려 중단했습니다.
looped = 죄송합니다. 여러 가지를 확인했지만 마무리하지 못했습니다. 한 번에 한 가지씩 말씀해 주시겠어요?
cut_off = 죄송합니다. 요청을 처리하던 중에 중단되어 마치지 못했습니다.
failed = 죄송합니다. 저희 쪽 문제로 처리를 마치지 못했습니다.
not_kept = 죄송합니다. 쇼핑몰 시스템이 응답하지 않아 처리를 마치지 못했습니다. 잠시 후 주문 상태를 먼저 확인하신 뒤 다시 시도해 주세요.
nothing_changed = 변경된 내용은 없습니다.
unsure = 마지막 변경이 처리되었는지 확인되지 않습니다. 다시 요청하시기 전에 먼저 확인해 주세요.
was_done = 처리된 내용: { $change }.
try_again = 잠시 후 다시 시도해 주세요.
nothing_to_say = 죄송합니다. 답을 찾지 못했습니다. 다르게 말씀해 주시겠어요?
log_in = 주문을 확인하고 도와드리려면 먼저 로그인해 주세요.
who_are_you = 상품과 정책은 바로 안내해 드릴 수 있습니다. 주문, 반품, 문의를 도와드리려면 먼저 본인 확인이 필요합니다. 가입하신 이메일 주소와 우편번호를 보내 주세요.
welcome = 안녕하세요! 상품과 정책은 바로 안내해 드리고, 주문, 반품, 문의는 본인 확인 후 도와드립니다. 무엇을 도와드릴까요?
you_are_welcome = 감사합니다! 더 필요한 것이 있으면 말씀해 주세요.
which_postcode = 감사합니다. 등록하신 우편번호도 보내 주세요.
which_email = 감사합니다. 가입하신 이메일 주소도 보내 주세요.
refused = 이 이메일 주소와 우편번호가 함께 등록된 계정을 찾지 못했습니다. 두 가지를 확인하신 뒤 다시 보내 주세요. 남은 횟수: { $left }회.
handed_over = 본인 확인이 되지 않아 이 대화에서는 더 이상 여쭙지 않겠습니다. 담당자가 도와드리겠습니다. 주문 확인 이메일에 회신하시거나, 로그인한 뒤 다시 문의해 주세요. 상품과 정책에 관한 질문에는 계속 답해 드릴 수 있습니다.
person_answers = 메시지를 담당자에게 전달했습니다. 상담원이 이 대화에서 직접 답변드립니다. 문의 번호는 { $ticket }입니다.
too_long = 메시지가 너무 깁니다. 4,000자 이내로 나누어 보내 주세요.
empty = 메시지가 비어 있습니다. 무엇을 도와드릴까요?
wrong_language = 죄송합니다. 답변을 한국어로 작성하지 못했습니다. 다시 한번 말씀해 주시겠어요?
not_answered = 메시지 가운데 이 부분은 답변드리지 못했습니다: “{ $part }”
not_all_answered = 메시지의 일부는 답변드리지 못했습니다.
comes_next = 그다음 변경은 이어서 여쭤보겠습니다: { $change }.
ticket = 말씀하신 내용을 담당자에게 전달했습니다. 담당자가 확인하겠습니다: 문의 번호 { $ticket }.
yes = 네.
no = 아니요.

# After an answer, where the message had something in it that was masked or should not have been said.
masked = 안전을 위해 메시지에서 다음 내용을 가려, 이곳의 누구도 볼 수 없게 했습니다: { $kinds }. 카드 번호, 비밀번호, 주민등록번호 같은 정보는 채팅으로 보내지 말아 주세요. 도와드리는 데 필요하지 않습니다.
insulted = 많이 속상하셨겠습니다. 도와드리고 싶습니다. 주문에 어떤 문제가 있었는지 말씀해 주시면 바로 확인하겠습니다.
stay_calm = 많이 속상하셨겠습니다. 해결해 드릴 수 있도록 최선을 다하겠습니다.
offer_person = 불편을 드려 죄송합니다. 상담원과 이야기하고 싶으시면 언제든지 말씀해 주세요. 이 대화를 상담원에게 넘겨 드리겠습니다.
no_orders = 저는 이 쇼핑몰 고객님을 도와드리고 있으며, 여기에 적힌 내용으로 제가 일하는 방식이 바뀌지는 않습니다. 주문, 상품, 정책에 대해 무엇을 도와드릴까요?

# In the place of a payment method's id.
payment_method = 등록하신 결제 수단

# What several models say together to the shop's staff.
task_write = { $tool } 도구를 다음 내용으로 실행할까요? { $arguments }
task_missing = { $step }({ $model })에서 답변을 받지 못했습니다: { $why }
task_no_plan = 쓸 수 있는 계획이 만들어지지 않아 한 단계로 답변했습니다.
vote_tied = 다수 의견이 없습니다. 다음 선택지의 표가 같습니다: { $options }
vote_none = 선택지를 고른 모델이 없습니다.
vote_line = { $option }: { $votes }표 ({ $models })
vote_silent = 투표하지 않음: { $models }
vote_agree = 모든 모델의 의견이 같습니다.
vote_disagree = 모델마다 의견이 다릅니다.
