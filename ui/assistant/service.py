"""`POST /service`: a question on the shop's data, a document read closely, a decision weighed. Staff only."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from pydantic import Field, StringConstraints
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.errors import ShopError
from storage.process.logs import tell as tell_line
from team.services.place import Place, Tell
from team.services.services import serve
from ui.bodies import Body, read_body
from ui.inside.staff import staff_of
from ui.logins.person import Person, caller_of
from ui.parts import Parts, parts_of

logger = logging.getLogger(__name__)

LONGEST_CONTENT = 12_000_000
"""Characters: a document of 9 MB in base64."""
STREAM = "text/event-stream"
# Whoever has many documents read must not take the models from the customers.
AT_ONCE = asyncio.Semaphore(2)


class ServiceBody(Body):
    """What is asked of which service."""

    service_type: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    content: Annotated[str, StringConstraints(max_length=LONGEST_CONTENT)] = ""
    parameters: dict[str, Any] = Field(default_factory=dict)


async def service(request: Request) -> Response:
    """Have a service answer; whoever accepts a stream of events reads its progress first."""
    person = await staff_of(request)
    parts, asked = parts_of(request), await read_body(request, ServiceBody)
    if STREAM in request.headers.get("accept", ""):
        return EventSourceResponse(_events(parts, person, asked))
    return JSONResponse(await answered(parts, person, asked, _nobody))


async def answered(parts: Parts, person: Person, asked: ServiceBody, tell: Tell) -> dict[str, Any]:
    """Return a service's answer to somebody of the staff.

    Raises:
        ShopError: it cannot answer; the text says why.
    """
    models, caller = parts.desk.answering.models, caller_of(person)
    place = Place(parts.sessions, models, parts.tool_servers, caller, person.language, tell)
    async with AT_ONCE:
        told = await serve(place, asked.service_type, asked.content, asked.parameters)
    tell_line(logger, "service", service=asked.service_type, by=person.id, status=told["status"])
    return told


@dataclass(frozen=True)
class Progress:
    """How far a service is: what it does, and how many parts of how many are done."""

    what: str
    done: int
    of: int


async def working(parts: Parts, person: Person, asked: ServiceBody) -> AsyncGenerator[Progress | dict[str, Any], None]:
    """Yield how far a service is while it works, and at the end its answer. Whoever leaves before then stops it.

    Raises:
        ShopError: it cannot answer; the text says why.
    """
    heard: asyncio.Queue[Progress | None] = asyncio.Queue()
    work = asyncio.create_task(answered(parts, person, asked, lambda *told: heard.put_nowait(Progress(*told))))
    work.add_done_callback(lambda _: heard.put_nowait(None))
    try:
        while (progress := await heard.get()) is not None:
            yield progress
        yield work.result()
    finally:
        work.cancel()


def _nobody(_what: str, _done: int, _of: int) -> None:
    """Tell nobody: whoever waits for the whole answer reads no progress."""


async def _events(parts: Parts, person: Person, asked: ServiceBody) -> AsyncIterator[ServerSentEvent]:
    """Yield how far the service is, and then its answer or its refusal."""
    async with aclosing(working(parts, person, asked)) as heard:
        try:
            async for told in heard:
                yield _event("progress", asdict(told)) if isinstance(told, Progress) else _event("result", told)
        except ShopError as error:
            yield _event("error", {"error": str(error)})


def _event(name: str, data: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name)


ROUTES = [Route("/service", service, methods=["POST"])]
