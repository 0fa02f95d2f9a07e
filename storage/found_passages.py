"""Passages a search found: where each stands, in few columns, and then the text of the few that are shown."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, defer, raiseload

from storage.passages import Document, Passage, in_force

Row = tuple[Passage, Document]
"""A passage and its document, without the document's whole text."""


@dataclass(frozen=True)
class Place:
    """Where a passage stands."""

    passage_id: str
    policy_id: str
    language: str
    number: int


async def list_places(
    session: AsyncSession, ids: Collection[str], today: date, category: str | None
) -> Sequence[Place]:
    """Return where those of the passages stand whose document is in force, of a category if it is named."""
    asked = {"ids": list(ids), "today": today, "category": category}
    return [Place(*row) for row in await session.execute(_places(in_category=category is not None), asked)]


async def count_passages(session: AsyncSession, policy_ids: Collection[str]) -> Mapping[str, Collection[int]]:
    """Return how many passages each policy has in each of its languages."""
    counts: dict[str, list[int]] = {}
    for policy_id, count in await session.execute(_counts(), {"policy_ids": list(policy_ids)}):
        counts.setdefault(policy_id, []).append(count)
    return counts


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


# Putting a query together takes longer than running it, so each is put together once.
@cache
def _places(*, in_category: bool) -> Select[str, str, str, int]:
    query = select(Passage.id, Document.policy_id, Document.language, Passage.number).join(Document)
    query = query.where(_one_of(Passage.id, "ids"), in_force(bindparam("today", type_=Date)))
    return query.where(Document.category == bindparam("category")) if in_category else query


@cache
def _counts() -> Select[str, int]:
    query = select(Document.policy_id, func.count()).join(Passage).where(_one_of(Document.policy_id, "policy_ids"))
    return query.group_by(Document.key, Document.policy_id)


@cache
def _rows() -> Select[Passage, Document]:
    # The text of a whole policy may be a book, and nobody shows it.
    options = (defer(Document.text, raiseload=True), raiseload(Document.passages))
    return select(Passage, Document).join(Document).options(*options)


@cache
def _by_id() -> Select[Passage, Document]:
    return _rows().where(_one_of(Passage.id, "ids"))


@cache
def _same_numbered() -> Select[Passage, Document]:
    # Pairs of policy and number in one condition would be looked for in every passage of the language.
    query = _rows().where(_one_of(Document.policy_id, "policy_ids"), _one_of(Passage.number, "numbers"))
    return query.where(Document.language == bindparam("language"), in_force(bindparam("today", type_=Date)))


def _one_of(column: InstrumentedAttribute[Any], name: str) -> ColumnElement[bool]:
    return column.in_(bindparam(name, expanding=True))
