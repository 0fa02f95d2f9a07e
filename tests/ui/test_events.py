"""The live stream of a conversation's steps, over a real connection to a real shop."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from storage.db import Sessions
from storage.people.accounts import Account
from storage.settings import Settings
from storage.shop.orders import Order, OrderStatus
from tests.factories import add_account, add_conversation, add_message, add_order
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import open_shopfloor
from tests.ui.visitor import logged_in, start_conversation
from ui.app import build_app
from ui.logins.login import COOKIE, login_token

Event = tuple[str, str | None, dict[str, Any]]


@asynccontextmanager
async def customer(app: Starlette, account: Account, secret: str) -> AsyncIterator[httpx2.AsyncClient]:
    """Serve the app and yield a client of this account that is connected to it."""
    cookies = {COOKIE: login_token(account, secret)}
    listener = listening()
    async with serving((app, listener)), httpx2.AsyncClient(base_url=address(listener), cookies=cookies) as client:
        yield client


async def read(client: httpx2.AsyncClient, chat: str, *, until: str, after: str = "") -> list[Event]:
    """Read the stream up to and with the first event of a kind: kind, id and data of each."""
    headers = {"Last-Event-ID": after} if after else {}
    found: list[Event] = []
    fields: dict[str, str] = {}
    async with asyncio.timeout(30), client.stream("GET", f"/api/conversations/{chat}/events", headers=headers) as told:
        async for line in told.aiter_lines():
            name, _, value = line.partition(": ")
            fields[name] = value
            if line == "" and "event" in fields:
                found.append((fields["event"], fields.get("id"), json.loads(fields["data"])))
                fields = {}
                if found[-1][0] == until:
                    break
    return found


def showing_steps(settings: Settings) -> Settings:
    return settings.model_copy(update={"debug_mode": True})


def only(events: list[Event], kind: str) -> dict[str, Any]:
    [data] = [data for found, _, data in events if found == kind]
    return data


@pytest.mark.parametrize(
    ("ask", "told"), [("Please cancel order #W1042", "cancel"), ("#W1042 주문 취소해 주세요", "취소")]
)
async def test_a_cancellation_is_streamed_asked_and_confirmed_by_the_button(
    settings: Settings, sessions: Sessions, ask: str, told: str
) -> None:
    order = await add_order(sessions, id="#W1042")
    account = await add_account(sessions, customer_id=order.customer_id)

    async with open_shopfloor(showing_steps(settings), sessions) as floor:
        app = build_app(floor.settings, sessions, floor.desk)
        async with customer(app, account, settings.secret) as client:
            chat = await start_conversation(client)
            sent = await client.post(f"/api/conversations/{chat}/messages", json={"text": ask})
            asked = await read(client, chat, until="turn_ended")
            question = only(asked, "question")
            path = f"/api/conversations/{chat}/confirmations/{question['question_id']}"
            pressed = await client.post(path, json={"yes": True})
            done = await read(client, chat, until="turn_ended", after=str(only(asked, "turn_ended")["seq"]))

    assert (sent.status_code, pressed.status_code) == (202, 202)
    assert told in question["text"].lower()
    assert only(asked, "turn_ended")["status"] == "asked"
    assert only(done, "answer") | {"seq": 0, "at": ""} == {
        "seq": 0, "at": "", "question_id": question["question_id"], "yes": True, "by": "button"
    }  # fmt: skip
    result = only(done, "tool_result")
    assert {change["table"] for change in result["changes"]} >= {"orders", "payments"}
    assert result["audit_id"]
    async with sessions() as session:
        row = await session.get(Order, "#W1042")
    assert row is not None
    assert row.status is OrderStatus.CANCELLED


async def test_a_reader_that_comes_back_gets_what_it_missed_once_and_in_order(
    app: Starlette, sessions: Sessions, settings: Settings
) -> None:
    account = await add_account(sessions, customer_id=(await add_order(sessions)).customer_id)

    async with customer(app, account, settings.secret) as client:
        chat = await start_conversation(client)
        for number in range(1, 5):
            await add_message(sessions, chat, f"message {number}")
        await add_message(sessions, chat, "the last", role="last")
        whole = await read(client, chat, until="message")
        async with asyncio.timeout(30):
            resumed = await read_all(client, chat, after="2", count=3)

    assert [(number, data["seq"], data["text"]) for _, number, data in whole] == [("1", 1, "message 1")]
    assert [(number, data["text"]) for _, number, data in resumed] == [
        ("3", "message 3"),
        ("4", "message 4"),
        ("5", "the last"),
    ]


async def read_all(client: httpx2.AsyncClient, chat: str, *, after: str, count: int) -> list[Event]:
    """Read `count` events, each stream going on after the one before."""
    found: list[Event] = []
    while len(found) < count:
        last = found[-1][1] if found else after
        found.extend(await read(client, chat, until="message", after=last or after))
    return found


async def test_tokens_are_live_only_so_they_have_no_number_to_resume_after(
    settings: Settings, sessions: Sessions
) -> None:
    order = await add_order(sessions, id="#W1042")
    account = await add_account(sessions, customer_id=order.customer_id)

    async with open_shopfloor(showing_steps(settings), sessions, delay_ms=5) as floor:
        app = build_app(floor.settings, sessions, floor.desk)
        async with customer(app, account, settings.secret) as client:
            chat = await start_conversation(client)
            reading = asyncio.create_task(read(client, chat, until="turn_ended"))
            await client.post(f"/api/conversations/{chat}/messages", json={"text": "Where is my order #W1042?"})
            live = await reading
            again = await read(client, chat, until="turn_ended")

    tokens = [(number, data) for kind, number, data in live if kind == "token"]
    assert tokens
    assert {number for number, _ in tokens} == {None}
    answer = next(data["text"] for kind, _, data in live if kind == "message" and data["role"] == "assistant")
    assert "".join(data["text"] for _, data in tokens) == answer
    assert [event for event in live if event[0] != "token"] == again
    assert [data["seq"] for _, _, data in again] == list(range(1, len(again) + 1))


@pytest.mark.parametrize("number", ["-1", "two", "9" * 30, "１"])
async def test_a_stream_that_is_to_go_on_after_nonsense_is_refused(
    app: Starlette, sessions: Sessions, number: str
) -> None:
    async with logged_in(app, sessions) as client:
        chat = await start_conversation(client)
        answer = await client.get(f"/api/conversations/{chat}/events", params={"after": number})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_event_id")


async def test_one_stream_tells_of_several_conversations_and_of_nobody_elses(
    app: Starlette, sessions: Sessions, settings: Settings
) -> None:
    account = await add_account(sessions, customer_id=(await add_order(sessions)).customer_id)
    theirs = await add_conversation(sessions)
    await add_message(sessions, theirs.id, "secret")

    async with customer(app, account, settings.secret) as client:
        first, second = await start_conversation(client), await start_conversation(client)
        for chat, text in ((first, "one"), (first, "two"), (second, "three")):
            await add_message(sessions, chat, text)
        follow: list[tuple[str, str | int | float | bool | None]] = [
            ("follow", f"{first}.1"),
            ("follow", f"{second}.0"),
            ("follow", f"{theirs.id}.0"),
        ]
        found: set[tuple[str, int, str]] = set()
        async with asyncio.timeout(20), client.stream("GET", "/api/events", params=follow) as told:
            async for line in told.aiter_lines():
                if line.startswith("data: "):
                    data = json.loads(line.removeprefix("data: "))
                    found.add((data["conversation_id"], data["seq"], data["text"]))
                if len(found) == 2:
                    await add_message(sessions, theirs.id, "secret too")
                    await add_message(sessions, first, "four")
                if len(found) == 3:
                    break

    assert found == {(first, 2, "two"), (second, 1, "three"), (first, 3, "four")}
