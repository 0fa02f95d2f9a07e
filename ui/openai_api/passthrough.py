"""A request of staff for one of the shop's models: its endpoint gets it as it is, and answers it."""

import json
from collections.abc import AsyncIterator

import httpx2
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from storage.endpoints import Endpoint
from storage.process.addresses import address_of
from ui.logins.person import Person
from ui.openai_api.leaving import GONE, unless_left
from ui.openai_api.refusals import EndpointAwayError
from ui.parts import parts_of

KEPT = ("content-type", "retry-after")
"""What of an endpoint's headers is told."""


async def pass_on(request: Request, person: Person, endpoint: Endpoint, body: bytes) -> Response:
    """Return what an endpoint answers to this request; a stream is passed on as it comes.

    Raises:
        EndpointAwayError: it cannot be reached.
        TooManyMessagesError: too many messages were sent.
    """
    parts = parts_of(request)
    parts.limits.take_message(person.id, address_of(request.scope))
    http = parts.desk.answering.models.http
    wanted = json.loads(body) | {"model": endpoint.model}
    asked = http.build_request(
        "POST",
        f"{endpoint.base_url}{request.url.path.removeprefix('/v1')}",
        json=wanted,
        headers={"Authorization": f"Bearer {endpoint.api_key}"},
    )
    try:
        answer = await unless_left(request, http.send(asked, stream=True), _nothing)
    except httpx2.HTTPError as error:
        raise EndpointAwayError(endpoint.model) from error
    if answer is None:
        return Response(status_code=GONE)
    headers = {name: answer.headers[name] for name in KEPT if name in answer.headers}
    return StreamingResponse(_pieces(answer), answer.status_code, headers)


async def _pieces(answer: httpx2.Response) -> AsyncIterator[bytes]:
    """Yield the answer's bytes; where the client leaves, the endpoint is left too."""
    try:
        async for piece in answer.aiter_bytes():
            yield piece
    finally:
        await answer.aclose()


async def _nothing() -> None:
    """Nothing has to be stopped: the request ends by itself when it is given up."""
