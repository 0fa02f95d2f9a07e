### Words of the pages for staff who look inside. The page fills them as it fills ui/words.

## The frame

inside_nav = Pages
nav_traces = Turns
skip_to_content = Skip to the content
error_staff_only = This page is for the shop’s staff. Log in as staff to see it.
ms = { $ms } ms
seconds = { $s } s
unknown = unknown

## The list of turns

traces_title = Turns
traces_search = Search messages, answers and ids
traces_none = No turn fits. Change a filter, or look further back.
turn_without_text = (no text)
filter_hours = Since when
filter_hours_1 = Last hour
filter_hours_24 = Last 24 hours
filter_hours_168 = Last 7 days
filter_hours_720 = Last 30 days
filter_hours_all = All that are kept
filter_status = How it ended
filter_status_all = Any end
filter_status_failed = Failed
filter_status_slow = Slow (10 s +)
filter_status_fallback = Fallback
filter_status_asked = Asked for a yes
filter_status_stopped = Stopped
filter_specialist = Specialist
filter_tool = Tool
filter_model = Model
filter_all_specialist = All specialists
filter_all_tool = All tools
filter_all_model = All models
filter_thumb = Thumb
filter_thumb_all = Any thumb
filter_thumb_up = Thumb up
filter_thumb_down = Thumb down
mark_fallback = fallback
mark_tool_errors = { $count ->
    [one] { $count } tool error
   *[other] { $count } tool errors
}

## The figures

figure_turns = Turns
figure_failed = Failed
figure_first_word = First word
figure_total = Whole turn
figure_p95 = 95%: { $time }
figure_tokens = Tokens
figure_cached = { $share } cached
figure_fallbacks = Fallbacks
figure_tool_errors = Tool errors
figure_of = of { $count } calls
chart_hours = Turns by hour
chart_routing = Who answered
chart_chosen_by = Chosen how
chart_tools = Tools, and their errors
hour_told = { $turns } turns, { $failed } failed, first word { $word }, whole { $total }

## One turn

back_to_turns = All turns
fact_at = Asked { $at }
fact_first_word = First word { $time }
fact_total = Whole turn { $time }
fact_tokens = Tokens { $prompt } + { $completion }, { $cached } cached
caller_customer = By a customer
caller_staff = By staff
caller_visitor = By a visitor
call_open = Prompt, reply, parameters
call_of_a_tool = A tool made this call by itself, so its prompt is not kept.
call_not_kept = The prompt of this call is not kept, or not any longer.
call_context = In the context
call_prompt = Prompt
call_tools = Tools
call_reply = Reply
call_parameters = Parameters
call_logprobs = Log-probabilities
call_measured = Measured
copy_curl = Copy as curl
copy_json = Copy as JSON
characters = { $count } characters
no_reply = There was no reply.
no_logprobs = The server told none: they are asked for where the router chooses.
part_instructions = instructions
part_tools = tools
part_notes = notes of the desk
part_earlier = earlier conversation
part_message = the message
part_calls = calls
part_results = results of tools
part_size = { $tokens } tokens ({ $share }%), { $pieces }×
part_measured = About { $estimated } tokens by the desk’s estimate, which errs high; the server counted { $counted }.
part_estimated = About { $estimated } tokens by the desk’s estimate, which errs high.
measured_first = time to first token
measured_prompt = prompt tokens
measured_cached = of them cached
measured_completion = tokens written
measured_finish = finish reason
measured_model = model named by the server

## The team

nav_team = Team
team_title = The team
team_more = Whoever works on a message right now is lit. Choose one to see its prompt and tools.
team_router = Router
team_server = tool server
member_reminders = Reminders beside a message
member_context = Context: { $tokens } tokens
member_roles = Speaks for: { $roles }
tool_reads = reads
tool_asks = asks first
tool_writes = writes

## The slices

slices_title = Models
slice_answers = answers
slice_running = Running
slice_waiting = Waiting
slice_cache = KV cache
slice_tokens = Tokens a second
slice_read = Read a second
slice_prefix = Prefix hits
slice_memory = GPU memory set
slice_room = KV cache holds
slice_room_tokens = { $tokens } tokens
gpu_unknown = GPU memory measured: unknown. nvidia-smi is not on the machine of this page.
gpu_measured = GPU { $index } ({ $name }): { $used } of { $total } GiB in use
roles_title = Who speaks through which model
roles_more = A change is written to models.toml and holds from the next turn on, in every process of the shop.
role_in_place = in its place: { $others }
role_alone = nobody in its place
role_switched = { $role }: { $before } → { $endpoint }, from the next turn on

## Replay

replay_title = Run it again
replay_more = With another model or prompt, on the shop as it was. Calls that changed something are planned and not done; the customer sees none of it.
replay_endpoint = Model for all roles
replay_same_models = The models of now
replay_specialist = Specialist with another prompt
replay_same_prompts = The prompts of now
replay_prompt = Prompt
replay_run = Replay
replay_running = Running it again…
replay_done = Done. Nothing was written.
replay_then = Then
replay_now = Replayed
replay_cost = { $time }, { $calls } model calls, { $tokens } tokens
replay_calls = Tool calls
replay_differs = differs
error_no_such_part = This part of the team does not exist any more. Load the page again.
error_no_such_role = There is no such role. Load the page again.
error_record_not_found = This model call is no longer kept.
error_trace_not_found = This turn is no longer kept.
error_cannot_be_replayed = The team did not answer this turn, or not for a known customer: there is nothing to replay.

## Several models on one question

nav_tasks = Tasks
tasks_title = One question, several models
tasks_more = Each model uses the tools with your rights. A change waits for your yes.
tasks_question = Your question
tasks_mode = How they work together
tasks_options = Options, separated by commas
tasks_models = Models (choose none to ask those that speak for the roles)
tasks_begin = Ask
tasks_earlier = Your tasks
tasks_none = You have not asked anything yet. Tasks are kept for 7 days.
mode_select = One model
mode_select_more = The first model answers.
mode_sequential = One after another
mode_sequential_more = Each model reads the answers before its own and corrects them. The last answer counts.
mode_parallel = Side by side
mode_parallel_more = All models answer, then one makes a single answer of them.
mode_vote = Vote
mode_vote_more = All models choose an option, and the votes are counted. Without options, those in the question are used, or yes and no.
mode_pipeline = Facts, draft, check
mode_pipeline_more = Facts and rules are looked up, an answer is drafted, then checked against them.
mode_decompose = Take it apart
mode_decompose_more = A model splits the question into parts, others work on them, and one answer is made.
back_to_tasks = All tasks
task_waiting = waiting
task_running = running
task_asked = waits for your yes
task_done = done
task_failed = failed
task_cancelled = cancelled
task_cancel = Cancel
task_answer = Answer
task_no_answer = No answer came of it.
task_steps = Steps
task_again = Taken up again after an interruption
task_plan = Plan
plan_unusable = The plan could not be used, so the question is answered in one step.
task_vote = Vote
step_asked = Asked
step_reads = Reads the answers of: { $steps }
step_waits = waits for your yes
vote_tie = tie
vote_nobody = nobody voted
vote_differ = the models disagree
vote_agreed = all agree
change_doing = It is being made.
change_refused = It was refused. Nothing was changed.
change_unknown = It was begun and interrupted. Check whether it was made: it is not repeated.
error_task_not_found = There is no such task of yours. Tasks are kept for 7 days.
error_write_not_found = This question is no longer open.
error_unknown_model = One of these models is no longer there. Load the page again.
error_too_few_models = This needs two models or more. Choose more of them, or “One model”.
