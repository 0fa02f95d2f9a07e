"""What a turn looks back on is read once, and is its own conversation's alone."""

from storage.chats.earlier import MESSAGES, RESULTS, Earlier, read_earlier
from storage.chats.events import NEWEST, add_event
from storage.chats.handovers import GIVEN_BACK
from storage.db import Sessions, writing
from tests.factories import add_conversation


async def test_the_latest_of_each_kind_are_returned_oldest_first(sessions: Sessions) -> None:
    chat, other = await add_conversation(sessions), await add_conversation(sessions)
    async with writing(sessions) as session:
        for number in range(MESSAGES + 2):
            await add_event(session, chat.id, "message", {"text": f"message {number}"})
            await add_event(session, chat.id, "tool_result", {"text": f"result {number}"})
            await add_event(session, other.id, "message", {"text": "of another conversation"})
        await add_event(session, chat.id, GIVEN_BACK, {})
        latest = await add_event(session, chat.id, GIVEN_BACK, {})

    async with sessions() as session:
        earlier = await read_earlier(session, chat.id, last=NEWEST)

    assert [one["text"] for one in earlier.messages] == [f"message {number}" for number in range(2, MESSAGES + 2)]
    assert [one["text"] for one in earlier.results] == [
        f"result {number}" for number in range(MESSAGES + 2 - RESULTS, MESSAGES + 2)
    ]
    assert earlier.given_back == latest.seq


async def test_what_came_after_the_last_event_asked_for_is_left_out(sessions: Sessions) -> None:
    chat = await add_conversation(sessions)
    async with writing(sessions) as session:
        first = await add_event(session, chat.id, "message", {"text": "Hello"})
        for kind in ("message", "tool_result", GIVEN_BACK):
            await add_event(session, chat.id, kind, {"text": "later"})

    async with sessions() as session:
        earlier = await read_earlier(session, chat.id, last=first.seq)

    assert earlier == Earlier([{"text": "Hello"}], [])


async def test_a_new_conversation_has_nothing_to_look_back_on(sessions: Sessions) -> None:
    chat = await add_conversation(sessions)

    async with sessions() as session:
        earlier = await read_earlier(session, chat.id, last=NEWEST)

    assert earlier == Earlier([], [])
