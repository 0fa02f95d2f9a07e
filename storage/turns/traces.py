"""Traces: one row for each turn that ended, with what people search for, and a row for each tool or model it used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.chats.thumbs import Thumb
from storage.db import Base
from storage.errors import NotFoundError

TOOL, MODEL, SPECIALIST, ENDPOINT = "tool", "model", "specialist", "endpoint"
"""What a part of a trace may be."""

FAILED = ("failed", "lost")
STATUSES = ("failed", "slow", "fallback", "done", "asked", "stopped", "lost")
"""What can be asked for: how a turn ended, and what happened in it whichever way it ended."""

THUMBS = ("up", "down")
SLOW_MS = 10_000
"""From here on a turn counts as slow: a customer has long looked elsewhere."""

HOUR_S = 3_600


class TraceNotFoundError(NotFoundError):
    """There is no such turn, or it is no longer kept."""

    def __init__(self, trace_id: str) -> None:
        super().__init__(f"No turn {trace_id} is kept. Older ones are deleted after TRACE_DAYS.")


class Trace(Base):
    """One turn. Its steps are the conversation's events from `first_seq` to `last_seq`.

    `hour` is its start in whole hours since 1970; `by` says whether a rule, a model or nobody chose the specialist;
    `replaced` whether something stood in for what was meant: another endpoint, or the service desk for the router.
    Times are in milliseconds; `first_word_ms` is None where the customer read nothing.
    """

    __tablename__ = "traces"

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    first_seq: Mapped[int]
    last_seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    hour: Mapped[int] = mapped_column(index=True)
    status: Mapped[str]
    trouble: Mapped[str] = mapped_column(default="")
    language: Mapped[str]
    caller: Mapped[str]
    asked: Mapped[str]
    answered: Mapped[str]
    specialist: Mapped[str]
    by: Mapped[str]
    ms: Mapped[float]
    first_word_ms: Mapped[float | None]
    model_calls: Mapped[int]
    failed_calls: Mapped[int]
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]
    cached_tokens: Mapped[int]
    tool_calls: Mapped[int]
    tool_errors: Mapped[int]
    replaced: Mapped[bool]


class TracePart(Base):
    """A tool, a model, an endpoint or a specialist of one turn: how often, how often it failed, and for how long."""

    __tablename__ = "trace_parts"

    trace_id: Mapped[str] = mapped_column(ForeignKey("traces.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True, index=True)
    calls: Mapped[int]
    errors: Mapped[int]
    ms: Mapped[float]


@dataclass(frozen=True)
class Wanted:
    """Which turns are wanted; everything left empty allows all."""

    search: str = ""
    status: str = ""
    tool: str = ""
    model: str = ""
    specialist: str = ""
    thumb: str = ""
    conversation: str = ""
    since: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what a turn's row has to meet."""
        found = [*_of_status(self.status), *_of_thumb(self.thumb)]
        found += [_has(kind, name) for kind, name in self._parts() if name]
        if self.search:
            texts = (Trace.asked, Trace.answered)
            named = or_(Trace.id == self.search, Trace.conversation_id == self.search)
            found.append(or_(named, *(text.icontains(self.search, autoescape=True) for text in texts)))
        if self.conversation:
            found.append(Trace.conversation_id == self.conversation)
        if self.since is not None:
            found.append(Trace.at >= self.since)
        return found

    def _parts(self) -> list[tuple[str, str]]:
        return [(TOOL, self.tool), (MODEL, self.model), (SPECIALIST, self.specialist)]


def _of_status(status: str) -> list[ColumnElement[bool]]:
    match status:
        case "":
            return []
        case "failed":
            return [or_(Trace.status.in_(FAILED), Trace.tool_errors > 0)]
        case "slow":
            return [Trace.ms >= SLOW_MS]
        case "fallback":
            return [Trace.replaced.is_(True)]
        case _:
            return [Trace.status == status]


def _of_thumb(thumb: str) -> list[ColumnElement[bool]]:
    if not thumb:
        return []
    within = and_(Thumb.conversation_id == Trace.conversation_id, Thumb.seq.between(Trace.first_seq, Trace.last_seq))
    return [exists().where(within, Thumb.up.is_(thumb == "up"))]


def _has(kind: str, name: str) -> ColumnElement[bool]:
    return exists().where(TracePart.trace_id == Trace.id, TracePart.kind == kind, TracePart.name == name)


async def list_traces(
    session: AsyncSession, wanted: Wanted, *, limit: int, after: tuple[datetime, str] | None = None
) -> Sequence[Trace]:
    """Return the turns that are wanted, newest first.

    Args:
        session: the transaction.
        wanted: which turns.
        limit: how many at most.
        after: the moment and id of the last one of the page before.
    """
    query: Select[Trace] = select(Trace).where(*wanted.conditions())
    if after is not None:
        at, last = after
        query = query.where(or_(Trace.at < at, and_(Trace.at == at, Trace.id < last)))
    return (await session.scalars(query.order_by(Trace.at.desc(), Trace.id.desc()).limit(limit))).all()


async def get_trace(session: AsyncSession, trace_id: str) -> Trace:
    """Return a turn's row.

    Raises:
        TraceNotFoundError: there is none.
    """
    found = await session.get(Trace, trace_id)
    if found is None:
        raise TraceNotFoundError(trace_id)
    return found


async def list_parts(session: AsyncSession, trace_ids: Sequence[str]) -> dict[str, list[TracePart]]:
    """Return the parts of turns by their ids."""
    rows = await session.scalars(select(TracePart).where(TracePart.trace_id.in_(trace_ids)))
    found: dict[str, list[TracePart]] = {trace_id: [] for trace_id in trace_ids}
    for row in rows:
        found[row.trace_id].append(row)
    return found


async def list_thumbs_of(session: AsyncSession, traces: Sequence[Trace]) -> dict[str, str]:
    """Return the latest thumb of each of these turns by its id; turns without one are left out."""
    query = select(Trace.id, Thumb.up).join(
        Thumb,
        and_(Thumb.conversation_id == Trace.conversation_id, Thumb.seq.between(Trace.first_seq, Trace.last_seq)),
    )
    rows = await session.execute(query.where(Trace.id.in_([trace.id for trace in traces])).order_by(Thumb.at))
    return {trace_id: "up" if up else "down" for trace_id, up in rows}


async def list_names(session: AsyncSession, kind: str) -> Sequence[str]:
    """Return the names of all tools, models or specialists that occur in turns."""
    query = select(TracePart.name).where(TracePart.kind == kind).distinct().order_by(TracePart.name)
    return (await session.scalars(query)).all()
