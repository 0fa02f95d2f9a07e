"""Whether the tool servers can work: they are up, and their database answers."""

from typing import Literal

import anyio
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.db import Sessions
from storage.errors import ShopError
from storage.shop.shop import Shop, has_room

WITHIN_S = 2.0
UNAVAILABLE = 503


def health_route(sessions: Sessions) -> Route:
    """Return `GET /health`: 200, or 503 where the database does not answer within two seconds or has no room."""

    async def health(_: Request) -> Response:
        database = await _answers(sessions)
        ok = database == "answers"
        return JSONResponse({"ok": ok, "database": database}, status_code=200 if ok else UNAVAILABLE)

    return Route("/health", health)


async def _answers(sessions: Sessions) -> Literal["answers", "does not answer", "has no room: the disk is full"]:
    try:
        with anyio.fail_after(WITHIN_S):
            async with sessions() as session:
                await session.execute(select(Shop.fingerprint).limit(1))
            if not await has_room(sessions):
                return "has no room: the disk is full"
    except (ShopError, SQLAlchemyError, TimeoutError):
        return "does not answer"
    return "answers"
