### Every word of the page. A message has plain places, or is one choice of plural forms by a number: the page fills
### them itself. Reasons of steps are in storage/words.

## The page

skip = 메시지 입력란으로 바로 가기
language = 언어
stand_in_short = 대역 모델
stand_in = 대역 모델입니다: 이곳에는 GPU가 없습니다

## Logging in

log_in = 로그인
visit = 로그인 없이 계속하기
visitor = 방문자
log_out = 로그아웃
welcome = 고객 상담 데스크에 오신 것을 환영합니다
what_is_this = 주문, 반품, 상품, 정책에 대해 물어보세요. 상담팀이 하는 일을 단계별로 볼 수 있습니다.
try_as = 데모 고객으로 써 보기
or = 또는 로그인
email = 이메일
password = 비밀번호

## The chat

chat = 채팅
messages = 메시지
conversations = 대화 목록
new_conversation = 새 대화
untitled = 새 대화
no_conversations = 아직 대화가 없습니다.
export = 내보내기
export_title = 이 대화와 모든 단계를 내려받기 (JSON)
sources = 관련 정책:
greeting = 무엇을 도와드릴까요?
greeting_more = 메시지를 쓰거나 아래에서 골라 시작하세요.
suggest_order = 제 주문 어디쯤 왔나요?
suggest_cancel = 주문을 취소하고 싶어요
suggest_return = 반품은 며칠 안에 해야 하나요?
suggest_product = 책상 스탠드 있나요?
write = 메시지를 입력하세요
keys = Enter로 보내기, Shift+Enter로 줄바꿈
send = 보내기
stop = 중지
attach = 사진 추가
remove_picture = 이 사진 빼기
picture = 보낸 사진
picture_sending = 사진 보내는 중
you = 나
confirm = 확인
no = 아니요
question_title = 확인이 필요합니다
question_open = 확인하시기 전에는 아무것도 바뀌지 않습니다.
question_yes = 확인하셨습니다.
question_no = 거절하셨습니다. 바뀐 것은 없습니다.
person = 상담원
with_person = 상담원이 이 대화를 맡았습니다. 이곳에서 직접 답변드립니다.
question_with_person = 상담원에게 넘어가 더 이상 답할 수 없는 질문입니다.
question_replaced = 새 질문으로 바뀌었습니다.
question_expired = 질문이 만료되었습니다. 계속하려면 다시 요청해 주세요.
working_start = 메시지를 읽고 있어요…
working_router = { $agent } 담당이 확인하고 있어요…
working_tool = { $agent } 담당이 { $tool } 도구를 쓰고 있어요…
working_stop = 중지하는 중…
connecting = 연결하는 중…
reconnecting = 연결이 끊겼습니다. 다시 연결하는 중…

## The panel of steps

steps = 단계
steps_title = 상담팀이 하는 일
close = 닫기
no_steps = 메시지를 보내면 각 단계와 걸린 시간이 여기에 바로 나타납니다.
servers_down = 도구 서버에 연결할 수 없습니다.
load = 처리 중 { $running } · 대기 { $waiting } · KV 캐시 { $cache }
load_away = 응답 없음
load_left_alone = 오류 후 잠시 쉬는 중
no_endpoints = 쓸 수 있는 모델이 없습니다. models.toml에 모델이 없거나 파일을 읽을 수 없습니다.
endpoints_down = 연결할 수 없음: { $names }
turn = { $number }번째 차례
turn_running = 진행 중
status_done = 완료
status_asked = 확인 대기
status_stopped = 중지됨
status_failed = 실패
status_lost = 끊김
totals = 모델 호출 { $calls }회 · 토큰 { $prompt } + { $completion }
guard_message = 안전 점검: 메시지
guard_answer = 안전 점검: 답변
verdict_not_run = 실행 안 함
verdict_passed = 통과
verdict_blocked = 차단
router = 라우터
by_rule = 규칙으로
by_model = 모델이 선택
by_fallback = 대체 선택
model_call = 모델
thought = 모델의 생각
tokens = 토큰 { $prompt } + { $completion }
slice = 슬라이스 { $slice }
in_place_of = { $own } 대신
ticket_opened = 문의 등록
ticket_continued = 문의에 추가
stand_in_mark = 대역
tool = 도구
arguments = 인자
no_arguments = 없음
injected = 서버가 채움
result = 결과
error_mark = 오류
changed = 바뀐 행
audit = 감사 { $id }
nothing = 없음
handoff = 담당자 전달
question = 질문
answer = 답
muted = 상담원에게 넘김
given_back = 상담팀으로 돌아옴
identity = 본인 확인
identity_asked = 요청함
identity_bound = 확인됨
identity_refused = 불일치
identity_handed_over = 담당자에게 넘김
tries_left = 남은 횟수: { $tries }회
yes_by_button = 예 (버튼)
no_by_button = 아니요 (버튼)
yes_by_message = 예 (메시지)
no_by_message = 아니요 (메시지)

