"""What was said in a conversation before a turn, read in one statement for all parts of the turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from storage.chats.events import TABLE
from storage.chats.handovers import GIVEN_BACK

MESSAGE, RESULT = "message", "tool_result"
MESSAGES, RESULTS = 60, 20
"""How many of a conversation's latest messages and tool results a turn looks back on."""


@dataclass(frozen=True)
class Earlier:
    """The data of a conversation's latest messages and tool results, oldest first; the last message is being answered.

    `given_back` is the number of the event with which a person last gave the conversation back; 0 if none did.
    """

    messages: Sequence[Mapping[str, Any]] = ()
    results: Sequence[Mapping[str, Any]] = ()
    given_back: int = 0


def _latest(kind: str, limit: int) -> Select[tuple[int, str, dict[str, Any]]]:
    of_kind = (
        select(TABLE.c.seq, TABLE.c.kind, TABLE.c.data)
        .where(
            TABLE.c.conversation_id == bindparam("conversation_id"),
            TABLE.c.kind == kind,
            TABLE.c.seq <= bindparam("last"),
        )
        .order_by(TABLE.c.seq.desc())
        .limit(limit)
    )
    # SQLite sorts and limits a part of a union only within a query of its own.
    return select(of_kind.subquery())


# Built only once, as in `events.py`.
EARLIER = union_all(_latest(MESSAGE, MESSAGES), _latest(RESULT, RESULTS), _latest(GIVEN_BACK, 1))


async def read_earlier(session: AsyncSession, conversation_id: str, *, last: int) -> Earlier:
    """Return what a turn looks back on, up to the event numbered `last`."""
    found = await session.execute(EARLIER, {"conversation_id": conversation_id, "last": last})
    rows = sorted(found, key=lambda row: row.seq)
    return Earlier(
        [row.data for row in rows if row.kind == MESSAGE],
        [row.data for row in rows if row.kind == RESULT],
        max((row.seq for row in rows if row.kind == GIVEN_BACK), default=0),
    )
