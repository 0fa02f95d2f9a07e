"""Records: what a model was sent and replied, and what a turn began with, packed; read only when somebody looks."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.chats.conversations import Conversation
from storage.db import Base, now
from storage.errors import NotFoundError
from storage.turns.traces import Trace

LEVEL = 1
"""The fastest of zlib's: prompts are long and alike, and even so become a fifth."""

LONGEST_TEXT = 20_000
MOST_CHARS = 1_000_000
"""Characters of one record, in JSON. A prompt that long is cut in all its texts."""

CUT_TO = 500


class RecordNotFoundError(NotFoundError):
    """Nothing is kept under this id."""

    def __init__(self, record_id: str) -> None:
        super().__init__(
            f"Nothing is kept of {record_id}: it is older than TRACE_DAYS, or its conversation was deleted."
        )


class Record(Base):
    """One packed JSON. Of a model call the id is in the step's data; of a turn's beginning it is the turn's own."""

    __tablename__ = "trace_records"

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class Packed:
    """A record on its way to the database."""

    id: str
    conversation_id: str
    at: datetime
    packed: bytes


def pack(record_id: str, conversation_id: str, told: Any) -> Packed:  # noqa: ANN401 - JSON of any shape
    """Return a record of this JSON. It takes about a millisecond, and is for a thread."""
    text = json.dumps(_bounded(told, LONGEST_TEXT), ensure_ascii=False, default=str)
    if len(text) > MOST_CHARS:
        text = json.dumps(_bounded(told, CUT_TO), ensure_ascii=False, default=str)
    # A lone half of a character pair, which a model may write, cannot be encoded.
    return Packed(record_id, conversation_id, now(), zlib.compress(text.encode(errors="replace"), LEVEL))


def unpack(record: Record) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return what was packed."""
    return json.loads(zlib.decompress(record.packed))


async def add_records(session: AsyncSession, records: Sequence[Packed]) -> None:
    """Store records; those of conversations that were deleted meanwhile are left out."""
    named = {record.conversation_id for record in records}
    there = set(await session.scalars(select(Conversation.id).where(Conversation.id.in_(named))))
    rows = [vars(record) for record in records if record.conversation_id in there]
    if rows:
        await session.execute(insert(Record), rows)


async def get_record(session: AsyncSession, record_id: str, conversation_id: str) -> Any:  # noqa: ANN401 - any JSON
    """Return what is kept under an id of this conversation.

    Raises:
        RecordNotFoundError: nothing is.
    """
    record = await session.get(Record, record_id)
    if record is None or record.conversation_id != conversation_id:
        raise RecordNotFoundError(record_id)
    return unpack(record)


async def list_kept(session: AsyncSession, record_ids: Sequence[str]) -> set[str]:
    """Return those of these ids under which something is kept."""
    return set(await session.scalars(select(Record.id).where(Record.id.in_(record_ids))))


async def forget(session: AsyncSession, before: datetime, *, limit: int) -> int:
    """Delete up to `limit` records, and as many turns, from before a moment; return how many went."""
    gone = 0
    for table in (Record, Trace):
        old = select(table.id).where(table.at < before).order_by(table.at).limit(limit)
        ids = (await session.scalars(old)).all()
        if ids:
            await session.execute(delete(table).where(table.id.in_(ids)))
        gone += len(ids)
    return gone


def _bounded(told: Any, longest: int) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return JSON with long texts cut, and pictures told by their size instead of their bytes."""
    if isinstance(told, str):
        if told.startswith("data:") and ";base64," in told[:80]:
            return f"{told.partition(',')[0]},… ({len(told):,} characters)"
        return told if len(told) <= longest else f"{told[:longest]}… ({len(told):,} characters)"
    if isinstance(told, dict):
        return {name: _bounded(value, longest) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [_bounded(one, longest) for one in told]
    return told