## Letting programs in

consent_login = 로그인하고 프로그램 연결하기
consent_login_more = 어떤 프로그램이 회원님을 대신해 이 쇼핑몰을 이용하려고 합니다. 로그인한 뒤 결정하실 수 있습니다.
consent_title = “{ $client }” 연결을 허용할까요?
consent_title_nameless = 이름 없는 프로그램의 연결을 허용할까요?
consent_as = { $name } ({ $email }) 계정으로 연결
consent_other = 다른 계정으로 로그인
consent_staff = 직원 계정입니다. 모든 고객에 대해 아래의 일을 할 수 있게 됩니다.
consent_may = 허용되는 일
consent_back = 그다음 { $place } 주소로 이동합니다.
consent_back_here = 그다음 이 컴퓨터에 있는 프로그램으로 이동합니다.
consent_unchecked = 이름은 프로그램이 스스로 밝힌 것입니다. 직접 시작한 연결만 허용하세요.
consent_allow = 허용
consent_deny = 거부
consent_allowed = 허용했습니다. 프로그램으로 돌아가세요. 이 창은 닫아도 됩니다. 채팅 화면의 ‘프로그램’에서 언제든 끊을 수 있습니다.
programs = 프로그램
programs_title = 연결된 프로그램
programs_more = 이 프로그램들이 고객님 계정을 쓰고 있습니다. 연결을 끊으면 늦어도 10분 안에 더는 쓸 수 없습니다.
programs_none = 고객님 계정을 쓰는 프로그램이 없습니다.
programs_back = 채팅으로 돌아가기
program_nameless = 이름 없는 프로그램
program_dates = { $since }부터 연결됨. 쓰지 않으면 { $until }에 저절로 끊깁니다.
disconnect = 연결 끊기
disconnect_sure = 정말 연결 끊기
consent_denied = 거부했습니다. 아무것도 공유되지 않았습니다. 이 창은 닫아도 됩니다.
scope_read = ‘{ $server }’ 정보 보기
scope_write = ‘{ $server }’ 정보 변경
scope_orders_read = 주문, 주소, 결제 수단 보기 (카드 번호 전체는 제외)
scope_orders_write = 주문 취소, 변경, 반품, 교환과 주소 변경
scope_products_read = 상품과 가격 검색
scope_products_write = 상품 정보 변경
scope_tickets_read = 상담 문의 내역 읽기
scope_tickets_write = 상담 문의 등록과 작성
scope_policies_read = 쇼핑몰 정책 읽기
scope_policies_write = 쇼핑몰 정책 변경
scope_vision_read = 쇼핑몰에 보낸 사진 보기
scope_vision_write = 사진 변경
consent_go_back = { $place } 주소로 돌아가기
refused_title = 프로그램을 연결하지 못했습니다
refused_request = 프로그램이 보낸 요청을 처리할 수 없습니다. 공유된 정보는 없습니다. 이 창은 닫아도 됩니다.
refused_again = 지금은 프로그램을 연결할 수 없습니다. 공유된 정보는 없습니다. 잠시 뒤 프로그램에서 다시 시도해 주세요.
refused_details = 프로그램 제작사에 알려 줄 내용:

