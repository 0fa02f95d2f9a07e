"""Training data: what is exported of which conversations, and what of a customer is still in it."""

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest

from scripts.training.chosen import NO_ANSWER, PERSON, REFUSED, STAND_IN, THUMB_DOWN, why_not
from scripts.training.export import Report, export
from scripts.training.masking import Mask
from storage.chats.events import Event, new_event
from storage.chats.thumbs import keep_thumb
from storage.db import Sessions, writing
from storage.settings import Settings
from tests.factories import add_conversation
from tests.team.shopfloor import Shopfloor, open_shopfloor

OLIVIA = "olivia_brown_1001"
HERS = ("olivia", "brown", "olivia_brown_1001", "olivia.brown@example.com")
Json = dict[str, Any]


async def exported(sessions: Sessions, *, with_stand_in: bool = True) -> tuple[Report, list[Json], str]:
    file = io.StringIO()
    async with sessions() as session:
        report = await export(session, file, lambda _: None, with_stand_in=with_stand_in)
    return report, [json.loads(line) for line in file.getvalue().splitlines()], file.getvalue()


async def talk(floor: Shopfloor, *said: str) -> str:
    chat = (await add_conversation(floor.sessions, customer_id=OLIVIA, account_id=f"u_{OLIVIA}")).id
    for text in said:
        await floor.say(chat, text)
    return chat


async def test_good_conversations_become_lines_for_each_model_and_nothing_of_the_customer_is_left(
    settings: Settings, demo_sessions: Sessions
) -> None:
    async with open_shopfloor(settings, demo_sessions) as floor:
        await talk(floor, "Show my profile please, I am Olivia Brown, +1 415 555 0132", "How long do refunds take?")
        disliked = await talk(floor, "Where is my order?")
        await talk(floor, "I want to talk to a person")
        async with writing(demo_sessions) as session:
            steps = await floor.desk.steps.stored(disliked, 0)
            [answer] = [step.seq for step in steps if step.kind == "message" and step.data["role"] == "assistant"]
            assert answer is not None
            await keep_thumb(session, disliked, answer, up=False)
        nobody, none, _ = await exported(demo_sessions, with_stand_in=False)
        report, lines, text = await exported(demo_sessions)

    assert (report.conversations, dict(report.left_out)) == (1, {THUMB_DOWN: 1, PERSON: 1})
    assert (nobody.left_out[STAND_IN], none) == (1, [])
    assert dict(report.lines) == {"router": 2, "orders": 1, "policies": 1}
    profile = next(line for line in lines if line["role"] == "orders")
    calls = [call["function"] for message in profile["messages"] for call in message.get("tool_calls", ())]
    assert [call["name"] for call in calls] == ["get_customer"]
    assert {"get_order", "get_customer", "hand_over"} <= {tool["function"]["name"] for tool in profile["tools"]}
    routed = [line["messages"][-1]["content"] for line in lines if line["role"] == "router"]
    assert routed == ["OrderTracker", "PolicyGuide"]
    said = json.dumps([line["messages"][1:] for line in lines], ensure_ascii=False).lower()
    assert [one for one in (*HERS, "555 0132") if one in said] == []
    assert text.count("\n") == len(lines) == 4


def turn(status: str = "done", *between: Event, **model: object) -> list[Event]:
    return [
        new_event("c", "turn_started", {"turn": "t"}),
        new_event("c", "model", {"agent": "OrderTracker", "stand_in": False, **model}),
        *between,
        new_event("c", "turn_ended", {"turn": "t", "status": status}),
    ]


@pytest.mark.parametrize(
    ("events", "thumbs", "why"),
    [
        (turn(), {}, None),
        (turn("asked"), {3: "up"}, None),
        (turn()[:-1], {}, NO_ANSWER),
        ([], {}, NO_ANSWER),
        (turn("failed"), {}, "a turn failed"),
        (turn("stopped"), {}, "the customer stopped a turn"),
        (turn("lost") + turn(), {}, "a process died in the middle of a turn"),
        (turn(), {3: "down"}, THUMB_DOWN),
        (turn("done", new_event("c", "muted", {})), {}, PERSON),
        (turn(error="it repeats itself"), {}, REFUSED),
        (turn(in_place_of="slice1"), {}, REFUSED),
        (turn(stand_in=True), {}, STAND_IN),
    ],
)
def test_a_conversation_is_left_out_for_one_reason(
    events: list[Event], thumbs: Mapping[int, str], why: str | None
) -> None:
    assert why_not(events, thumbs, with_stand_in=False) == why


@pytest.mark.parametrize(
    "text",
    [
        "Call me at +82 10-1234-5678 or 415.555.0199",
        "my card is 4111 1111 1111 1111, thanks",
        "주민번호 900101-1234567 입니다",
        "write to jane.doe+shop@mail.example.co.kr, 급해요",
        "where is #W8811223 and W7712345?",
        "민아 김민아 님, MINA.KIM@example.com으로 보내 주세요",
        "12 Acacia Avenue에 살아요",
    ],
)
def test_what_looks_personal_or_is_known_is_masked(text: str) -> None:
    mask = Mask(b"key")
    mask.know_data({"first_name": "민아", "last_name": "김", "email": "mina.kim@example.com"})
    mask.know_data({"address": {"address1": "12 Acacia Avenue", "state": "OR"}, "orders": [{"order_id": "#W8811223"}]})
    mask.know("first_name", "김민아")

    masked = mask.text(text)

    private = ("1234", "0199", "1111", "4567", "jane", "8811223", "7712345", "민아", "mina", "acacia")
    assert [one for one in private if one in masked.lower()] == []
    assert not mask.left_in(masked)


def test_what_is_masked_stays_the_same_thing_and_what_is_not_personal_stays_as_it_is() -> None:
    mask = Mask(b"key")
    mask.know_data({"order_id": "#W1042333", "city": "Springfield", "state": "OR", "zip": "97477"})

    call, words = mask.result('{"order_id": "#W1042333"}'), mask.text("Order w1042333 goes to Springfield, OR or not.")

    number = json.loads(call)["order_id"].removeprefix("#")
    assert number != "W1042333"
    assert words.lower() == f"order {number.lower()} goes to town, or or not."
    assert mask.text("It arrives on 2026-11-30 and costs 12.50 USD for 2 items.") == (
        "It arrives on 2026-11-30 and costs 12.50 USD for 2 items."
    )
