"""What an owner reads in the logs after fifty turns: each of them, each tool call, and nothing of a customer."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from storage.db import Sessions
from storage.settings import Settings
from storage.shop.orders import OrderStatus
from team.standin.server import build_app as build_model
from tests.factories import add_account, add_customer, add_order
from tests.postgres import BOTH
from tests.seen.models import Asked
from tests.team.page_process import Visit, page_process
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import MODELS, NAMES
from tests.tools_process import tools_process

CUSTOMERS, TURNS_EACH = 10, 5
FIRST, LAST, WORD = "Hildegunn", "Loggedottir", "xylophone"


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def add_person(sessions: Sessions, number: int) -> tuple[str, str]:
    """A customer with a login and an order; return their email and the order's id."""
    email, order = f"hildegunn.{number}@logged.example", f"#W88{number:05d}"
    customer = await add_customer(sessions, first_name=FIRST, last_name=LAST, email=email)
    await add_order(sessions, id=order, customer_id=customer.id, status=OrderStatus.PENDING)
    await add_account(sessions, email=email, customer_id=customer.id)
    return email, order


async def converse(sessions: Sessions, at: str, number: int) -> tuple[str, list[dict[str, Any]]]:
    """Five turns: two questions, a change that is asked for and confirmed or declined, and one more question."""
    email, order = await add_person(sessions, number)
    visit = Visit(at)
    await visit.log_in(email)
    ends: list[dict[str, Any]] = []

    async def ended() -> None:
        ends.append(await visit.ended(after=ends[-1]["seq"] if ends else 0))

    introduced = f"I am {FIRST} {LAST}, {email}. What is your {WORD} policy?"
    for text in (f"What is the status of my order {order}?", introduced):
        await visit.say(text)
        await ended()
    await visit.say(f"Please cancel order {order}")
    await ended()
    [question] = [step for step in await visit.steps() if step["kind"] == "question"]
    await visit.press(question["question_id"], yes=number % 2 == 0)
    await ended()
    await visit.say(f"Where is {order} now?")
    await ended()
    return visit.chat, ends


def lines_of(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def said(lines: list[dict[str, Any]], message: str) -> list[dict[str, Any]]:
    return [line for line in lines if line["message"] == message]


async def test_fifty_turns_are_fifty_lines_and_none_of_them_tells_of_a_customer(
    settings: Settings, sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models, asked = [listening(), listening()], Asked()
    (settings.shopdesk_home / "models.toml").write_text(MODELS.read_text())
    page_log, tools_log = tmp_path / "page.log", tmp_path / "tools.log"
    # What a turn cost is a step that the shop's own people see; here its customers do, to compare it with the log.
    monkeypatch.setenv("DEBUG_MODE", "true")
    for number, listener in enumerate(models, start=1):
        monkeypatch.setenv(f"MODEL{number}_BASE_URL", f"{address(listener)}/v1")
    played = [(asked.around(0, build_model(name)), one) for name, one in zip(NAMES, models, strict=True)]
    async with (
        serving(*played),
        tools_process(settings, log=tools_log) as (served, _),
        page_process({"PUBLIC_MCP_URL": served.public_mcp_url}, log=page_log) as (at, _),
    ):
        chats = await asyncio.gather(*(converse(sessions, at, number) for number in range(CUSTOMERS)))
        nobody = Visit(at, chat=chats[0][0])
        refused = await nobody.say(WORD)
        page, tools = lines_of(page_log), lines_of(tools_log)

    turns, calls, writes = said(page, "turn"), said(tools, "tool"), said(tools, "write")
    # Every line is one of ours, and each turn is one of them, as the page told of it.
    assert len(turns) == CUSTOMERS * TURNS_EACH
    ends = {end["turn"]: end for _, each in chats for end in each}
    assert {turn["turn"]: turn["outcome"] for turn in turns} == {key: end["status"] for key, end in ends.items()}
    assert Counter(turn["outcome"] for turn in turns) == {"done": 40, "asked": 10}
    assert {turn["conversation"] for turn in turns} == {chat for chat, _ in chats}
    for turn in turns:
        end = ends[turn["turn"]]
        assert turn["specialists"]
        assert all(turn[name] == end[name] for name in ("model_calls", "prompt_tokens", "completion_tokens"))
        assert turn["ms"] >= end["ms"]
    assert sum(turn["prompt_tokens"] for turn in turns) == asked.prompt_tokens
    # Each call that a turn made is a line of the tool servers, about the same conversation.
    made = Counter((turn["conversation"], tool) for turn in turns for tool in turn["tools"] if tool != "hand_over")
    assert Counter((call["conversation"], call["tool"]) for call in calls) == made
    assert {call["caller"] for call in calls} == {"customer"}
    assert Counter(write["answer"] for write in writes if write["tool"] == "cancel_order") == {"yes": 5, "no": 5}
    # A request that failed is told by its route.
    [failed] = [line for line in said(page, "request") if line["status"] == refused]
    assert failed["route"] == "/api/conversations/{conversation_id}/messages"
    assert (failed["code"], failed["conversation"]) == ("not_logged_in", chats[0][0])

    everything = page_log.read_text() + tools_log.read_text()
    personal = (FIRST, LAST, WORD, "logged.example", "W88", "Traceback")
    assert [word for word in personal if word.lower() in everything.lower()] == []
