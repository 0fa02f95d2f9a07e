"""A wish for a person is granted by code: no model is asked whose it is, nor whether the tool is called."""

import pytest

from storage.db import Sessions
from storage.reasons import Code
from storage.settings import Settings
from tests.factories import add_conversation, add_customer
from tests.team.faulty import Pair, says
from tests.team.shopfloor import Shopfloor, answer_of, only, open_shopfloor
from tests.team.visitor import RIGHT, add_known_customer, visit


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I want to talk to a human", "A person will answer you here."),
        ("상담원 연결해 주세요", "상담원이 곧 답변드립니다."),
    ],
)
async def test_a_customer_who_asks_for_a_person_gets_one_whatever_the_model_makes_of_it(
    settings: Settings, sessions: Sessions, text: str, told: str
) -> None:
    customer = await add_customer(sessions)
    chat = await add_conversation(sessions, customer_id=customer.id)
    pair = Pair()
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        pair.slices[2].fault = says(told)
        steps = await floor.say(chat.id, text)

    [router] = only(steps, "router")
    [call] = only(steps, "tool_call")
    assert (router["choice"], router["by"], router["reason_code"]) == ("TicketDesk", "rule", Code.PERSON_WANTED)
    assert (call["tool"], call["arguments"]["summary"]) == ("hand_to_human", text)
    assert not only(steps, "tool_result")[0]["is_error"]
    assert told in answer_of(steps)
    assert [one["model"] for one in pair.slices[1].asked] == []


async def test_a_visitor_who_asks_for_a_person_gets_one_once_they_are_known(floor: Shopfloor) -> None:
    await add_known_customer(floor.sessions)
    chat = await visit(floor)

    first = await floor.say(chat, "I want to talk to a human")
    second = await floor.say(chat, RIGHT)

    assert only(first, "tool_call") == []
    assert [call["tool"] for call in only(second, "tool_call")] == ["hand_to_human"]


async def test_where_the_tool_is_not_offered_the_model_answers(settings: Settings, sessions: Sessions) -> None:
    customer = await add_customer(sessions)
    chat = await add_conversation(sessions, customer_id=customer.id)
    async with open_shopfloor(settings.model_copy(update={"shopdesk_read_only": True}), sessions) as floor:
        steps = await floor.say(chat.id, "I want to talk to a human")

    assert only(steps, "tool_call") == []
    assert only(steps, "turn_ended")[0]["status"] == "done"