## Refusals, by their code

error_other_login = 이 화면이 열린 뒤 다른 계정으로 로그인했습니다. 새로고침해 주세요.
error_request_expired = 요청이 만료되었습니다. 프로그램으로 돌아가 다시 연결해 주세요.
error_unreachable = 쇼핑몰에 연결할 수 없습니다. 다시 시도해 주세요.
error_wrong_password = 이메일 또는 비밀번호가 맞지 않습니다.
error_not_logged_in = 로그인이 필요합니다. 로그인한 뒤 다시 시도해 주세요.
error_visitors_not_welcome = 이 쇼핑몰은 로그인이 필요합니다.
error_pictures_need_login = 사진을 보내려면 로그인해 주세요.
error_too_many_tries = 시도 횟수가 너무 많습니다. { $at } 이후에 다시 시도해 주세요.
error_too_many_conversations = 새 대화를 너무 많이 시작했습니다. { $seconds }초 뒤에 다시 시도해 주세요.
error_too_many_messages = 메시지를 너무 많이 보냈습니다. { $seconds }초 뒤에 다시 시도해 주세요.
error_too_many_turns = 다른 대화에 답변하는 중입니다. { $seconds }초 뒤에 다시 시도해 주세요.
error_pictures_full = 하루에 보낼 수 있는 사진 용량을 넘었습니다. { $minutes }분 뒤에 다시 시도해 주세요.
error_slow_body = 전송이 너무 오래 걸려 받지 못했습니다. { $seconds }초 뒤에 다시 시도해 주세요.
error_too_many_slow_bodies = 같은 네트워크에서 보내는 요청이 너무 많습니다. { $seconds }초 뒤에 다시 시도해 주세요.
error_other_site = 다른 사이트에서 온 요청이라 거부되었습니다.
error_conversation_busy = 앞선 메시지에 답하는 중입니다. 기다리거나 중지해 주세요.
error_database_busy = 지금 다른 변경 작업이 많아 처리하지 못했습니다. 변경된 것은 없습니다. 잠시 뒤 다시 시도해 주세요.
error_disk_full = 지금은 쇼핑몰에 저장 공간이 부족해 처리하지 못했습니다. 변경된 것은 없습니다. 나중에 다시 시도해 주세요.
error_database_gone = 지금 쇼핑몰에 연결할 수 없습니다. 잠시 뒤 다시 시도해 주세요.
error_conversation_not_found = 이 대화를 찾을 수 없습니다.
error_no_such_question = 이 질문은 더 이상 열려 있지 않습니다. 다시 요청해 주세요.
error_no_such_program = 이미 연결이 끊긴 프로그램입니다.
error_policy_not_found = 이 정책을 찾을 수 없습니다.
error_image_not_found = 사진을 찾을 수 없습니다. 다시 보내 주세요.
error_picture_not_an_image = 읽을 수 없는 파일입니다. PNG, JPEG, WebP, GIF 사진을 보내 주세요.
error_picture_too_large = 사진은 10 MB까지 보낼 수 있습니다.
error_picture_damaged = 사진이 손상되었거나 잘려 있습니다. 다시 보내 주세요.
error_picture_too_many_pixels = 사진의 화소 수가 너무 많습니다. 더 작은 사진을 보내 주세요.
error_picture_too_small = 사진이 너무 작아 알아볼 수 없습니다.
error_picture_animated = 움직이는 사진입니다. 정지된 사진을 보내 주세요.
error_body_too_large = 너무 큽니다. 사진은 10 MB까지 보낼 수 있습니다.
error_too_many_pictures = 사진은 한 번에 4장까지 보낼 수 있습니다.
error_failed = 문제가 생겼습니다. 다시 시도해 주세요.
