"""Who sees which part of a step, at the wire: the live stream and the export, for every kind of step."""

import asyncio
import json
import re
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from storage.chats.events import add_event
from storage.db import Sessions
from storage.people.accounts import Account
from storage.settings import Settings
from storage.shop.customers import PaymentMethod
from storage.shop.shop import Origin
from team.desk.desk import open_desk
from team.roster import load_roster
from team.standin.completion import Reply
from team.standin.mind import answer
from team.standin.wire import ChatRequest
from tests.factories import add_account, add_order, add_shop
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import NAMES, Shopfloor, open_shopfloor
from tests.ui.visitor import start_conversation
from ui.app import STATIC, build_app
from ui.logins.login import COOKIE, login_token
from ui.seen import FIELDS

THOUGHT = "They seem to be in a hurry."
SECRET = "not for customers"

GIVEN: dict[str, dict[str, Any]] = {
    "message": {"role": "customer", "text": "hello", "image_ids": [], "language": "en", "agent": SECRET},
    "turn_started": {"turn": "t_1", "prompt": SECRET},
    "guard": {"name": "message", "verdict": "passed", "reason": SECRET},
    "router": {"choice": SECRET, "by": "model", "candidates": [SECRET], "logprobs": {SECRET: 0}, "model": SECRET},
    "identity": {"status": "asked", "tries_left": 3, "mark": SECRET},
    "model": {"agent": SECRET, "model": SECRET, "endpoint": SECRET, "error": SECRET, "thought": SECRET},
    "tool_call": {"server": "orders", "tool": SECRET, "agent": SECRET, "arguments": {"payment_method_id": SECRET}},
    "tool_result": {"server": "orders", "tool": "get_customer", "text": SECRET, "structured": {"email": SECRET}},
    "handoff": {"from": SECRET, "to": SECRET, "remaining": SECRET, "answered": SECRET},
    "question": {"question_id": "q_1", "text": "Sure?", "expires_at": "2026", "tool": SECRET, "arguments": SECRET},
    "answer": {"question_id": "q_1", "yes": True, "by": "button", "audit_id": SECRET},
    "ticket": {"ticket_id": "T1", "opened": True, "reason": SECRET, "reason_facts": {"why": SECRET}},
    "muted": {"ticket_id": "T1", "by": SECRET},
    "given_back": {"ticket_id": "T1", "by": SECRET},
    "turn_ended": {"turn": "t_1", "status": "done", "ms": 12, "model_calls": 3, "prompt_tokens": 9, "prompt": SECRET},
    "new_in_a_later_release": {"text": SECRET},
}
SEEN: dict[str, dict[str, Any]] = {
    "message": {"role": "customer", "text": "hello", "image_ids": [], "language": "en"},
    "turn_started": {"turn": "t_1"},
    "identity": {"status": "asked", "tries_left": 3},
    "model": {"failed": True},
    "tool_call": {"server": "orders"},
    "handoff": {},
    "question": {"question_id": "q_1", "text": "Sure?", "expires_at": "2026"},
    "answer": {"question_id": "q_1", "yes": True, "by": "button"},
    "ticket": {"ticket_id": "T1", "opened": True},
    "muted": {"ticket_id": "T1"},
    "given_back": {"ticket_id": "T1"},
    "turn_ended": {"turn": "t_1", "status": "done"},
}


def thinking(asked: ChatRequest) -> Reply:
    return Reply(f"<think>{THOUGHT}</think>How can I help you?") if asked.stream else answer(asked)


def browser(url: str, account: Account, settings: Settings) -> httpx2.AsyncClient:
    """A client that is logged in at a served page."""
    return httpx2.AsyncClient(base_url=url, cookies={COOKIE: login_token(account, settings.secret)})


async def live(client: httpx2.AsyncClient, chat: str, *, ends: int = 1) -> list[tuple[str, dict[str, Any]]]:
    """The steps that the stream tells until so many turns have ended: kind and data of each."""
    found: list[tuple[str, dict[str, Any]]] = []
    kind = ""
    async with asyncio.timeout(20), client.stream("GET", f"/api/conversations/{chat}/events") as response:
        async for line in response.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                kind = value
            elif name == "data":
                found.append((kind, json.loads(value)))
                ends -= kind == "turn_ended"
            if not ends:
                break
    return found


async def exported(client: httpx2.AsyncClient, chat: str) -> list[tuple[str, dict[str, Any]]]:
    events = (await client.get(f"/api/conversations/{chat}/export")).json()["events"]
    return [(event["kind"], event["data"]) for event in events]


