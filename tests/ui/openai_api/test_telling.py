"""Words that are sent as they are written: sentence by sentence, and never more than a customer may read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from storage.db import Sessions
from storage.settings import Settings
from team.turn.steps import Step
from tests.ui.openai_api.door import WHERE, open_door
from ui.openai_api.telling import LiveWords


def step(kind: str, **data: Any) -> Step:  # noqa: ANN401 - an event's data is JSON of any shape
    return Step(None, kind, datetime.now(UTC), data)


def token(text: str, agent: str = "OrderTracker") -> Step:
    return step("token", agent=agent, text=text)


TAKEN_BACK = step("token", agent="OrderTracker", text="", withdrawn=True)
PERSON = step("message", role="person", text="I am Dana.")
FOUND, CALLED = step("tool_result"), step("tool_call")


@pytest.mark.parametrize(
    ("steps", "answer", "pieces"),
    [
        ([FOUND, token("It is sent. "), token("So wait.")], "It is sent. So wait.", ["It is sent.", " So wait."]),
        ([token("Let me look. "), CALLED, FOUND, token("It is sent.")], "It is sent.", ["It is sent."]),
        ([token("It is sent.")], "It is sent.", ["It is sent."]),
        ([FOUND, token("It is sent [orders].")], "It is sent.", ["It is sent."]),
        ([FOUND, token("One."), token("Two.", "PolicyGuide")], "One.\n\nTwo.", ["One.", "\n\nTwo."]),
        ([FOUND, step("answer"), token("Done.")], "It is cancelled. Done.", ["It is cancelled. Done."]),
        ([FOUND, token("It is lost."), TAKEN_BACK, token("It is sent.")], "Sent.", ["It is lost.", "\n\nSent."]),
        ([PERSON, FOUND, token("It is sent.")], "I am Dana.\n\nIt is sent.", ["I am Dana.\n\nIt is sent."]),
        ([FOUND, token("It is sent."), CALLED], "Cancel it?", ["It is sent.", "\n\nCancel it?"]),
    ],
)  # fmt: skip
def test_what_is_sent_grows_and_ends_as_the_answer_does(steps: list[Step], answer: str, pieces: list[str]) -> None:
    live = LiveWords()
    sent = [live.take(one, {"orders": "Orders"}) for one in steps]

    assert [*filter(None, [*sent, live.end(answer)])] == pieces
    assert live.sent == "".join(pieces)


async def test_an_answer_comes_in_pieces_and_is_the_one_that_is_stored(settings: Settings, sessions: Sessions) -> None:
    async with open_door(settings, sessions) as door:
        client = await door.client()
        stream = await client.chat.completions.create(
            model="shopdesk", messages=[{"role": "user", "content": WHERE}], stream=True
        )
        deltas = [chunk.choices[0].delta.content async for chunk in stream]
        [chat] = await door.conversations()
        stored = [one.data for one in await door.floor.desk.steps.stored(chat, 0) if one.kind == "message"]

    pieces = [one for one in deltas if one]
    assert len(pieces) > 1
    assert "".join(pieces) == stored[-1]["text"]
