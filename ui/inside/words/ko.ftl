### 안을 들여다보는 직원용 화면의 말. 화면은 ui/words와 같은 방식으로 채웁니다.

## 틀

inside_nav = 화면
nav_traces = 처리 기록
skip_to_content = 본문으로 바로 가기
error_staff_only = 매장 직원만 볼 수 있는 화면입니다. 직원 계정으로 로그인해 주세요.
ms = { $ms }ms
seconds = { $s }초
unknown = 알 수 없음

## 처리 기록 목록

traces_title = 처리 기록
traces_search = 문의, 답변, 번호로 검색
traces_none = 조건에 맞는 기록이 없습니다. 조건을 바꾸거나 기간을 늘려 보세요.
turn_without_text = (내용 없음)
filter_hours = 기간
filter_hours_1 = 최근 1시간
filter_hours_24 = 최근 24시간
filter_hours_168 = 최근 7일
filter_hours_720 = 최근 30일
filter_hours_all = 보관된 전체
filter_status = 결과
filter_status_all = 결과 전체
filter_status_failed = 실패
filter_status_slow = 느림 (10초 이상)
filter_status_fallback = 대체 처리
filter_status_asked = 확인 요청
filter_status_stopped = 중지됨
filter_specialist = 담당
filter_tool = 도구
filter_model = 모델
filter_all_specialist = 담당 전체
filter_all_tool = 도구 전체
filter_all_model = 모델 전체
filter_thumb = 평가
filter_thumb_all = 평가 전체
filter_thumb_up = 좋아요
filter_thumb_down = 별로예요
mark_fallback = 대체 처리
mark_tool_errors = { $count ->
   *[other] 도구 오류 { $count }건
}

## 수치

figure_turns = 처리 건수
figure_failed = 실패
figure_first_word = 첫 글자까지
figure_total = 전체 시간
figure_p95 = 95%: { $time }
figure_tokens = 토큰
figure_cached = 캐시 { $share }
figure_fallbacks = 대체 처리
figure_tool_errors = 도구 오류
figure_of = 호출 { $count }건 중
chart_hours = 시간대별 처리 건수
chart_routing = 답변한 담당
chart_chosen_by = 선택 방식
chart_tools = 도구와 오류
hour_told = { $turns }건, 실패 { $failed }건, 첫 글자까지 { $word }, 전체 { $total }

## 처리 한 건

back_to_turns = 전체 목록
fact_at = 문의 시각 { $at }
fact_first_word = 첫 글자까지 { $time }
fact_total = 전체 { $time }
fact_tokens = 토큰 { $prompt } + { $completion }, 캐시 { $cached }
caller_customer = 고객 문의
caller_staff = 직원 문의
caller_visitor = 비회원 문의
call_open = 프롬프트, 응답, 설정값
call_of_a_tool = 도구가 직접 호출한 것이라 프롬프트가 보관되지 않습니다.
call_not_kept = 이 호출의 프롬프트는 보관되어 있지 않습니다.
call_context = 컨텍스트 구성
call_prompt = 프롬프트
call_tools = 도구
call_reply = 응답
call_parameters = 설정값
call_logprobs = 로그 확률
call_measured = 측정값
copy_curl = curl로 복사
copy_json = JSON으로 복사
characters = { $count }자
no_reply = 응답이 없었습니다.
no_logprobs = 서버가 알려 주지 않았습니다. 담당을 고를 때만 요청합니다.
part_instructions = 지침
part_tools = 도구
part_notes = 데스크 메모
part_earlier = 이전 대화
part_message = 문의
part_calls = 호출
part_results = 도구 결과
part_size = { $tokens }토큰 ({ $share }%), { $pieces }개
part_measured = 데스크 추정(넉넉하게 잡음)으로 약 { $estimated }토큰, 서버가 센 값은 { $counted }토큰입니다.
part_estimated = 데스크 추정(넉넉하게 잡음)으로 약 { $estimated }토큰입니다.
measured_first = 첫 토큰까지
measured_prompt = 프롬프트 토큰
measured_cached = 그중 캐시
measured_completion = 작성한 토큰
measured_finish = 종료 사유
measured_model = 서버가 밝힌 모델

## 팀

nav_team = 팀
team_title = 팀
team_more = 지금 문의를 처리하는 곳에 불이 켜집니다. 누르면 프롬프트와 도구가 보입니다.
team_router = 라우터
team_server = 도구 서버
member_reminders = 문의 옆에 붙는 주의 사항
member_context = 컨텍스트: { $tokens }토큰
member_roles = 맡은 역할: { $roles }
tool_reads = 조회
tool_asks = 확인 후 변경
tool_writes = 변경

## 슬라이스

