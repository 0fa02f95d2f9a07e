"""A shop whose models write what a test wants, and a browser in which one of its staff is logged in."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx2

from storage.db import Sessions
from storage.settings import Settings
from team.standin.completion import Reply
from team.standin.wire import ChatRequest
from tests.factories import add_account
from tests.team.shopfloor import open_shopfloor
from tests.ui.visitor import visitor
from ui.app import build_app
from ui.logins.login import COOKIE, login_token

Writes = Callable[[str], str]
"""What the model writes for what it is asked."""

Reads = Callable[[str], str]
"""What a model, by its name, reads in a picture."""


@asynccontextmanager
async def scripted(
    settings: Settings, sessions: Sessions, writes: Writes, reads: Reads = str
) -> AsyncIterator[httpx2.AsyncClient]:
    """A whole shop whose models are `writes` and `reads`, and the client of one of its staff."""

    def mind(request: ChatRequest) -> Reply:
        if request.messages[-1].images:
            return Reply(json.dumps({"text": reads(request.model)}))
        return Reply(writes(request.messages[-1].text))

    account = await add_account(sessions)
    async with (
        open_shopfloor(settings, sessions, mind) as floor,
        visitor(build_app(floor.settings, sessions, floor.desk)) as client,
    ):
        client.cookies.set(COOKIE, login_token(account, settings.secret))
        yield client
