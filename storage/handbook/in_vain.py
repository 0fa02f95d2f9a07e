"""What the team asked the handbook in vain: the questions that customers have and no policy answers."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.chats.events import Event
from storage.db import Base, now
from storage.owners import Staff

WORD = re.compile(r"\w+")
SEARCH = "search_policies"
"""The tool by which the team asks the handbook."""
LONGEST = 500
"""Characters of a question that are kept."""


class AskedInVain(Base):
    """One search that found no answer. It goes with its conversation; `words` is what counts as the same question."""

    __tablename__ = "asked_in_vain"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(primary_key=True, index=True)
    language: Mapped[str]
    question: Mapped[str]


@dataclass(frozen=True)
class Gap:
    """A question without an answer: how often it was asked, in how many conversations, and when last."""

    question: str
    language: str
    times: int
    conversations: int
    last_at: datetime


def words_of(question: str) -> str:
    """Return a question's words alone, so that case, spaces and marks make no difference."""
    return " ".join(WORD.findall(question.casefold()))


@dataclass(frozen=True)
class AskedBefore:
    """A question that the team once asked the handbook, and how often."""

    question: str
    times: int


async def keep_in_vain(session: AsyncSession, conversation_id: str, language: str, questions: Iterable[str]) -> None:
    """Store what was asked in vain in a turn, each question once."""
    at = now()
    for words, question in {words_of(one): one[:LONGEST] for one in questions}.items():
        row = AskedInVain(conversation_id=conversation_id, at=at, words=words, language=language, question=question)
        session.add(row)


async def list_gaps(session: AsyncSession, _whose: Staff, *, limit: int) -> Sequence[Gap]:
    """Return what was asked in vain, the most frequent first."""
    times, last = func.count(), func.max(AskedInVain.at)
    asked = select(
        func.max(AskedInVain.question),
        func.max(AskedInVain.language),
        times,
        func.count(AskedInVain.conversation_id.distinct()),
        last,
    )
    query = asked.group_by(AskedInVain.words).order_by(times.desc(), last.desc()).limit(limit)
    return [Gap(*row) for row in await session.execute(query)]


async def list_asked(session: AsyncSession, _whose: Staff, *, limit: int) -> Sequence[AskedBefore]:
    """Return what the team asked the handbook in its latest searches, answered or not, the most frequent first."""
    latest = select(Event.data["arguments"]["query"].as_string()).where(
        Event.kind == "tool_call", Event.data["tool"].as_string() == SEARCH
    )
    asked = [one for one in await session.scalars(latest.order_by(Event.at.desc()).limit(limit)) if one]
    counts = Counter(map(words_of, asked))
    first = {words_of(question): question for question in reversed(asked)}
    return [AskedBefore(first[words], times) for words, times in counts.most_common() if words]
