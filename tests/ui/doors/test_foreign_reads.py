"""What a customer learns of another one by every door: nothing, in 75 reads by cookie, by token and by key."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from storage.db import Sessions
from storage.people.accounts import Account
from storage.settings import Settings
from tests.conftest import SECRET
from tests.factories import (
    add_account,
    add_conversation,
    add_customer,
    add_image,
    add_message,
    add_order,
    add_ticket,
    line,
)
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import open_shopfloor
from tests.ui.doors.programs import add_key
from tests.ui.test_images import png
from ui.app import build_app
from ui.logins.login import ACCESS_AUDIENCE, COOKIE, login_token, new_login_id, token_of_login

# A whole shop is served for each door, and asked 150 times.
pytestmark = pytest.mark.slow

DOORS = ("cookie", "token", "key")
OF_EACH = 5
SECRET_WORD = "Zanzibar"
"""Stands in every row of the owner's, and in nothing that the stranger sends."""


@dataclass(frozen=True)
class Read:
    """One request for something of the owner's."""

    method: str
    path: str
    body: dict[str, Any] | None = None

    async def by(self, client: httpx2.AsyncClient) -> tuple[int, str]:
        """Send it; of a stream without an end, what comes at first is read."""
        async with client.stream(self.method, self.path, json=self.body) as answer:
            if not answer.headers.get("content-type", "").startswith("text/event-stream"):
                return answer.status_code, (await answer.aread()).decode("utf-8", "replace")
            told = ""
            async for part in answer.aiter_text():
                told += part
                if "event: message" in told or "[DONE]" in told:
                    break
            return answer.status_code, told


@dataclass(frozen=True)
class Shop:
    """A served shop in which the owner has five of everything, and the stranger has nothing."""

    url: str
    sessions: Sessions
    owner: Account
    stranger: Account
    reads: list[Read]

    async def client(self, account: Account, door: str) -> httpx2.AsyncClient:
        """Return somebody's client, by this door."""
        if door == "cookie":
            return httpx2.AsyncClient(base_url=self.url, cookies={COOKIE: login_token(account, SECRET)}, timeout=30)
        token = token_of_login(account, SECRET, ACCESS_AUDIENCE, new_login_id(), valid_s=600)
        bearer = token if door == "token" else await add_key(self.sessions, account.customer_id)
        return httpx2.AsyncClient(base_url=self.url, headers={"Authorization": f"Bearer {bearer}"}, timeout=30)


def of_order(order_id: str) -> list[Read]:
    return [
        Read("GET", f"/orders/{order_id.removeprefix('#')}"),
        Read("GET", f"/orders/{order_id.removeprefix('#')}/status"),
        Read("POST", "/tools/orders/get_order", {"order_id": order_id}),
    ]


def of_ticket(ticket_id: str) -> list[Read]:
    return [
        Read("GET", f"/tickets/{ticket_id}"),
        Read("POST", "/tools/tickets/get_ticket", {"ticket_id": ticket_id}),
    ]


def of_conversation(conversation_id: str) -> list[Read]:
    theirs = f"/api/conversations/{conversation_id}"
    return [
        Read("GET", theirs),
        Read("GET", f"{theirs}/events"),
        Read("GET", f"{theirs}/export"),
        Read("GET", f"/conversations/{conversation_id}"),
        Read("GET", f"/conversations/{conversation_id}/messages"),
    ]


def of_image(image_id: str) -> list[Read]:
    return [
        Read("GET", f"/api/images/{image_id}"),
        Read("POST", "/vision/analyze", {"image_id": image_id}),
        Read("POST", "/tools/vision/inspect_image", {"image_id": image_id}),
    ]


def of_customer(customer_id: str) -> list[Read]:
    named = {"customer_id": customer_id}
    return [
        Read("GET", f"/users/{customer_id}"),
        Read("GET", f"/users/{customer_id}/orders"),
        Read("GET", f"/users/{customer_id}/tickets"),
        Read("GET", f"/orders?user_id={customer_id}"),
        Read("GET", f"/tickets?user_id={customer_id}"),
        Read("POST", "/tools/orders/get_customer", named),
        Read("POST", "/tools/orders/list_orders", named),
        Read("POST", "/tools/orders/list_orders", named | {"status": "pending"}),
        Read("POST", "/tools/tickets/list_tickets", named),
        Read("POST", "/tools/tickets/list_tickets", named | {"status": "open"}),
    ]


async def reads_of(sessions: Sessions, owner: Account) -> list[Read]:
    """Give the owner five of everything, and return every read of it."""
    customer_id = str(owner.customer_id)
    reads = of_customer(customer_id)
    for number in range(OF_EACH):
        order = await add_order(sessions, customer_id=customer_id, lines=[line(name=SECRET_WORD)])
        ticket = await add_ticket(sessions, customer_id=customer_id, subject=SECRET_WORD, body=SECRET_WORD)
        chat = await add_conversation(sessions, customer_id=customer_id, account_id=owner.id)
        await add_message(sessions, chat.id, SECRET_WORD)
        image = await add_image(sessions, png(64 + number), customer_id=customer_id)
        reads += of_order(order.id) + of_ticket(ticket.id) + of_conversation(chat.id) + of_image(image.id)
    return reads


@asynccontextmanager
async def open_shop(settings: Settings, sessions: Sessions) -> AsyncIterator[Shop]:
    """Serve the whole shop: tools, models and page."""
    listener = listening()
    settings = settings.model_copy(update={"public_ui_url": address(listener)})
    customers = await add_customer(sessions, first_name=SECRET_WORD), await add_customer(sessions)
    owner, stranger = [await add_account(sessions, customer_id=customer.id) for customer in customers]
    reads = await reads_of(sessions, owner)
    async with open_shopfloor(settings, sessions) as floor:
        app = build_app(floor.settings, sessions, floor.desk)
        async with serving((app, listener)):
            yield Shop(address(listener), sessions, owner, stranger, reads)


@pytest.mark.parametrize("door", DOORS)
async def test_seventy_five_reads_of_another_customer_s_rows_give_nothing(
    settings: Settings, sessions: Sessions, door: str
) -> None:
    async with open_shop(settings, sessions) as shop:
        async with await shop.client(shop.owner, door) as client:
            own = [(read, *await read.by(client)) for read in shop.reads]
        async with await shop.client(shop.stranger, door) as client:
            foreign = [(read, *await read.by(client)) for read in shop.reads]

    assert len(foreign) == 75
    # What is theirs is there to be read, by the same door.
    assert [(read, status) for read, status, _ in own if status != 200] == []
    assert sum(SECRET_WORD in told for _, _, told in own) >= 40
    assert [(read, status, told) for read, status, told in foreign if status not in {403, 404}] == []
    assert [(read, told) for read, _, told in foreign if SECRET_WORD in told] == []


def test_the_reads_by_all_doors_are_two_hundred_and_twenty_five() -> None:
    of_each = len([*of_order("W1"), *of_ticket("T1"), *of_conversation("c"), *of_image("i")])

    assert len(DOORS) * (OF_EACH * of_each + len(of_customer("c"))) == 225