@pytest.mark.parametrize("staff", [False, True])
async def test_a_thought_is_for_the_shops_own_people(settings: Settings, sessions: Sessions, staff: bool) -> None:
    order = await add_order(sessions)
    account = await add_account(sessions, customer_id=None if staff else order.customer_id)
    page = listening()
    async with (
        open_shopfloor(settings.model_copy(update={"debug_mode": True}), sessions, thinking) as floor,
        serving((build_app(floor.settings, sessions, floor.desk), page)),
        browser(address(page), account, settings) as client,
    ):
        chat = await start_conversation(client)
        following = asyncio.create_task(live(client, chat))
        await client.post(f"/api/conversations/{chat}/messages", json={"text": "hello"})
        heard = await following
        export = await exported(client, chat)

    [said] = [data["text"] for _, data in export if data.get("role") == "assistant"]
    assert said == "How can I help you?"
    assert (THOUGHT in json.dumps(heard), THOUGHT in json.dumps(export)) == (staff, staff)


async def test_of_every_kind_of_step_a_customer_reads_only_the_fields_that_are_listed(
    settings: Settings, sessions: Sessions
) -> None:
    account = await add_account(sessions, customer_id=(await add_order(sessions)).customer_id)
    page = listening()
    async with (
        open_desk(settings, sessions) as desk,
        serving((build_app(settings, sessions, desk), page)),
        browser(address(page), account, settings) as client,
    ):
        chat = await start_conversation(client)
        async with sessions.begin() as session:
            for kind in sorted(GIVEN, key=lambda kind: kind == "turn_ended"):
                await add_event(session, chat, kind, GIVEN[kind])
        heard = await live(client, chat)
        export = await exported(client, chat)

    for _, data in heard:
        del data["seq"], data["at"]
    assert dict(heard) == SEEN
    assert dict(export) == SEEN


def test_the_table_above_has_every_kind_of_step_that_the_page_knows() -> None:
    known = set(re.findall(r'"(\w+)"', (STATIC / "tabs.js").read_text().partition("];")[0]))

    # What stands in the staff's queue is no step of a conversation.
    assert known - {"token", "queue"} == set(GIVEN) - {"new_in_a_later_release"}
    assert set(FIELDS) == (set(SEEN) - {"model"}) | {"token", "tool_result"}


async def test_a_customer_cancels_an_order_and_never_reads_what_the_team_did_for_it(
    settings: Settings, sessions: Sessions
) -> None:
    order = await add_order(sessions, id="#W1042")
    account = await add_account(sessions, customer_id=order.customer_id)
    async with sessions() as session:
        methods = set(await session.scalars(select(PaymentMethod.id)))
    page = listening()
    async with (
        open_shopfloor(settings, sessions, delay_ms=1) as floor,
        serving((build_app(floor.settings, sessions, floor.desk), page)),
        browser(address(page), account, settings) as client,
    ):
        heard, export = await _cancels(client, floor)

    told = json.dumps([heard, export])
    secrets = methods | set(load_roster()) | set(NAMES) | {"payment_method", "audit_id", "changes", "slice"}
    assert [secret for secret in sorted(secrets) if secret in told] == []
    assert {"token", "message", "question", "answer", "tool_result", "turn_ended"} <= {kind for kind, _ in heard}


async def _cancels(client: httpx2.AsyncClient, floor: Shopfloor) -> tuple[list[Any], list[Any]]:
    chat = await start_conversation(client)
    following = asyncio.create_task(live(client, chat, ends=2))
    await client.post(f"/api/conversations/{chat}/messages", json={"text": "Please cancel order #W1042"})
    async with asyncio.timeout(20):
        await floor.desk.idle(chat)
        [asked] = [data for kind, data in await exported(client, chat) if kind == "question"]
        await client.post(f"/api/conversations/{chat}/confirmations/{asked['question_id']}", json={"yes": True})
        heard = await following
    return heard, await exported(client, chat)


@pytest.mark.parametrize(
    ("debug_mode", "origin", "shown"),
    [
        (None, Origin.DEMO, True),
        (None, Origin.IMPORTED, False),
        (True, Origin.IMPORTED, True),
        (False, Origin.DEMO, False),
    ],
)
async def test_customers_see_steps_in_the_demo_shop_or_where_the_setting_says_so(
    settings: Settings, sessions: Sessions, debug_mode: bool | None, origin: Origin, shown: bool
) -> None:
    await add_shop(sessions, origin=origin)
    customer = await add_account(sessions, customer_id=(await add_order(sessions)).customer_id)
    staff = await add_account(sessions, email="staff@shop.example", customer_id=None)
    settings = settings.model_copy(update={"debug_mode": debug_mode})
    page = listening()
    async with open_desk(settings, sessions) as desk, serving((build_app(settings, sessions, desk), page)):
        told = []
        for account in (customer, staff):
            async with browser(address(page), account, settings) as client:
                chat = await start_conversation(client)
                async with sessions.begin() as session:
                    await add_event(session, chat, "router", GIVEN["router"])
                steps = (await client.get("/api/steps")).json()
                told.append((steps, [kind for kind, _ in await exported(client, chat)]))

    assert told[0] == ({"shown": shown, "to_customers": shown}, ["router"] if shown else [])
    assert told[1] == ({"shown": True, "to_customers": shown}, ["router"])
