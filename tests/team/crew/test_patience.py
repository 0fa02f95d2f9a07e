"""A reply is waited for as long as something comes, and no longer where the same comes again and again."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from storage.db import Sessions
from storage.settings import Settings
from team.standin.understanding.classifier import load
from team.turn.steps import Step
from tests.factories import add_conversation, add_customer, add_order
from tests.team.faulty import Fault, Pair, calls, first, in_turn, says, status, streams
from tests.team.shopfloor import Shopfloor, answer_of, only, open_shopfloor

PATIENCE_S = 0.5
ARGUMENTS = ['{"order', '_id"', ": ", '"#W1', '042"', "}"]

pytestmark = pytest.mark.filterwarnings("ignore:No text content or tool calls")  # AutoGen warns of what is tested here


@pytest.fixture
def pair() -> Pair:
    return Pair()


@pytest.fixture
async def shop(settings: Settings, sessions: Sessions, pair: Pair) -> AsyncIterator[Shopfloor]:
    # The stand-in reads its weights at the first question, which takes longer than these roles wait.
    await asyncio.to_thread(load)
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        path = floor.settings.shopdesk_home / "models.toml"
        path.write_text(path.read_text().replace('"slice2"\n', f'"slice2"\ntimeout_s = {PATIENCE_S}\n'))
        yield floor


async def asked(shop: Shopfloor) -> list[Step]:
    """A customer's question about their order, answered."""
    order = await add_order(shop.sessions, id="#W1042")
    chat = await add_conversation(shop.sessions, customer_id=order.customer_id)
    return await shop.say(chat.id, "Where is my order #W1042?")


def errors(steps: list[Step]) -> list[str]:
    return [one["error"] for one in only(steps, "model") if "error" in one]


class Loop:
    """A model that says the same for ever; `left` is set when its client has gone."""

    def __init__(self, piece: str) -> None:
        self.piece = piece
        self.left = asyncio.Event()

    async def __call__(self, request: Request) -> Response | None:
        if not (await request.json()).get("stream"):
            return None
        return StreamingResponse(self._speak(), media_type="text/event-stream")

    async def _speak(self) -> AsyncIterator[str]:
        try:
            while True:
                yield f'data: {{"choices": [{{"index": 0, "delta": {self.piece}}}]}}\n\n'
                await asyncio.sleep(0.01)
        finally:
            self.left.set()


@pytest.mark.parametrize(
    "piece",
    [
        '{"content": "I am sorry. "}',
        '{"content": "\\n"}',
        '{"reasoning_content": "Wait, let me think again. "}',
        '{"tool_calls": [{"index": 0, "function": {"name": "get_order", "arguments": " "}}]}',
        '{"tool_calls": [{"index": 0, "id": "", "function": {"name": "list_orders", "arguments": "{}"}}]}',
    ],
)
async def test_a_reply_that_repeats_itself_is_ended_soon_and_asked_for_once_more_no_longer(
    shop: Shopfloor, pair: Pair, piece: str
) -> None:
    loop = Loop(piece)
    pair.slices[2].fault = first(1, loop)
    started = time.monotonic()

    steps = await asked(shop)

    assert time.monotonic() - started < shop.patience_s / 2
    assert errors(steps) == ["a reply that repeats itself"]
    assert "pending" in answer_of(steps)
    before, after, *_ = pair.slices[2].asked
    assert (before["max_tokens"], after["max_tokens"]) == (400, 400)
    assert "repeated itself" in after["messages"][-1]["content"]
    async with asyncio.timeout(2):
        await loop.left.wait()


async def test_the_pieces_of_a_call_that_come_slowly_are_waited_for(shop: Shopfloor, pair: Pair) -> None:
    name = {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "get_order", "arguments": ""}}]}
    pieces = [{"tool_calls": [{"index": 0, "function": {"arguments": one}}]} for one in ARGUMENTS]
    pair.slices[2].fault = first(1, streams(name, *pieces, finish="tool_calls", pause_s=PATIENCE_S / 2.5))

    steps = await asked(shop)

    assert errors(steps) == []
    assert [one["arguments"] for one in only(steps, "tool_call")] == [{"order_id": "#W1042"}]


async def test_a_call_whose_pieces_stop_coming_is_late(shop: Shopfloor, pair: Pair) -> None:
    name = {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "get_order", "arguments": ""}}]}
    pair.slices[2].fault = first(1, streams(name, {"content": "late"}, pause_s=PATIENCE_S * 3))

    assert errors(await asked(shop)) == ["no answer in time"]


async def test_a_whole_reply_however_useless_ends_the_count_of_failures(shop: Shopfloor, pair: Pair) -> None:
    order = await add_order(shop.sessions, id="#W1042")
    chat = await add_conversation(shop.sessions, customer_id=order.customer_id)
    faults: list[Fault] = [status(500), says(""), status(500), status(500)]

    async def one_after_the_other(request: Request) -> Response | None:
        return await faults.pop(0)(request) if faults else None

    pair.slices[2].fault = one_after_the_other
    for _ in range(3):
        steps = await shop.say(chat.id, "Where is my order #W1042?")

    assert {one["endpoint"] for one in only(steps, "model")} == {"slice2"}


async def test_a_customers_own_repetitions_may_be_quoted_in_a_call_and_in_an_answer(
    shop: Shopfloor, pair: Pair
) -> None:
    customer = await add_customer(shop.sessions)
    chat = await add_conversation(shop.sessions, customer_id=customer.id)
    complaint = "The courier never rang the bell! " * 8
    given = {"subject": "Courier", "body": complaint, "category": "delivery"}
    told = f'I have passed on what you wrote: "{complaint.strip()}"'
    pair.slices[2].fault = in_turn(calls("create_ticket", json.dumps(given)), says(told))

    steps = await shop.say(chat.id, f"Please open a ticket. {complaint}")

    assert errors(steps) == []
    assert [one["arguments"]["body"] for one in only(steps, "tool_call")] == [complaint]
    assert complaint.strip() in answer_of(steps)