slices_title = 모델
slice_answers = 정상
slice_running = 처리 중
slice_waiting = 대기
slice_cache = KV 캐시
slice_tokens = 초당 생성 토큰
slice_read = 초당 읽기 토큰
slice_prefix = 프리픽스 적중
slice_memory = 설정된 GPU 메모리
slice_room = KV 캐시 용량
slice_room_tokens = { $tokens }토큰
gpu_unknown = 측정된 GPU 메모리: 알 수 없음. 이 화면이 도는 컴퓨터에 nvidia-smi가 없습니다.
gpu_measured = GPU { $index } ({ $name }): { $total }GiB 중 { $used }GiB 사용
roles_title = 역할별 모델
roles_more = 바꾸면 models.toml에 저장되고, 매장의 모든 프로세스에서 다음 문의부터 적용됩니다.
role_in_place = 대체: { $others }
role_alone = 대체 없음
role_switched = { $role }: { $before } → { $endpoint }, 다음 문의부터 적용

## 다시 실행

replay_title = 다시 실행
replay_more = 그때의 매장 데이터로, 다른 모델이나 프롬프트를 써서 다시 실행합니다. 변경하는 호출은 계획만 세우고 실행하지 않으며, 고객에게는 보이지 않습니다.
replay_endpoint = 모든 역할에 쓸 모델
replay_same_models = 현재 모델 그대로
replay_specialist = 프롬프트를 바꿀 담당
replay_same_prompts = 현재 프롬프트 그대로
replay_prompt = 프롬프트
replay_run = 다시 실행
replay_running = 다시 실행하는 중…
replay_done = 끝났습니다. 아무것도 저장하지 않았습니다.
replay_then = 그때
replay_now = 다시 실행
replay_cost = { $time }, 모델 호출 { $calls }건, { $tokens }토큰
replay_calls = 도구 호출
replay_differs = 다름
error_no_such_part = 팀에 더는 없는 항목입니다. 페이지를 다시 열어 주세요.
error_no_such_role = 그런 역할이 없습니다. 페이지를 다시 열어 주세요.
error_record_not_found = 이 모델 호출 기록은 더 이상 보관되어 있지 않습니다.
error_trace_not_found = 이 처리 기록은 더 이상 보관되어 있지 않습니다.
error_cannot_be_replayed = 팀이 답변한 문의가 아니거나 고객이 확인되지 않아 다시 실행할 수 없습니다.

## Several models on one question

nav_tasks = 협업
tasks_title = 여러 모델에게 한 번에 묻기
tasks_more = 모델은 내 권한으로 도구를 사용하며, 변경은 내가 승인해야 이루어집니다.
tasks_question = 질문
tasks_mode = 협업 방식
tasks_options = 선택지 (쉼표로 구분)
tasks_models = 모델 (선택하지 않으면 역할을 맡은 모델에게 묻습니다)
tasks_begin = 질문하기
tasks_earlier = 내 작업
tasks_none = 아직 질문한 작업이 없습니다. 작업은 7일 동안 보관됩니다.
mode_select = 모델 하나
mode_select_more = 첫 번째 모델이 답변합니다.
mode_sequential = 차례로
mode_sequential_more = 모델이 앞선 답변을 차례로 읽고 바로잡습니다. 마지막 답변이 결과입니다.
mode_parallel = 동시에
mode_parallel_more = 모든 모델이 답변하고, 한 모델이 하나로 정리합니다.
mode_vote = 투표
mode_vote_more = 모든 모델이 선택지를 하나씩 고르고 표를 셉니다. 선택지를 적지 않으면 질문에 있는 선택지나 예/아니요로 투표합니다.
mode_pipeline = 조사, 초안, 검토
mode_pipeline_more = 사실과 규정을 찾아 초안을 쓰고, 그 내용과 대조해 검토합니다.
mode_decompose = 나누어 풀기
mode_decompose_more = 한 모델이 질문을 여러 부분으로 나누고, 부분별 답변을 하나로 모읍니다.
back_to_tasks = 전체 작업
task_waiting = 대기 중
task_running = 진행 중
task_asked = 승인 필요
task_done = 완료
task_failed = 실패
task_cancelled = 취소됨
task_cancel = 취소
task_answer = 답변
task_no_answer = 답변이 나오지 않았습니다.
task_steps = 단계
task_again = 중단되었다가 다시 시작됨
task_plan = 계획
plan_unusable = 계획을 쓸 수 없어 한 단계로 답변합니다.
task_vote = 투표
step_asked = 질문
step_reads = 참고하는 답변: { $steps }
step_waits = 승인 필요
vote_tie = 동률
vote_nobody = 투표한 모델 없음
vote_differ = 의견이 다름
vote_agreed = 모두 같은 의견
change_doing = 변경하는 중입니다.
change_refused = 변경이 거부되었습니다. 바뀐 것은 없습니다.
change_unknown = 변경하다가 중단되었습니다. 다시 실행하지 않으니 변경되었는지 확인해 주세요.
error_task_not_found = 해당 작업을 찾을 수 없습니다. 작업은 7일 동안 보관됩니다.
error_write_not_found = 이미 처리된 질문입니다.
error_unknown_model = 선택한 모델 중 없어진 것이 있습니다. 페이지를 새로 고쳐 주세요.
error_too_few_models = 모델이 두 개 이상 필요합니다. 더 선택하거나 ‘모델 하나’ 방식을 쓰세요.
