"""What staff ask of the models, as the document of the HTTP API describes it."""

from pydantic import TypeAdapter

from ui.assistant.query import Query
from ui.assistant.results import DocumentReading, Insights, ModelAnswer, TaskList, TaskState, Weighing
from ui.assistant.service import ServiceBody
from ui.assistant.tasks import ONE, TaskBody, YesOrNo
from ui.rest.described import STREAM, Described
from ui.rest.schemas import ANY_OBJECT, TEXT

TAG = "assistant"
TASK = TypeAdapter(TaskState)

DESCRIBED = (
    Described(
        "POST",
        "/query",
        TAG,
        "Staff: a question goes to the model that suits it; the answer comes with the decision and its reasons.",
        TypeAdapter(ModelAnswer),
        Query,
        errors=(403, 409, 429, 502),
    ),
    Described(
        "GET",
        "/routing/stats",
        TAG,
        "Staff: what was routed where and what came of it, and how fast each endpoint is.",
        ANY_OBJECT,
        errors=(403,),
        query=(("hours", "How many hours back; 24 if left out"),),
    ),
    Described(
        "POST",
        "/service",
        TAG,
        "Staff: figures from the shop's data, a document read closely, or a decision weighed. With "
        "`Accept: text/event-stream` the answer comes as events, its progress first.",
        TypeAdapter(Insights | DocumentReading | Weighing),
        ServiceBody,
        errors=(403, 404, 502),
    ),
    Described(
        "POST",
        "/cooperation/task",
        TAG,
        "Staff: a question to several models. 202: it is still being worked on, and is found under its `task_id`.",
        TASK,
        TaskBody,
        also=(202,),
        errors=(403,),
    ),
    Described(
        "GET",
        "/cooperation/task",
        TAG,
        "Staff: the tasks you began, at most 50, the newest first. They are kept for 7 days after their end.",
        TypeAdapter(TaskList),
        errors=(403,),
    ),
    Described("GET", ONE, TAG, "Staff: a task, as far as it is.", TASK, errors=(403, 404)),
    Described(
        "GET",
        f"{ONE}/events",
        TAG,
        "Staff: every step of a task as it happens, and those before it, as a stream of events.",
        TEXT,
        errors=(403, 404),
        query=(("after", "The number of the last event you have"),),
        media_type=STREAM,
    ),
    Described(
        "POST",
        f"{ONE}/cancel",
        TAG,
        "Staff: stop a task; what its models said is kept.",
        TASK,
        errors=(403, 404),
    ),
    Described(
        "POST",
        f"{ONE}/confirmations/{{question_id}}",
        TAG,
        "Staff: say yes or no to a change that a task's models want.",
        TASK,
        YesOrNo,
        errors=(403, 404, 503),
    ),
)
