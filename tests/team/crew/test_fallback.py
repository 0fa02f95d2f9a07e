"""A model that fails is asked again where that can help; then the other slice answers in its place."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from storage.db import Sessions
from storage.process.breaker import FAILURES
from storage.settings import Settings
from storage.shop.tickets import Ticket
from team.standin.understanding.classifier import load
from team.turn.steps import Step
from tests.factories import add_conversation, add_order
from tests.team.faulty import Fault, Pair, calls, first, hang, raw, says, status
from tests.team.shopfloor import Shopfloor, answer_of, only, open_shopfloor

ASKED = "Where is my order #W1042?"
TOLD = "pending"
BAD_CALL = "<tool_call>{not json</tool_call>"

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
        path.write_text(
            path.read_text()
            .replace("timeout_s = 10", "timeout_s = 2")
            .replace('"slice2"\n', '"slice2"\ntimeout_s = 2\n')
        )
        yield floor


async def asked(shop: Shopfloor) -> list[Step]:
    """A customer's question about their order, answered."""
    order = await add_order(shop.sessions, id="#W1042")
    chat = await add_conversation(shop.sessions, customer_id=order.customer_id)
    return await shop.say(chat.id, ASKED)


def tries(steps: list[Step]) -> list[tuple[str, str]]:
    """Which endpoint was asked for the first line, and what was wrong with it."""
    made = [(one["endpoint"], one.get("error", "")) for one in only(steps, "model")]
    return made[: next(at for at, (_, error) in enumerate(made) if not error) + 1]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (status(500), "status 500"),
        (status(429, {"Retry-After": "0.3"}), "status 429, again after 0.3 s"),
        (says(""), "an empty reply"),
        (says("Your order is on its w", "length"), "a reply cut off at its maximum length"),
        (says(BAD_CALL), "an unreadable tool call"),
        (calls("get_order", "{nope"), "arguments that are not a JSON object"),
    ],
)
async def test_what_a_second_try_can_mend_is_asked_for_again_at_the_same_endpoint(
    shop: Shopfloor, pair: Pair, fault: Fault, error: str
) -> None:
    pair.slices[2].fault = first(1, fault)

    steps = await asked(shop)

    assert tries(steps) == [("slice2", error), ("slice2", "")]
    assert TOLD in answer_of(steps)


@pytest.mark.parametrize(
    ("fault", "again"),
    [
        (status(500), 2),
        (status(401), 1),
        (status(429, {"Retry-After": "60"}), 1),
        (hang, 1),
        (raw("<html>Bad gateway</html>", "text/event-stream"), 2),
        (raw("data: {broken\n\n", "text/event-stream"), 2),
        (raw('data: {"choices": [{"delta": 1}]}\n\n', "text/event-stream"), 2),
        (says(""), 2),
        (says(BAD_CALL), 2),
    ],
)
async def test_what_it_cannot_mend_is_answered_by_the_other_slice_which_the_events_say(
    shop: Shopfloor, pair: Pair, fault: Fault, again: int
) -> None:
    pair.slices[2].fault = fault

    steps = await asked(shop)

    assert [endpoint for endpoint, _ in tries(steps)] == ["slice2"] * again + ["slice1"]
    assert [one.get("in_place_of") for one in only(steps, "model") if "error" not in one] == ["slice2", "slice2"]
    assert TOLD in answer_of(steps)
    assert only(steps, "turn_ended")[0]["status"] == "done"


async def test_a_router_whose_slice_is_down_still_chooses_on_the_other(shop: Shopfloor, pair: Pair) -> None:
    pair.slices[1].fault = status(503)

    steps = await asked(shop)

    [router] = only(steps, "router")
    assert (router["choice"], router["by"], router["in_place_of"]) == ("OrderTracker", "model", "slice1")
    assert [(one["role"], one["error"]) for one in only(steps, "model") if "error" in one] == [
        ("router", "status 503"),
        ("router", "status 503"),
    ]


async def test_a_model_that_is_told_what_was_wrong_reads_it_in_its_prompt(shop: Shopfloor, pair: Pair) -> None:
    pair.slices[2].fault = first(1, says("Well, that is a long st", "length"))

    await asked(shop)

    before, after, *_ = pair.slices[2].asked
    assert after["messages"][0]["content"].startswith(before["messages"][0]["content"])
    assert "too long" in after["messages"][-1]["content"]
    assert (before["max_tokens"], after["max_tokens"]) == (400, 800)


async def test_an_endpoint_that_keeps_failing_is_left_alone(shop: Shopfloor, pair: Pair) -> None:
    pair.slices[2].fault = status(500)
    order = await add_order(shop.sessions, id="#W1042")
    chat = await add_conversation(shop.sessions, customer_id=order.customer_id)
    for _ in range(4):
        await shop.say(chat.id, ASKED)

    assert len(pair.slices[2].asked) == FAILURES


async def test_a_role_without_a_fallback_stays_on_its_endpoint(shop: Shopfloor, pair: Pair) -> None:
    path = shop.settings.shopdesk_home / "models.toml"
    path.write_text(path.read_text().replace("[roles.orders]\n", '[roles.orders]\nfallback = ""\n'))
    pair.slices[2].fault = status(500)

    steps = await asked(shop)

    assert {one["endpoint"] for one in only(steps, "model")} == {"slice2"}
    assert "unavailable" in answer_of(steps)


async def test_where_nothing_helps_a_conversation_has_one_ticket_that_its_customer_is_told(
    shop: Shopfloor, pair: Pair
) -> None:
    order = await add_order(shop.sessions, id="#W1042")
    chat = await add_conversation(shop.sessions, customer_id=order.customer_id)
    pair.slices[1].fault = pair.slices[2].fault = status(500)
    steps = [*await shop.say(chat.id, ASKED), *await shop.say(chat.id, "제발 알려 주세요")]

    async with shop.sessions() as session:
        [ticket] = (await session.scalars(select(Ticket))).all()
    told = [step.data["text"] for step in steps if step.data.get("role") == "assistant"]
    assert [ticket.id in text for text in told] == [True, True]
    assert ["Nothing was changed." in told[0], "변경된 내용은 없습니다." in told[1]] == [True, True]
    assert (ticket.customer_id, ticket.conversation_id) == (order.customer_id, None)
    assert [ASKED in ticket.history[0].text, "제발" in ticket.history[1].text] == [True, True]
    assert [data["opened"] for data in only(steps, "ticket")] == [True, False]


async def test_the_log_tells_which_model_failed_and_which_answered_in_its_place(
    shop: Shopfloor, pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    pair.slices[2].fault = status(500)

    with caplog.at_level("INFO", logger="team"):
        await asked(shop)

    told = [(record.getMessage(), record.__dict__["facts"]) for record in caplog.records if "facts" in record.__dict__]
    failed = {"endpoint": "slice2", "role": "orders", "fault": "status"}
    assert ("model", failed) in told
    assert ("fallback", {"role": "orders", "endpoint": "slice1", "in_place_of": "slice2"}) in told
    [turn] = [facts for message, facts in told if message == "turn"]
    assert (turn["outcome"], turn["specialists"], turn["tools"]) == ("done", ["OrderTracker"], ["get_order"])
    assert "W1042" not in f"{told} {caplog.text}"
