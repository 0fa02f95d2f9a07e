"""A call in any dialect, streamed or written out, is made, and the customer reads the answer alone."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from storage.db import Sessions
from storage.settings import Settings
from team.standin.understanding.classifier import load
from team.turn.steps import Step
from tests.factories import add_conversation, add_order
from tests.team.faulty import Fault, Pair, calls, first, says, streams
from tests.team.shopfloor import Shopfloor, answer_of, only, open_shopfloor

ASKED = "Where is my order #W1042?"
GET: tuple[str, dict[str, Any]] = ("get_order", {"order_id": "#W1042"})
LIST: tuple[str, dict[str, Any]] = ("list_orders", {})
GIVEN = json.dumps(GET[1])


@pytest.fixture
def pair() -> Pair:
    return Pair()


@pytest.fixture
async def shop(settings: Settings, sessions: Sessions, pair: Pair) -> AsyncIterator[Shopfloor]:
    # The stand-in reads its weights at the first question.
    await asyncio.to_thread(load)
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        yield floor


async def asked(shop: Shopfloor) -> list[Step]:
    """A customer's question about their order, answered."""
    order = await add_order(shop.sessions, id="#W1042")
    chat = await add_conversation(shop.sessions, customer_id=order.customer_id)
    return await shop.say(chat.id, ASKED)


def called(steps: list[Step]) -> list[tuple[str, dict[str, Any]]]:
    return [(one["tool"], one["arguments"]) for one in only(steps, "tool_call")]


def piece(name: str, arguments: object, **more: object) -> dict[str, Any]:
    return {"tool_calls": [{"function": {"name": name, "arguments": arguments}, **more}]}


@pytest.mark.parametrize(
    "text",
    [
        f'<tool_call>\n{{"name": "get_order", "arguments": {GIVEN}}}\n</tool_call>',
        f"<function=get_order>{GIVEN}</function>",
        "<function=get_order>\n<parameter=order_id>\n#W1042\n</parameter>\n</function>",
        f'<|python_tag|>{{"name": "get_order", "parameters": {GIVEN}}}',
        '[get_order(order_id="#W1042")]',
        f'[TOOL_CALLS][{{"name": "get_order", "arguments": {GIVEN}}}]',
        f"<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_order\n```json\n{GIVEN}\n```"
        "<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
        f"<|channel|>commentary to=functions.get_order <|message|>{GIVEN}<|call|>",
        f'```json\n{{"name": "get_order", "arguments": {GIVEN}}}\n```',
        f'{{"name": "get_order", "arguments": {json.dumps(GIVEN)}}}',
    ],
)
async def test_a_call_written_out_in_any_dialect_is_made(shop: Shopfloor, pair: Pair, text: str) -> None:
    pair.slices[2].fault = first(1, streams(*({"content": text[at : at + 12]} for at in range(0, len(text), 12))))

    steps = await asked(shop)

    assert called(steps) == [GET]
    assert "pending" in answer_of(steps)
    assert [one for one in only(steps, "model") if "error" in one] == []
    assert [one["text"] for one in only(steps, "token") if any(sign in one["text"] for sign in "<[{`｜")] == []
    assert only(steps, "turn_ended")[0]["status"] == "done"


@pytest.mark.parametrize(
    ("fault", "made"),
    [
        (streams(piece("list_orders", "", index=0, id="a"), finish="tool_calls"), [LIST]),
        (streams(piece("list_orders", None, index=0, id="a"), finish="tool_calls"), [LIST]),
        (calls("list_orders", "null"), [LIST]),
        (calls("get_order", json.dumps(GIVEN)), [GET]),
        (calls("functions.get_order", GIVEN), [GET]),
        (streams(piece("get_order", GET[1], index=0, id="a"), finish="tool_calls"), [GET]),
        (streams(piece("get_order", GIVEN), finish="stop"), [GET]),
        (streams({"function_call": {"name": "get_order", "arguments": GIVEN}}, finish="function_call"), [GET]),
        (streams({"content": "One moment.", **piece("get_order", GIVEN, index=0)}, finish=None), [GET]),
        (
            streams(
                piece("get_order", GIVEN, index=0, id="a"), piece("list_orders", "{}", index=0, id="b"), finish="stop"
            ),
            [GET, LIST],
        ),
    ],
)
async def test_a_streamed_call_is_made_as_it_is_meant(
    shop: Shopfloor, pair: Pair, fault: Fault, made: list[tuple[str, dict[str, Any]]]
) -> None:
    pair.slices[2].fault = first(1, fault)

    steps = await asked(shop)

    assert called(steps)[: len(made)] == made
    assert [one for one in only(steps, "model") if "error" in one] == []
    assert only(steps, "turn_ended")[0]["status"] == "done"


@pytest.mark.parametrize(
    "text",
    [
        '<tool_call>{"name": "delete_orders", "arguments": {}}</tool_call>',
        'I would call get_order(order_id="#W1042") for that.',
        "[TOOL_CALLS]get_order",
    ],
)
async def test_what_names_no_call_is_asked_for_again_and_never_told(shop: Shopfloor, pair: Pair, text: str) -> None:
    pair.slices[1].fault = pair.slices[2].fault = says(text)

    steps = await asked(shop)

    assert {one["error"] for one in only(steps, "model")} == {"an unreadable tool call"}
    assert called(steps) == []
    assert "get_order" not in answer_of(steps)
    assert "[" not in answer_of(steps)


@pytest.mark.parametrize(
    "fault",
    [
        streams(piece("get_order", GIVEN[:9], index=0, id="a"), finish="length"),
        streams(piece("list_orders", "", index=0, id="a"), finish="length"),
        says('<tool_call>{"name": "get_order", "argu', "length"),
    ],
)
async def test_a_call_that_was_cut_off_gets_more_room(shop: Shopfloor, pair: Pair, fault: Fault) -> None:
    pair.slices[2].fault = first(1, fault)

    steps = await asked(shop)

    before, after, *_ = pair.slices[2].asked
    assert (before["max_tokens"], after["max_tokens"]) == (400, 800)
    assert "cut off" in after["messages"][-1]["content"]
    assert called(steps) == [GET]
