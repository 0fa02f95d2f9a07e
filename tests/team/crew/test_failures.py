"""What goes wrong with models and tools: each turn still ends with an answer a customer can read."""

from collections.abc import Callable

import pytest

from storage.db import Sessions
from storage.settings import Settings
from team.crew.crew import MAX_TOOL_ROUNDS
from team.standin.completion import Call, Reply
from team.standin.mind import answer
from team.standin.wire import ChatRequest
from team.turn.steps import Step
from tests.factories import add_conversation, add_order
from tests.team.shopfloor import Mind, answer_of, only, open_shopfloor

Turn = Callable[[Mind], object]
ASKED = "Where is my order #W1042?"


async def turn_with(settings: Settings, sessions: Sessions, mind: Mind) -> list[Step]:
    """One turn about an order of the customer's, with these models."""
    order = await add_order(sessions, id="#W1042")
    chat = await add_conversation(sessions, customer_id=order.customer_id)
    async with open_shopfloor(settings, sessions, mind) as floor:
        return await floor.say(chat.id, ASKED)


def specialist(line: Callable[[ChatRequest], Reply]) -> Mind:
    """A mind whose router is the stand-in's, and whose specialists say this line."""
    return lambda request: answer(request) if request.structured_outputs else line(request)


def once_then_answer(first: Reply) -> Mind:
    """A specialist that begins with this line, and is itself again once a tool answered."""
    return specialist(lambda asked: answer(asked) if asked.messages[-1].role == "tool" else first)


async def test_a_router_that_names_nobody_falls_back_to_the_service_desk(
    settings: Settings, sessions: Sessions
) -> None:
    steps = await turn_with(
        settings, sessions, lambda asked: Reply("Everyone!") if asked.structured_outputs else answer(asked)
    )

    [router] = only(steps, "router")
    assert (router["choice"], router["by"]) == ("TicketDesk", "fallback")
    assert "Everyone!" in router["reason"]
    assert only(steps, "turn_ended")[0]["status"] == "done"


async def test_a_call_that_was_written_out_is_called(settings: Settings, sessions: Sessions) -> None:
    written = '<tool_call>\n{"name": "get_order", "arguments": {"order_id": "#W1042"}}\n</tool_call>'

    steps = await turn_with(settings, sessions, once_then_answer(Reply(written)))

    assert only(steps, "tool_call")[0]["tool"] == "get_order"
    assert "pending" in answer_of(steps)


async def test_an_endless_loop_of_tool_calls_ends(settings: Settings, sessions: Sessions) -> None:
    steps = await turn_with(
        settings, sessions, specialist(lambda _: Reply(call=Call("get_order", {"order_id": "#W1042"})))
    )

    assert len(only(steps, "tool_call")) == MAX_TOOL_ROUNDS
    assert "one thing at a time" in answer_of(steps)
    assert only(steps, "turn_ended")[0]["status"] == "failed"


@pytest.mark.parametrize(
    "broken",
    [
        Reply(call=Call("delete_everything", {})),
        Reply(call=Call("cancel_order", {"order_id": "#W1042"})),
        Reply(call=Call("get_order", {"nonsense": [1, 2]})),
    ],
)
async def test_a_call_that_cannot_be_made_is_an_error_the_model_reads(
    settings: Settings, sessions: Sessions, broken: Reply
) -> None:
    told = []

    def line(asked: ChatRequest) -> Reply:
        if asked.messages[-1].role != "tool":
            return broken
        told.append(asked.messages[-1].text)
        return Reply("I could not do that.")

    steps = await turn_with(settings, sessions, specialist(line))

    assert answer_of(steps) == "I could not do that."
    [text] = told
    assert text


@pytest.mark.filterwarnings("ignore:No text content or tool calls")  # AutoGen warns of what is tested here
@pytest.mark.parametrize("useless", ["", '{"order_id": "#W1042"}', "<tool_call>", "   "])
async def test_an_answer_a_customer_cannot_read_is_replaced(
    settings: Settings, sessions: Sessions, useless: str
) -> None:
    steps = await turn_with(settings, sessions, specialist(lambda _: Reply(useless)))

    assert answer_of(steps).startswith("I'm sorry, I couldn't find an answer to that.")
    assert only(steps, "guard")[-1]["verdict"] == "acted"


async def test_a_mind_that_crashes_ends_the_turn_with_an_apology(settings: Settings, sessions: Sessions) -> None:
    def crash(_: ChatRequest) -> Reply:
        raise RuntimeError("the model server has a bug")

    steps = await turn_with(settings, sessions, specialist(crash))

    assert "unavailable" in answer_of(steps)
    assert only(steps, "turn_ended")[0]["status"] == "failed"


async def test_an_answer_that_stays_in_another_language_ends_in_a_ticket(
    settings: Settings, sessions: Sessions
) -> None:
    steps = await turn_with(
        settings, sessions, specialist(lambda _: Reply("주문하신 상품은 내일까지 배송될 예정입니다."))
    )

    [ticket] = only(steps, "ticket")
    assert answer_of(steps).startswith("I'm sorry, I couldn't write my answer in English.")
    assert ticket["ticket_id"] in answer_of(steps)
    assert only(steps, "turn_ended")[0]["status"] == "failed"
