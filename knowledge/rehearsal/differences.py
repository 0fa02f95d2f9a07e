"""Which questions a changed handbook would answer otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.search import Answer, Handbook
from storage.handbook.in_vain import AskedBefore


class Change(StrEnum):
    """What becomes of a question."""

    LOST = "no longer answered"
    ELSEWHERE = "answered from another section"
    REWORDED = "answered with another text"
    NEW = "answered from now on"


@dataclass(frozen=True)
class Place:
    """Where a question is answered, and with which text; nowhere if it is not."""

    key: str = ""
    section: str = ""
    text: str = ""

    def __str__(self) -> str:
        """Return the policy and its section."""
        return f"{self.key}, {self.section}"


@dataclass(frozen=True)
class Difference:
    """A question that would be answered otherwise."""

    asked: AskedBefore
    change: Change
    before: Place
    after: Place


async def place_of(session: AsyncSession, handbook: Handbook, question: str, today: date) -> Place:
    """Return where a handbook answers a question."""
    return _place(await handbook.search(session, question, language=None, limit=1, today=today))


def differences(asked: Sequence[AskedBefore], before: Sequence[Place], after: Sequence[Place]) -> list[Difference]:
    """Return the questions whose place changes, those that lose their answer first, then the most frequent."""
    found = [
        Difference(one, change, *places)
        for one, places in zip(asked, zip(before, after, strict=True), strict=True)
        if (change := _change(*places)) is not None
    ]
    return sorted(found, key=lambda one: (list(Change).index(one.change), -one.asked.times))


def _place(answer: Answer) -> Place:
    if not answer.answered:
        return Place()
    best = answer.found[0]
    return Place(best.document.key, best.passage.section, " ".join(best.passage.text.split()))


def _change(before: Place, after: Place) -> Change | None:
    if before == after:
        return None
    if not before.key or not after.key:
        return Change.NEW if after.key else Change.LOST
    return Change.REWORDED if (before.key, before.section) == (after.key, after.section) else Change.ELSEWHERE
