"""Steps are stored by and by, in order, those that wait together in one transaction; no failure is lost."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage.chats.events import Event, list_events
from storage.db import Sessions, reading
from storage.outages import DatabaseGoneError
from team.turn.journal import Journal, stored
from tests.factories import add_conversation


async def kinds(sessions: Sessions, conversation_id: str) -> list[str]:
    async with reading(sessions) as session:
        return [one.kind for one in await list_events(session, conversation_id, after=0)]


async def test_steps_of_many_conversations_are_stored_in_order_with_few_transactions(sessions: Sessions) -> None:
    chats = [(await add_conversation(sessions)).id for _ in range(10)]
    published: list[tuple[str, str]] = []

    def publish(events: Sequence[Event]) -> None:
        published.extend((one.conversation_id, one.kind) for one in events)

    commits: list[object] = []
    event.listen(sessions.kw["bind"].sync_engine, "commit", commits.append)
    journal = Journal(sessions, publish)
    last = [[journal.add(chat, kind, {}) for kind in ("first", "second", "third")] for chat in chats]
    await asyncio.gather(*(stored(waiting[-1]) for waiting in last))

    assert [await kinds(sessions, chat) for chat in chats] == [["first", "second", "third"]] * len(chats)
    assert published == [(chat, kind) for chat in chats for kind in ("first", "second", "third")]
    assert len(commits) == 1


async def test_a_step_that_cannot_be_stored_fails_alone_with_what_follows_it(sessions: Sessions) -> None:
    chat, journal = (await add_conversation(sessions)).id, Journal(sessions, lambda _: None)

    lost, kept = journal.add("c_gone", "one", {}), journal.add(chat, "one", {})
    await stored(kept)

    with pytest.raises(IntegrityError):
        await stored(lost)
    assert await kinds(sessions, chat) == ["one"]


async def test_who_stops_waiting_for_a_step_takes_it_from_nobody(sessions: Sessions) -> None:
    chat, journal = (await add_conversation(sessions)).id, Journal(sessions, lambda _: None)
    step = journal.add(chat, "one", {})

    impatient = asyncio.create_task(stored(step))
    await asyncio.sleep(0)
    impatient.cancel()
    await stored(step)

    assert impatient.cancelled() or impatient.cancelling()
    assert await kinds(sessions, chat) == ["one"]


async def test_steps_that_nobody_has_begun_to_store_are_given_back(sessions: Sessions) -> None:
    chat, journal = (await add_conversation(sessions)).id, Journal(sessions, lambda _: None)
    await journal.keep(journal.add(chat, "one", {}))
    journal.add(chat, "two", {})
    journal.add(chat, "three", {})

    withdrawn = await journal.withdraw(chat)
    await journal.close()

    assert [one.kind for one in withdrawn] == ["two", "three"]
    assert await kinds(sessions, chat) == ["one"]


async def test_steps_are_given_back_when_those_before_them_are_stored(sessions: Sessions) -> None:
    chat, journal = (await add_conversation(sessions)).id, Journal(sessions, lambda _: None)
    asked: list[asyncio.Task[list[Event]]] = []

    async def stored_before_and_withdrawn() -> list[Event]:
        journal.add(chat, "two", {})
        withdrawn = await journal.withdraw(chat)
        assert await kinds(sessions, chat) == ["one"]
        return withdrawn

    def ask(_: object) -> None:
        asked.extend([] if asked else [asyncio.create_task(stored_before_and_withdrawn())])

    # The step of no conversation fails them both, and each is then stored by itself: meanwhile the other is asked for.
    event.listen(sessions.kw["bind"].sync_engine, "rollback", ask)
    lost, kept = journal.add("c_gone", "one", {}), journal.add(chat, "one", {})
    await journal.keep(kept)

    assert [one.kind for one in await asked[0]] == ["two"]
    assert lost.exception() is not None


async def test_what_is_shown_live_never_overtakes_the_steps_before_it(sessions: Sessions) -> None:
    chat, told = (await add_conversation(sessions)).id, list[str]()
    journal = Journal(sessions, lambda events: told.extend(one.kind for one in events))

    def show(what: str) -> None:
        journal.after(chat, lambda: told.append(what))

    show("at once")
    journal.add(chat, "refused", {})
    show("first word")
    last = journal.add(chat, "called", {})
    show("second word")
    assert told == ["at once"]
    await journal.keep(last)
    assert told == ["at once", "refused", "first word", "called", "second word"]

    journal.add(chat, "late", {})
    show("last word")
    withdrawn = await journal.withdraw(chat)
    assert (told[-1], [one.kind for one in withdrawn]) == ("last word", ["late"])


async def test_closing_waits_for_what_was_added(sessions: Sessions) -> None:
    chat, journal = (await add_conversation(sessions)).id, Journal(sessions, lambda _: None)

    journal.add(chat, "one", {})
    await journal.close()

    assert await kinds(sessions, chat) == ["one"]


async def test_steps_that_may_have_been_stored_before_the_connection_was_lost_are_not_stored_twice(
    sessions: Sessions,
) -> None:
    chats = [(await add_conversation(sessions)).id for _ in range(2)]
    journal = Journal(sessions, lambda _: None)

    def lose(_: object) -> None:
        event.remove(Session, "after_commit", lose)
        raise DatabaseGoneError("the connection broke")

    event.listen(Session, "after_commit", lose)
    steps = [journal.add(chat, "one", {}) for chat in chats]
    for step in steps:
        with pytest.raises(DatabaseGoneError):
            await stored(step)

    assert [await kinds(sessions, chat) for chat in chats] == [["one"]] * 2
