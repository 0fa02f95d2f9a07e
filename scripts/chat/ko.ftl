### What `shopdesk chat` itself says.

as = { $name } 님, { $url } 상담입니다. /help를 입력하면 사용법이 나옵니다.
visitor = { $url }에 방문자로 들어왔습니다. /help를 입력하면 사용법이 나오고, --email로 로그인할 수 있습니다.
stand_in = 대역 모델입니다: 이곳에는 GPU가 없습니다.
help =
    /image 경로   다음 메시지에 사진을 붙입니다 (메시지 안에 경로를 써도 됩니다)
    /new          새 대화를 시작합니다
    /quit         끝냅니다. 대화는 보관됩니다
    Ctrl-C        답변을 멈춥니다. 한 번 더 누르면 끝냅니다
no_trace = 이 쇼핑몰은 직원에게만 단계를 보여 줍니다(DEBUG_MODE). 그래서 추적이 나오지 않습니다.
you = 나
person = 상담원
working = 확인하고 있어요… (Ctrl-C로 중지)
stopping = 중지하는 중…
confirm = 확인하시기 전에는 아무것도 바뀌지 않습니다. y 확인, n 거절.
new = 새 대화입니다.
attached = { $name } 사진을 다음 메시지와 함께 보냅니다.
no_file = { $path }에 사진이 없습니다.
which_file = 어떤 사진인지 적어 주세요: /image 경로
no_command = { $name } 명령은 없습니다. /help를 입력해 보세요.
bye = 대화는 보관됩니다.
too_late = 제때 답이 오지 않았습니다. 다시 시도해 주세요.
# The key that says yes to an open question, and the one that says no, on a keyboard of the language.
yes_key = ㅛ
no_key = ㅜ

## Refusals of the shop, by their code

refused_unreachable = 쇼핑몰에 연결할 수 없습니다. 다시 시도해 주세요.
refused_conversation_busy = 앞선 메시지에 답하는 중입니다. 기다리거나 중지해 주세요.
refused_no_such_question = 이 질문은 더 이상 열려 있지 않습니다. 다시 요청해 주세요.
refused_pictures_need_login = 사진을 보내려면 로그인해 주세요 (--email).
refused_picture_too_large = 사진은 10 MB까지 보낼 수 있습니다.
refused_picture_not_an_image = 읽을 수 없는 파일입니다. PNG, JPEG, WebP, GIF 사진을 보내 주세요.
refused_database_busy = 지금 다른 변경 작업이 많아 처리하지 못했습니다. 변경된 것은 없습니다. 잠시 뒤 다시 시도해 주세요.
refused_disk_full = 지금은 쇼핑몰에 저장 공간이 부족해 처리하지 못했습니다. 변경된 것은 없습니다. 나중에 다시 시도해 주세요.
refused_database_gone = 지금 쇼핑몰에 연결할 수 없습니다. 잠시 뒤 다시 시도해 주세요.
