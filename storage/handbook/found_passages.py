"""The passages a search found: first their positions, in few columns, then the text of the few that are shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, bindparam, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, defer, raiseload

from storage.handbook.passages import Document, Passage, in_force

Row = tuple[Passage, Document]
"""A passage and its document, without the document's full text."""


@dataclass(frozen=True)
class Place:
    """A passage's position; `paired` if its policy has the same number of passages in each of its languages."""

    passage_id: str
    policy_id: str
    language: str
    number: int
    paired: bool


@dataclass(frozen=True)
class Extent:
    """The handbook's number of passages, and the policies with the same number in each of their languages."""

    passages: int
    paired: frozenset[str]


async def find_extent(session: AsyncSession) -> Extent:
    """Return the handbook's extent, which changes only with its generation."""
    rows = (await session.execute(_extent())).all()
    return Extent(sum(total for _, _, total in rows), frozenset(policy for policy, paired, _ in rows if paired))


async def list_places(
    session: AsyncSession, ids: Collection[str], today: date, paired: Collection[str]
) -> Sequence[Place]:
    """Return the positions of those passages whose document is in force."""
    rows = await session.execute(_places(), {"ids": list(ids), "today": today})
    return [Place(key, policy, language, number, policy in paired) for key, policy, language, number in rows]


async def list_rows(session: AsyncSession, ids: Collection[str]) -> Sequence[Row]:
    """Return these passages with their documents."""
    rows = await session.execute(_by_id(), {"ids": list(ids)})
    return [(passage, document) for passage, document in rows]


async def list_same_numbered(
    session: AsyncSession, policies: Collection[tuple[str, int]], language: str, today: date
) -> Sequence[Row]:
    """Return the passages with these policy ids and numbers in one language, in force, with their documents."""
    asked = {
        "policy_ids": [policy_id for policy_id, _ in policies],
        "numbers": [number for _, number in policies],
        "language": language,
        "today": today,
    }
    rows = await session.execute(_same_numbered(), asked)
    return [(passage, document) for passage, document in rows if (document.policy_id, passage.number) in policies]


async def list_in_force(session: AsyncSession, day: date) -> Sequence[Row]:
    """Return every passage in force on a day, with its document."""
    query = _rows().where(in_force(day)).order_by(Document.key, Passage.number)
    return [(passage, document) for passage, document in await session.execute(query)]


async def list_later(session: AsyncSession, day: date) -> dict[str, date]:
    """Return the first day of each document that is not in force until after a day, by its key."""
    rows = await session.execute(select(Document.key, Document.effective_date).where(Document.effective_date > day))
    return {key: begins for key, begins in rows if begins is not None}


# Building a query takes longer than running it, so each is built once.
@cache
def _places() -> Select[str, str, str, int]:
    query = select(Passage.id, Document.policy_id, Document.language, Passage.number).join(Document)
    return query.where(_one_of(Passage.id, "ids"), in_force(bindparam("today", type_=Date)))


@cache
def _extent() -> Select[str, bool, int]:
    lengths = select(Passage.document_key, func.count().label("length")).group_by(Passage.document_key).subquery()
    length = lengths.c.length
    query = select(Document.policy_id, func.min(length) == func.max(length), cast(func.sum(length), Integer))
    return query.join(lengths, lengths.c.document_key == Document.key).group_by(Document.policy_id)


@cache
def _rows() -> Select[Passage, Document]:
    # A policy's full text may be as long as a book, and is never shown.
    options = (defer(Document.text, raiseload=True), raiseload(Document.passages))
    return select(Passage, Document).join(Document).options(*options)


@cache
def _by_id() -> Select[Passage, Document]:
    return _rows().where(_one_of(Passage.id, "ids"))


@cache
def _same_numbered() -> Select[Passage, Document]:
    # A condition on (policy, number) pairs would scan every passage of the language.
    query = _rows().where(_one_of(Document.policy_id, "policy_ids"), _one_of(Passage.number, "numbers"))
    return query.where(Document.language == bindparam("language"), in_force(bindparam("today", type_=Date)))


def _one_of(column: InstrumentedAttribute[Any], name: str) -> ColumnElement[bool]:
    return column.in_(bindparam(name, expanding=True))
