"""`/cooperation/task`: several models on one question, for staff; answered at once, or followed until it is."""

import json
from collections.abc import AsyncIterator
from functools import partial

import anyio
from pydantic import Field
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.cooperation.steps import TaskStep
from team.cooperation.asked import Asked
from team.tools.client import ServerUnreachableError
from ui.bodies import Body, read_body
from ui.inside.staff import staff_of
from ui.logins.person import Person, caller_of
from ui.parts import Parts, parts_of
from ui.rest.refusals import ToolServersAwayError
from ui.stream import GRACE_S, PING_S, RECONNECT_MS, SEND_TIMEOUT_S, resume_point, until_over

ACCEPTED = 202
OPEN = frozenset({"waiting", "running"})


class TaskBody(Asked, Body):
    """A task, and how long to wait for its answer before the task's id is returned alone, in seconds."""

    wait_s: float = Field(20, ge=0, le=60)


class YesOrNo(Body):
    """The answer to a question before a change."""

    yes: bool


async def begin(request: Request) -> Response:
    """Begin a task, and return its answer if it comes soon; with status 202, it is still being worked on."""
    person, parts = await staff_of(request), parts_of(request)
    body = await read_body(request, TaskBody)
    task_id = await begun(parts, person, body)
    state = await parts.desk.tasks.wait(task_id, person.id, body.wait_s)
    where = {"Location": f"/cooperation/task/{task_id}"}
    return JSONResponse(state, status_code=ACCEPTED if state["status"] in OPEN else 200, headers=where)


async def begun(parts: Parts, person: Person, body: TaskBody) -> str:
    """Begin a task of somebody of the staff, and return its id.

    Raises:
        ShopError: it cannot be run as it was asked for; the text says why.
    """
    asked = Asked.model_validate(body.model_dump(exclude={"wait_s"}))
    return await parts.desk.tasks.begin(person.id, caller_of(person), asked)


async def listing(request: Request) -> Response:
    """List the tasks that this person began, the newest first."""
    person = await staff_of(request)
    return JSONResponse({"tasks": await parts_of(request).desk.tasks.listed(person.id)})


async def show(request: Request) -> Response:
    """Return a task: how far it is, its result, and the changes it asks about."""
    person = await staff_of(request)
    return JSONResponse(await parts_of(request).desk.tasks.state(request.path_params["task_id"], person.id))


async def cancel(request: Request) -> Response:
    """Stop a task; what its models have said so far is kept."""
    person, tasks = await staff_of(request), parts_of(request).desk.tasks
    task_id = request.path_params["task_id"]
    await tasks.cancel(task_id, person.id)
    return JSONResponse(await tasks.state(task_id, person.id))


async def confirm(request: Request) -> Response:
    """Answer the question about a change, and return the task once the change is made."""
    person, body = await staff_of(request), await read_body(request, YesOrNo)
    named = request.path_params
    tasks = parts_of(request).desk.tasks
    try:
        return JSONResponse(await tasks.confirm(named["task_id"], person.id, named["question_id"], yes=body.yes))
    except ServerUnreachableError as error:
        raise ToolServersAwayError from error


async def events(request: Request) -> Response:
    """Stream a task's steps after `Last-Event-ID` (or `?after=`), to its end."""
    person, tasks = await staff_of(request), parts_of(request).desk.tasks
    task_id = request.path_params["task_id"]
    after = resume_point(request.headers.get("last-event-id") or request.query_params.get("after", "0"))
    await tasks.state(task_id, person.id)
    ending = anyio.Event()
    return EventSourceResponse(
        until_over(_sent(tasks.follow(task_id, after)), partial(staff_of, request), ending),
        ping=PING_S,
        send_timeout=SEND_TIMEOUT_S,
        shutdown_event=ending,
        shutdown_grace_period=GRACE_S,
    )


async def _sent(steps: AsyncIterator[TaskStep]) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(comment="open", retry=RECONNECT_MS)
    async for step in steps:
        data = {"seq": step.seq, "at": step.at.isoformat(), **step.data}
        yield ServerSentEvent(json.dumps(data, ensure_ascii=False), event=step.kind, id=str(step.seq))


ONE = "/cooperation/task/{task_id}"
ROUTES = [
    Route("/cooperation/task", begin, methods=["POST"]),
    Route("/cooperation/task", listing),
    Route(ONE, show),
    Route(f"{ONE}/events", events),
    Route(f"{ONE}/cancel", cancel, methods=["POST"]),
    Route(f"{ONE}/confirmations/{{question_id}}", confirm, methods=["POST"]),
]
