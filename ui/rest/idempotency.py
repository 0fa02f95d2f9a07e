"""Idempotency-Key: a request sent again is answered as the first time, and not done again."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from storage.db import Sessions, now, reading, writing
from storage.errors import ShopError
from storage.people.kept_answers import KeptAnswer, claim, find_kept, give_up, keep
from ui.errors import refuse
from ui.logins.visits import person_of
from ui.parts import parts_of
from ui.rest.refusals import BadKeyError, KeyReusedError, OutcomeUnknownError, StillAnsweringError

HEADER = "Idempotency-Key"
LONGEST = 255
WAIT = timedelta(seconds=110)
"""How long the first request with a key may take: the longest turn of the desk, and a little."""
PAUSE_S = 0.2

ACCEPTED = 202
NOT_KEPT = frozenset({ACCEPTED, 401, 403, 408, 429})
"""Answers that say nothing was done yet; the same request may have another one later."""
FIRST_OF_OURS = 500

Handler = Callable[[Request], Awaitable[Response]]


def once(handle: Handler) -> Handler:
    """Return the handler with the guarantee: under one key of a person, a request is done once in 24 hours."""

    async def answered(request: Request) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return await handle(request)
        if not 0 < len(key) <= LONGEST or not key.isprintable():
            raise BadKeyError(LONGEST)
        sessions, person = parts_of(request).sessions, (await person_of(request)).id
        asked = await _hash(request)
        while True:
            async with writing(sessions) as session:
                first = await claim(session, person, key, asked)
            if first is None:
                return await _first(request, handle, sessions, person, key)
            if first.request != asked:
                raise KeyReusedError
            replayed = await _again(sessions, first)
            if replayed is not None:
                return replayed

    return answered


async def _first(request: Request, handle: Handler, sessions: Sessions, person: str, key: str) -> Response:
    """Answer the first request with a key. One that ends without any answer stays claimed: it may have been done."""
    unknown = False
    try:
        response = await handle(request)
    except ShopError as error:
        unknown = isinstance(error, OutcomeUnknownError)
        response = await refuse(request, error)
    except HTTPException:
        # A form that cannot be read: nothing was done.
        async with writing(sessions) as session:
            await give_up(session, person, key)
        raise
    status = response.status_code
    async with writing(sessions) as session:
        if status in NOT_KEPT or (status >= FIRST_OF_OURS and not unknown):
            await give_up(session, person, key)
        else:
            await keep(session, person, key, status, bytes(response.body))
    return response


async def _again(sessions: Sessions, first: KeptAnswer) -> Response | None:
    """Return the first request's answer once it is there; None if it came to nothing, and may be tried again."""
    found: KeptAnswer | None = first
    while found is not None and (found.status is None or found.body is None):
        if now() > first.at + WAIT:
            raise StillAnsweringError
        await asyncio.sleep(PAUSE_S)
        async with reading(sessions) as session:
            found = await find_kept(session, first.person, first.key)
    if found is None or found.status is None:
        return None
    return Response(found.body, found.status, media_type="application/json", headers={"Idempotent-Replayed": "true"})


async def _hash(request: Request) -> str:
    whole = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    whole.update(await request.body())
    return whole.hexdigest()
