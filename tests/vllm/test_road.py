"""From a customer's message through a real vLLM server to a tool call and the answer."""

import asyncio
import json

import pytest

from storage.shop.orders import Order, OrderStatus
from team.turn.steps import Step
from tests.factories import add_conversation, add_order
from tests.team.shopfloor import Shopfloor, answer_of, only
from tests.vllm.served import Served

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(2_400)]

ASKED = "Where is my order #W1042?"
TOLD = "Your order #W1042 is still pending."
ROUTED = r"<message>"
AFTER_A_TOOL = r"</tool_response><\|im_end\|>\s*<\|im_start\|>assistant\s*\Z"
WITH_TOOLS = r"<tools>"


def call(tool: str, **arguments: str) -> str:
    """A tool call as the model writes it."""
    return f"<tool_call>\n{json.dumps({'name': tool, 'arguments': arguments})}\n</tool_call>"


async def begin(floor: Shopfloor) -> str:
    """Begin a conversation of a customer's with an order."""
    order = await add_order(floor.sessions, id="#W1042")
    return (await add_conversation(floor.sessions, customer_id=order.customer_id)).id


async def followed(floor: Shopfloor, chat: str) -> list[Step]:
    """Return the steps of a turn, the live ones too."""
    steps: list[Step] = []
    async for step in floor.desk.follow(chat, 0):
        steps.append(step)
        if step.kind == "turn_ended":
            break
    return steps


async def test_a_question_is_routed_looked_up_and_answered_in_words_that_come_as_they_are_written(
    floor: Shopfloor, vllm: Served
) -> None:
    chat = await begin(floor)
    vllm.says((ROUTED, "OrderTracker"), (AFTER_A_TOOL, TOLD), (WITH_TOOLS, call("get_order", order_id="#W1042")))

    following = asyncio.create_task(followed(floor, chat))
    await floor.say(chat, ASKED)
    steps = await following

    [router], [ended] = only(steps, "router"), only(steps, "turn_ended")
    assert (router["choice"], router["by"]) == ("OrderTracker", "model")
    assert [(one["tool"], one["arguments"]) for one in only(steps, "tool_call")] == [
        ("get_order", {"order_id": "#W1042"})
    ]
    assert answer_of(steps) == TOLD
    assert "".join(one["text"] for one in only(steps, "token")).strip() == TOLD
    assert ended["status"] == "done"
    assert ended["model_calls"] == 3
    assert ended["prompt_tokens"] > 1_000
    assert 10 < ended["completion_tokens"] < 200


async def test_the_grammar_names_one_of_the_specialists_whatever_the_model_would_say(
    floor: Shopfloor, vllm: Served
) -> None:
    chat = await begin(floor)
    vllm.says((ROUTED, "Nobody at all"), (WITH_TOOLS, "How can I help you?"))

    steps = await floor.say(chat, ASKED)

    [router] = only(steps, "router")
    assert router["by"] == "model"


async def test_a_change_waits_for_the_customers_yes(floor: Shopfloor, vllm: Served) -> None:
    chat = await begin(floor)
    cancel = call("cancel_order", order_id="#W1042", reason="ordered by mistake")
    vllm.says((ROUTED, "ReturnsAgent"), (AFTER_A_TOOL, "Done."), (WITH_TOOLS, cancel))

    asked = await floor.say(chat, "Cancel #W1042, I ordered it by mistake.")
    done = await floor.say(chat, "yes")

    assert "#W1042" in only(asked, "question")[0]["text"]
    assert only(done, "turn_ended")[0]["status"] == "done"
    async with floor.sessions() as session:
        assert (await session.get_one(Order, "#W1042")).status is OrderStatus.CANCELLED
