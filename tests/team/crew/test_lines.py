"""A specialist's model reads the conversation as it was: who said what, and what matters for the message beside it."""

from typing import Any

import pytest
from autogen_core.models import AssistantMessage, LLMMessage, UserMessage

from storage.chats.conversations import Conversation
from storage.db import Sessions
from storage.settings import Settings
from team.crew.desk_agent import DESK, REST
from team.crew.memory import CUSTOMER, NAMES_AN_ORDER, beside_the_message, is_apology, reminder
from team.turn.trouble import FAILURES
from team.words.language import say
from tests.factories import add_conversation, add_order
from tests.team.faulty import Pair, first, says, status
from tests.team.shopfloor import Shopfloor, answer_of, only, open_shopfloor

REMINDED = "Look the order up with get_order before you answer."


def sent(pair: Pair, number: int = 2) -> list[dict[str, Any]]:
    """The messages of the last request a specialist's model got, each with its role, who said it and the words."""
    asked = [request for request in pair.slices[number].asked if request.get("stream")][-1]
    return [{"role": one["role"], "name": one.get("name"), "content": one["content"]} for one in asked["messages"]]


async def chat_with(sessions: Sessions) -> str:
    order = await add_order(sessions, id="#W1042")
    return (await add_conversation(sessions, customer_id=order.customer_id)).id


@pytest.mark.parametrize(
    ("first_said", "then"), [("Where is my order #W1042?", "Thanks!"), ("주문 #W1042 어디 있어요?", "고마워요!")]
)
async def test_what_a_colleague_said_is_the_assistants_and_what_the_customer_said_is_the_users(
    settings: Settings, sessions: Sessions, first_said: str, then: str
) -> None:
    pair = Pair()
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        chat = await chat_with(sessions)
        told = answer_of(await floor.say(chat, first_said))
        steps = await floor.say(chat, then)

    assert only(steps, "router")[0]["choice"] == "TicketDesk"
    assert sent(pair)[1:4] == [
        {"role": "user", "name": CUSTOMER, "content": first_said},
        {"role": "assistant", "name": None, "content": told},
        {"role": "user", "name": CUSTOMER, "content": then},
    ]


async def test_what_the_desk_said_of_a_failure_is_not_remembered(settings: Settings, sessions: Sessions) -> None:
    pair = Pair()
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        chat = await chat_with(sessions)
        pair.slices[1].fault = pair.slices[2].fault = first(4, status(401))
        await floor.say(chat, "Where is my order #W1042?")
        pair.slices[1].fault = pair.slices[2].fault = None
        await floor.say(chat, "Where is my order #W1042?")

    assert not [one for one in sent(pair) if "sorry" in str(one["content"])]


def test_every_apology_of_the_desk_is_known_in_both_languages() -> None:
    said = [say(trouble, language) for trouble in FAILURES for language in ("en", "ko")]

    assert all(map(is_apology, said))
    assert not any(map(is_apology, ["I'm sorry, we do not ship there.", "", "죄송합니다만 재고가 없습니다.", [1]]))


async def test_the_rule_that_matters_stands_right_behind_the_message_in_every_call_of_the_turn(
    settings: Settings, sessions: Sessions
) -> None:
    pair = Pair()
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        await floor.say(await chat_with(sessions), "Where is my order #W1042?")

    calls = [request["messages"] for request in pair.slices[2].asked if request.get("stream")]
    behind = [next(at for at, one in enumerate(lines) if one.get("name") == CUSTOMER) + 1 for lines in calls]
    assert len(calls) == 2
    assert [lines[at]["content"] for lines, at in zip(calls, behind, strict=True)] == [REMINDED, REMINDED]
    assert calls[1][: len(calls[0])] == calls[0]


async def test_a_reminder_is_not_kept(floor: Shopfloor) -> None:
    chat = await chat_with(floor.sessions)

    await floor.say(chat, "Where is my order #W1042?")

    async with floor.sessions() as session:
        assert REMINDED not in str((await session.get_one(Conversation, chat)).state)


async def test_what_a_model_is_told_of_its_last_reply_stands_last_and_leaves_all_before_it_as_it_was(
    settings: Settings, sessions: Sessions
) -> None:
    pair = Pair()
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        chat = await chat_with(sessions)
        pair.slices[2].fault = first(1, says("<tool_call>{not json"))
        await floor.say(chat, "Where is my order #W1042?")

    before, after, *_ = [request for request in pair.slices[2].asked if request.get("stream")]
    assert after["messages"][:-1] == before["messages"]
    assert after["tools"] == before["tools"]
    assert after["messages"][-1]["role"] == "user"
    assert "could not be read" in after["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("text", "names_one"),
    [
        ("Where is #W1042?", True),
        ("W1042 취소", True),
        ("order 4821093 please", True),
        ("where is my order", False),
        ("2개 주문했어요", False),
        ("size 42", False),
        ("call me at 555-0142-99", False),
    ],
)
def test_a_message_names_an_order_by_its_number(text: str, names_one: bool) -> None:
    assert (NAMES_AN_ORDER.search(text) is not None) is names_one


def test_rules_are_chosen_by_what_the_message_has() -> None:
    rules = {"always": "A.", "order": "O.", "no_order": "N.", "picture": "P."}

    assert reminder(rules, "cancel #W1042", pictures=False) == "A. O."
    assert reminder(rules, "it is broken", pictures=True) == "A. P. N."
    assert reminder({"picture": "P."}, "hello", pictures=False) == ""


def test_of_several_messages_the_last_is_the_one_that_is_reminded_of() -> None:
    lines: list[LLMMessage] = [
        UserMessage(content="one", source=CUSTOMER),
        AssistantMessage(content="two", source="OrderTracker"),
        UserMessage(content="three", source=REST),
        AssistantMessage(content="four", source="OrderTracker"),
    ]

    assert beside_the_message(lines, "R")[3] == UserMessage(content="R", source=DESK)
    assert beside_the_message(lines, "") == lines
    assert beside_the_message(lines[1:2], "R") == lines[1:2]
