"""Events: the numbered steps of a conversation, so that a reader can resume where it stopped."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ForeignKey, Integer, Table, Text, bindparam, func, insert, select
from sqlalchemy import cast as cast_to
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.characters import cleaned_json
from storage.chats.listening import EVENTS
from storage.db import Base, hold, is_postgresql, now


class Event(Base):
    """One step: a message, the router's choice, a tool call, a question, the end of a turn."""

    __tablename__ = "events"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    data: Mapped[dict[str, Any]]


NEWEST = 2**62
"""A number that no event reaches."""

GIVEN = ("conversation_id", "seq", "at", "kind", "data")


# On the table, not the class, and built only once: with the ORM, building a statement takes five times as long as
# running it.
TABLE = cast(Table, Event.__table__)
LAST = select(func.coalesce(func.max(TABLE.c.seq), 0)).where(TABLE.c.conversation_id == bindparam("conversation_id"))
# In one statement, since a second one would be another round trip. Who listens is told at the commit.
LAST_AND_NOTIFY = LAST.add_columns(
    func.pg_notify(
        EVENTS,
        func.concat(
            cast_to(bindparam("conversation_id"), Text),
            " ",
            func.coalesce(func.max(TABLE.c.seq), 0) + bindparam("added", type_=Integer),
        ),
    )
)
ADD = insert(TABLE)
LATEST = (
    select(Event)
    .where(
        Event.conversation_id == bindparam("conversation_id"),
        Event.kind == bindparam("kind"),
        Event.seq <= bindparam("last"),
    )
    .order_by(Event.seq.desc())
    .limit(bindparam("limit"))
)


def read_of(message: Mapping[str, Any]) -> str:
    """Return what models read of a stored message: less than its text where that gives them orders."""
    return str(message.get("told", message["text"]))


def new_event(conversation_id: str, kind: str, data: dict[str, Any]) -> Event:
    """Return a new step with the current time, cleaned of invisible characters and escapes."""
    return Event(conversation_id=conversation_id, at=now(), kind=kind, data=cleaned_json(data))


async def add_events(session: AsyncSession, events: Sequence[Event]) -> None:
    """Append events, each under its conversation's next number, which is set on it.

    Once they are committed, PostgreSQL tells every process that listens.
    """
    by_conversation: dict[str, list[Event]] = {}
    for event in events:
        by_conversation.setdefault(event.conversation_id, []).append(event)
    last = LAST_AND_NOTIFY if is_postgresql(session) else LAST
    for conversation_id, added in sorted(by_conversation.items()):
        await hold(session, f"events of {conversation_id}")
        given = {"conversation_id": conversation_id, "added": len(added)}
        number = (await session.execute(last, given)).scalar_one_or_none() or 0
        for event in added:
            number += 1
            event.seq = number
    if events:
        await session.execute(ADD, [{name: getattr(event, name) for name in GIVEN} for event in events])


async def add_event(session: AsyncSession, conversation_id: str, kind: str, data: dict[str, Any]) -> Event:
    """Append an event with the conversation's next number."""
    event = new_event(conversation_id, kind, data)
    await add_events(session, [event])
    return event


async def list_events(session: AsyncSession, conversation_id: str, *, after: int) -> Sequence[Event]:
    """Return a conversation's events numbered above `after`, in order."""
    query = select(Event).where(Event.conversation_id == conversation_id, Event.seq > after).order_by(Event.seq)
    return (await session.scalars(query)).all()


async def find_last_numbers(session: AsyncSession, conversation_ids: Collection[str]) -> dict[str, int]:
    """Return the number of each conversation's last event; conversations without events are left out."""
    query = select(Event.conversation_id, func.max(Event.seq)).where(Event.conversation_id.in_(conversation_ids))
    return {row[0]: row[1] for row in await session.execute(query.group_by(Event.conversation_id))}


async def list_latest_events(
    session: AsyncSession, conversation_id: str, kind: str, *, limit: int, last: int = NEWEST
) -> Sequence[Event]:
    """Return a conversation's last events of one kind up to the one numbered `last`, oldest first."""
    given = {"conversation_id": conversation_id, "kind": kind, "limit": limit, "last": last}
    return (await session.scalars(LATEST, given)).all()[::-1]
