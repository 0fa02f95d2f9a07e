"""A whole shop with one of its staff at the page, and customers who ask something."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2

from storage.db import Sessions
from storage.settings import Settings
from tests.factories import add_account, add_conversation, add_order
from tests.team.shopfloor import Shopfloor, open_shopfloor
from tests.ui.visitor import visitor
from ui.app import build_app
from ui.logins.login import COOKIE, login_token


@asynccontextmanager
async def staffed(settings: Settings, sessions: Sessions) -> AsyncIterator[tuple[Shopfloor, httpx2.AsyncClient]]:
    """A whole shop, and a browser in which one of its staff is logged in."""
    account = await add_account(sessions)
    async with (
        open_shopfloor(settings, sessions) as floor,
        visitor(build_app(floor.settings, sessions, floor.desk)) as client,
    ):
        client.cookies.set(COOKIE, login_token(account, settings.secret))
        yield floor, client


async def ask(floor: Shopfloor, text: str) -> tuple[str, str]:
    """Have a customer with an order ask something, and wait until what is kept of it is stored.

    Returns the conversation and the order.
    """
    order = await add_order(floor.sessions)
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    await floor.say(chat.id, text.format(order=order.id))
    # The turn did not wait for them.
    await floor.desk.steps.records.close()
    return chat.id, order.id
