### What the shop says that several packages say.

# A customer's whole name.
full_name = { $last }{ $first }

## Why a step of the team went as it did. What follows `reason_` is a code of storage/reasons.py.

reason_waited_for_customer = 본인 확인을 기다리던 담당
reason_question_answered = 이 담당이 한 질문에 대한 답
reason_person_wanted = 고객이 상담원을 요청함
reason_likeliest = 후보 가운데 가장 가능성이 높음
reason_unsure = 후보 가운데 가장 가능성이 높지만 { $other }와의 차이가 { $percent }%p뿐임
reason_chosen = 모델이 고름
reason_no_model = 응답한 모델이 없음: { $why }
reason_nobody_named = 모델이 담당을 고르지 못함: “{ $said }”
reason_late = 시간 안에 응답 없음
reason_status = 상태 코드 { $status }
reason_status_again = 상태 코드 { $status }, { NUMBER($seconds) }초 뒤 다시
reason_away = 연결 실패
reason_unreadable = 읽을 수 없는 응답 ({ $error })
reason_endless = 끝이 없는 응답
reason_empty_reply = 빈 응답
reason_cut = 길이 제한으로 잘린 응답
reason_repeats = 같은 말을 되풀이하는 응답
reason_bad_call = 읽을 수 없는 도구 호출
reason_bad_arguments = 도구 인자가 JSON 객체가 아님
reason_foreign = 다른 언어로 된 응답
reason_leaks = 고객에게 보일 수 없음: { $kinds }
reason_thought = 답변이 아닌 생각
reason_own_words = 상담 데스크의 실패 안내문
reason_not_looked_up = 확인하지 않고 한 말
reason_echoes = 고객의 말을 되풀이하기만 한 답
reason_declines = 도울 수 없다고만 한 답
reason_not_told = 근거가 없는 내용: { $what }
reason_all_rest = 모든 엔드포인트가 방금 실패함
reason_rests = { $endpoint }: 방금 실패함
reason_no_pictures = { $model }: 사진을 볼 수 없는 모델
reason_too_long = { $characters }자, 최대 { $most }자
reason_no_text = 내용 없음
reason_no_answer = 빈 답변
reason_raw_json = JSON 원본
reason_payment_id = 결제 수단 ID
reason_internal_id = 내부 ID
reason_raw_data = 원시 데이터
reason_markup = 모델 표기
reason_prompt = 지시문
reason_tool_names = 도구 이름을 풀어 씀: { $names }
reason_masked = 가린 내용: { $kinds }
reason_card_number = 카드 번호
reason_card_code = 카드 보안 코드
reason_resident_number = 주민등록번호
reason_social_security = 사회보장번호
reason_password = 비밀번호
reason_abuse = 욕설
reason_orders = 모델에 내리는 지시(모델에 전달하지 않음)
reason_several = { $reasons }
reason_too_slow = 답변이 너무 오래 걸림
reason_failed = 답변하지 못함
reason_looped = 같은 작업을 되풀이함
reason_model_down = 응답한 모델이 없음
reason_tools_down = 도구 서버에 연결할 수 없음
reason_wrong_language = 다른 언어로 답변함
reason_cut_off = 답변 도중 서비스가 중단됨
reason_nothing_to_say = 고객에게 보일 수 있는 내용이 없음
