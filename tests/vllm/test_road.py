"""From a customer's message through a real vLLM server to a tool call and the answer."""

import asyncio
import json
from typing import get_args

import pytest

from scripts.evaluation.model_trials import try_endpoint
from storage.endpoints import Endpoint
from storage.models.features import Feature
from storage.shop.orders import Order, OrderStatus
from team.turn.steps import Step
from tests.factories import add_conversation, add_order
from tests.team.shopfloor import NAMES, Shopfloor, answer_of, only
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


async def followed(floor: Shopfloor, chat: str, after: int = 0) -> list[Step]:
    """Return the steps of a turn, the live ones too."""
    steps: list[Step] = []
    async for step in floor.desk.follow(chat, after):
        steps.append(step)
        if step.kind == "turn_ended":
            break
    return steps


async def test_a_question_is_routed_looked_up_and_answered(floor: Shopfloor, vllm: Served) -> None:
    chat = await begin(floor)
    vllm.says((ROUTED, "OrderTracker"), (AFTER_A_TOOL, TOLD), (WITH_TOOLS, call("get_order", order_id="#W1042")))

    steps = await floor.say(chat, ASKED)

    [router], [ended] = only(steps, "router"), only(steps, "turn_ended")
    assert (router["choice"], router["by"]) == ("OrderTracker", "model")
    assert [(one["tool"], one["arguments"]) for one in only(steps, "tool_call")] == [
        ("get_order", {"order_id": "#W1042"})
    ]
    assert answer_of(steps) == TOLD
    assert ended["status"] == "done"
    assert ended["model_calls"] == 3
    assert ended["prompt_tokens"] > 1_000
    assert 10 < ended["completion_tokens"] < 200


async def test_the_words_of_a_model_that_has_answered_plainly_come_as_they_are_written(
    floor: Shopfloor, vllm: Served
) -> None:
    chat = await begin(floor)
    vllm.says((ROUTED, "OrderTracker"), (AFTER_A_TOOL, TOLD), (WITH_TOOLS, call("get_order", order_id="#W1042")))
    before = await floor.say(chat, ASKED)

    following = asyncio.create_task(followed(floor, chat, before[-1].seq or 0))
    await floor.say(chat, ASKED)
    steps = await following

    assert answer_of(steps) == TOLD
    assert "".join(one["text"] for one in only(steps, "token")).strip() == TOLD


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


@pytest.mark.parametrize(
    "written",
    [
        '<function=get_order>{"order_id": "#W1042"}</function>',
        'Let me look.\n```json\n{"name": "get_order", "arguments": {"order_id": "#W1042"}}\n```',
        '[get_order(order_id="#W1042")]',
    ],
)
async def test_a_call_that_the_servers_own_parser_does_not_know_is_made(
    floor: Shopfloor, vllm: Served, written: str
) -> None:
    chat = await begin(floor)
    thought = "<think>They want to know where it is.</think>\n\n"
    vllm.says((ROUTED, "OrderTracker"), (AFTER_A_TOOL, thought + TOLD), (WITH_TOOLS, written))

    steps = await floor.say(chat, ASKED)

    assert [one["arguments"] for one in only(steps, "tool_call")] == [{"order_id": "#W1042"}]
    assert answer_of(steps) == TOLD
    assert only(steps, "turn_ended")[0]["model_calls"] == 3


async def test_a_korean_answer_arrives_whole_however_its_letters_are_cut_into_tokens(
    floor: Shopfloor, vllm: Served
) -> None:
    chat, told = await begin(floor), "주문하신 #W1042 상품은 아직 배송 준비 중입니다."
    vllm.says((ROUTED, "OrderTracker"), (AFTER_A_TOOL, told), (WITH_TOOLS, call("get_order", order_id="#W1042")))

    steps = await floor.say(chat, "#W1042 주문 어디쯤 왔나요?")

    assert answer_of(steps) == told


async def test_a_model_that_repeats_itself_is_cut_short_and_the_customer_told_so(
    floor: Shopfloor, vllm: Served
) -> None:
    chat = await begin(floor)
    vllm.says((ROUTED, "OrderTracker"), (WITH_TOOLS, "I am sorry about that. " * 200))

    steps = await floor.say(chat, ASKED)

    errors = [one["error"] for one in only(steps, "model") if "error" in one]
    assert set(errors) == {"a reply that repeats itself"}
    assert only(steps, "turn_ended")[0]["status"] == "failed"
    assert "sorry about that" not in answer_of(steps)


async def test_trying_a_real_server_finds_that_it_takes_all_that_is_asked_for(vllm: Served) -> None:
    vllm.says(
        ("Which specialist", "PolicyGuide"),
        ("Always call get_order", call("get_order", order_id="#W1042")),
        ("Say hello", "Hello, how can I help you?"),
    )

    trials, takes = await try_endpoint(Endpoint(base_url=vllm.url, model=NAMES[0], vision=False))

    assert [one.what for one in trials if one.passed] == ["answers", "choice", "tool call", "streaming"]
    assert takes is not None
    assert set(takes) == set(get_args(Feature))
