"""What a customer reads of a model that answers badly: the honest failure and a ticket, never what it wrote."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from storage.db import Sessions
from storage.settings import Settings
from team.turn.steps import Step
from team.words.language import say
from tests.factories import add_conversation, add_order
from tests.team.faulty import Fault, Pair, calls, in_pieces, in_turn, says, thinks
from tests.team.shopfloor import Shopfloor, answer_of, only, open_shopfloor

pytestmark = pytest.mark.filterwarnings("ignore:No text content or tool calls")  # AutoGen warns of what is tested here

ASKED, ASKED_KO = "Where is my order #W1042?", "#W1042 주문 어디 있어요?"
ANSWER = "Order #W1042 is pending."
THOUGHT = "Okay, the customer asks where it is. I should not mention the backlog."
FAILED = say("nothing_to_say", "en")
LOOKS = calls("get_order", '{"order_id": "#W1042"}')


@pytest.fixture
def pair() -> Pair:
    return Pair()


@pytest.fixture
async def shop(settings: Settings, sessions: Sessions, pair: Pair) -> AsyncIterator[Shopfloor]:
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        yield floor


async def asked(shop: Shopfloor, pair: Pair, fault: Fault, text: str = ASKED) -> list[Step]:
    """The steps of one question to models that answer so, with the words that the page showed as they came."""
    order = await add_order(shop.sessions, id="#W1042")
    chat = await add_conversation(shop.sessions, customer_id=order.customer_id)
    return await followed(shop, pair, chat.id, fault, text)


async def followed(shop: Shopfloor, pair: Pair, chat_id: str, fault: Fault, text: str = ASKED) -> list[Step]:
    pair.slices[1].fault = pair.slices[2].fault = fault
    live: list[Step] = []
    before = (await shop.desk.steps.stored(chat_id, 0))[-1:]

    async def follow() -> None:
        async for step in shop.desk.follow(chat_id, (before[0].seq or 0) if before else 0):
            live.append(step)
            if step.kind == "turn_ended":
                return

    following = asyncio.create_task(follow())
    await shop.desk.send(chat_id, text)
    async with asyncio.timeout(20):
        await following
    await shop.desk.idle(chat_id)
    return live


def read(steps: list[Step]) -> str:
    """All that the page showed to the customer beside their own message, taken back or not."""
    shown = (step.data for step in steps if step.kind in ("token", "message"))
    return " ".join(str(data["text"]) for data in shown if data.get("role") != "customer")


def fails(steps: list[Step]) -> bool:
    """Whether the customer is told honestly, a person has the message, and the turn counts as failed."""
    [ticket], [ended] = only(steps, "ticket"), only(steps, "turn_ended")
    told = answer_of(steps)
    return told.startswith(FAILED) and str(ticket["ticket_id"]) in told and ended["status"] == "failed"


@pytest.mark.parametrize(
    "nonsense",
    [
        "The refunds take 10 seconds to 1 minute to process.",
        "I'm a web developer with a passion for design.",
        "<|im_start|>assistant\nI am here.",
        "Your order has been shipped.",
        '[get_order(order_id="#W1042")]',
        "<function=get order>\n<parameter=order_id>\n#W1042\n</parameter>\n</function>",
        '[TOOL_CALLS][{"name": "get_order", "arguments": {"order_id": "#W1042"}}]',
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_order",
        '```json\n{"name": "get_order", "arguments": {"order_id": "#W1042"}}\n```',
        f"<think>{THOUGHT}",
        say("failed", "en"),
        "How can I help you today? " * 6,
    ],
)
async def test_nothing_of_a_reply_that_is_not_for_the_customer_is_read(
    shop: Shopfloor, pair: Pair, nonsense: str
) -> None:
    steps = await asked(shop, pair, says(nonsense))

    assert fails(steps)
    assert nonsense.strip() not in read(steps)
    assert "get_order" not in read(steps)


async def test_a_reply_that_broke_off_is_not_read_as_far_as_it_came(shop: Shopfloor, pair: Pair) -> None:
    steps = await asked(shop, pair, in_turn(LOOKS, says("Order #W1042 is pending. It will arr", "length")))

    assert fails(steps)
    assert ANSWER not in answer_of(steps)


@pytest.mark.parametrize(
    "made_up",
    [
        "Order #W1042 is pending and arrives on May 4.",
        "Order #W1042 is pending; the total is 999 USD.",
        "Order #W1042 is pending. Its tracking number is 1Z999AA10123456784.",
        "Order #W1043 is pending.",
        "I have cancelled order #W1042 for you.",
        "Order #W1042 has been cancelled.",
        "Order #W1042 is pending. You may keep the umbrella from the museum for free.",
    ],
)
async def test_a_figure_or_rule_that_no_result_holds_is_not_told(shop: Shopfloor, pair: Pair, made_up: str) -> None:
    steps = await asked(shop, pair, in_turn(LOOKS, says(made_up)))

    assert fails(steps)
    codes = [one["error_code"] for one in only(steps, "model") if "error_code" in one]
    assert set(codes) == {"not_told"}


async def test_no_ticket_holds_a_figure_that_a_model_made_up(shop: Shopfloor, pair: Pair) -> None:
    wrong = {"subject": "A refund of 500 USD is approved", "body": "The courier was rude.", "category": "delivery"}
    right = {**wrong, "subject": "A rude courier, on 3 May"}
    told = says("A ticket about the courier is open.")
    fault = in_turn(calls("create_ticket", json.dumps(wrong)), calls("create_ticket", json.dumps(right)), told)

    steps = await asked(shop, pair, fault, "Please open a ticket: the courier was rude on May 3.")

    assert [one["arguments"]["subject"] for one in only(steps, "tool_call")] == [right["subject"]]
    assert "500 USD" in pair.slices[2].asked[-2]["messages"][-1]["content"]
    assert only(steps, "turn_ended")[0]["status"] == "done"


async def test_a_made_up_figure_is_mended_in_one_more_try_which_is_told_why(shop: Shopfloor, pair: Pair) -> None:
    steps = await asked(shop, pair, in_turn(LOOKS, says("It arrives on May 4."), says(ANSWER)))

    assert answer_of(steps) == ANSWER
    assert only(steps, "turn_ended")[0]["status"] == "done"
    assert '"May 4"' in pair.slices[2].asked[-1]["messages"][-1]["content"]


async def test_a_statement_without_a_look_up_is_asked_for_again_with_a_tool_that_only_reads(
    shop: Shopfloor, pair: Pair
) -> None:
    toml = shop.settings.shopdesk_home / "models.toml"
    toml.write_text(toml.read_text().replace("\nslice =", '\ntakes = ["max_tokens", "tool_choice_required"]\nslice ='))

    steps = await asked(shop, pair, in_turn(says("Your order has been shipped."), LOOKS, says(ANSWER)))

    first, second, third = pair.slices[2].asked
    assert answer_of(steps) == ANSWER
    assert [one["tool_choice"] for one in (first, second, third)] == ["auto", "required", "auto"]
    assert "hand_over" in [tool["function"]["name"] for tool in second["tools"]]
    assert len(second["tools"]) <= len(first["tools"])


@pytest.mark.parametrize(
    ("text", "talk"),
    [
        (ASKED, "Hello! How can I help you?"),
        (ASKED, "Sure! Which order do you mean, #W1042?"),
        (ASKED_KO, "네, 도와드리겠습니다. 어느 주문을 말씀하시나요?"),
    ],
)
async def test_a_greeting_and_a_question_back_need_no_tool(shop: Shopfloor, pair: Pair, text: str, talk: str) -> None:
    steps = await asked(shop, pair, says(talk), text)

    assert answer_of(steps) == talk
    assert len(only(steps, "model")) == 1


@pytest.mark.parametrize(
    "reply",
    [
        says(f"<think>\n{THOUGHT}\n</think>\n\n{ANSWER}"),
        says(f"{THOUGHT}\n</think>\n\n{ANSWER}"),
        says(f"<thinking>\n{THOUGHT}\n</thinking>\n\n{ANSWER}"),
        says(f"<seed:think>{THOUGHT}</seed:think>{ANSWER}"),
        says(f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}"),
        thinks(THOUGHT, ANSWER),
        thinks(THOUGHT, ANSWER, field="reasoning"),
    ],
)
async def test_a_thought_is_kept_for_the_shop_and_costs_no_second_call(
    shop: Shopfloor, pair: Pair, reply: Fault
) -> None:
    steps = await asked(shop, pair, in_turn(LOOKS, reply))

    assert answer_of(steps) == ANSWER
    assert "backlog" not in read(steps)
    assert len(only(steps, "model")) == 2
    assert only(steps, "model")[1].get("thought") == THOUGHT


async def test_numbers_in_a_code_fence_are_read(shop: Shopfloor, pair: Pair) -> None:
    fenced = "Your order number is:\n```\n#W1042\n```"

    steps = await asked(shop, pair, in_turn(LOOKS, says(fenced)))

    assert answer_of(steps) == fenced


async def test_an_id_that_nobody_named_reaches_no_tool(shop: Shopfloor, pair: Pair) -> None:
    steps = await asked(shop, pair, in_turn(calls("get_order", '{"order_id": "#W7777"}'), LOOKS, says(ANSWER)))

    assert [call["arguments"] for call in only(steps, "tool_call")] == [{"order_id": "#W1042"}]
    assert "#W7777" in pair.slices[2].asked[1]["messages"][-1]["content"]
    assert answer_of(steps) == ANSWER


async def test_what_is_handed_over_is_checked_as_an_answer_is(shop: Shopfloor, pair: Pair) -> None:
    told = '"answer_so_far": "It arrives on May 4.", "remaining": "and the rest?"'
    handing = calls("hand_over", f'{{"specialist": "PolicyGuide", {told}}}')

    steps = await asked(shop, pair, in_turn(handing, LOOKS, says(ANSWER)))

    assert only(steps, "handoff") == []
    assert answer_of(steps) == ANSWER


async def test_a_failure_is_not_remembered_as_the_assistants_words(shop: Shopfloor, pair: Pair) -> None:
    order = await add_order(shop.sessions, id="#W1042")
    chat = await add_conversation(shop.sessions, customer_id=order.customer_id)
    pair.slices[1].fault = pair.slices[2].fault = says("Your order has been shipped.")
    await shop.say(chat.id, ASKED)
    pair.slices[1].fault = pair.slices[2].fault = in_turn(LOOKS, says(ANSWER))
    pair.slices[2].asked.clear()

    steps = await shop.say(chat.id, ASKED)

    assert answer_of(steps) == ANSWER
    said = [one.get("content") for one in pair.slices[2].asked[0]["messages"] if one["role"] == "assistant"]
    assert said == []


CLEAN = "Let me look at it for you. "


@pytest.mark.parametrize(
    "sign",
    [
        "<tool_call>",
        "<|im_end|>",
        '{"order_id": "#W1042"}',
        "<think>the customer",
        "</think>",
        "It arrives on May 4. Yes.",
        "I'm a web developer. Yes.",
    ],
)
async def test_words_are_shown_by_the_sentence_and_taken_back_at_the_first_sign(
    shop: Shopfloor, pair: Pair, sign: str
) -> None:
    await asked(shop, pair, says(CLEAN))
    chat = await add_conversation(shop.sessions)
    steps = await followed(shop, pair, chat.id, in_pieces(CLEAN, sign, " and more."))

    tokens = [step.data for step in steps if step.kind == "token"]
    assert [one["text"] for one in tokens if not one.get("withdrawn")] == [CLEAN] * (len(tokens) // 2)
    assert all(one.get("withdrawn") for one in tokens[1::2])
    assert tokens
