"""The handbook's rows: documents, the passages they are cut into, and the generation readers watch."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, ForeignKey, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, Mapped, aliased, mapped_column, relationship

from storage.db import Base
from storage.errors import NotFoundError

Column = InstrumentedAttribute[date | None]
Day = date | BindParameter[date]

BUILT_IN = "handbook/"
"""Prefix of a built-in document's source."""


class PolicyNotFoundError(NotFoundError):
    """No such policy."""

    def __init__(self, policy_id: str) -> None:
        super().__init__(f"No policy {policy_id} was found. Find policies with search_policies.")


class Passage(Base):
    """A section of a document under one heading; its id changes only with its text.

    `asked` are questions that customers ask about it, one per line: they are searched but never shown.
    """

    __tablename__ = "passages"

    id: Mapped[str] = mapped_column(primary_key=True)
    document_key: Mapped[str] = mapped_column(ForeignKey("documents.key", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    section: Mapped[str]
    text: Mapped[str]
    asked: Mapped[str] = mapped_column(default="")


class Document(Base):
    """A policy in one language. `key` is policy id and language together: one id serves all its languages.

    It is in force from its effective date, or always if it has none; `expires` is the last day it is in force.
    """

    __tablename__ = "documents"

    key: Mapped[str] = mapped_column(primary_key=True)
    policy_id: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    title: Mapped[str]
    category: Mapped[str] = mapped_column(default="")
    effective_date: Mapped[date | None]
    expires: Mapped[date | None]
    source: Mapped[str]
    sha256: Mapped[str]
    text: Mapped[str]
    passages: Mapped[list[Passage]] = relationship(
        order_by=Passage.number, lazy="selectin", cascade="all, delete-orphan", passive_deletes=True
    )


class Generation(Base):
    """How many times the handbook was ingested, and which embedder made its vectors."""

    __tablename__ = "generation"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    number: Mapped[int]
    embedder: Mapped[str]


class Replacement(Base):
    """A document that, from its first day on, replaces a policy in all its languages."""

    __tablename__ = "replacements"

    document_key: Mapped[str] = mapped_column(ForeignKey("documents.key", ondelete="CASCADE"), primary_key=True)
    policy_id: Mapped[str] = mapped_column(primary_key=True, index=True)


def in_force(today: Day) -> ColumnElement[bool]:
    """Return the condition that a document is in force on a day: started, not expired, not replaced by one in force."""
    newer = aliased(Document)
    replaced = exists().where(
        Replacement.policy_id == Document.policy_id,
        Replacement.document_key == newer.key,
        _holds(newer.effective_date, newer.expires, today),
    )
    return and_(_holds(Document.effective_date, Document.expires, today), ~replaced.correlate(Document))


def _holds(begins: Column, expires: Column, today: Day) -> ColumnElement[bool]:
    return and_(or_(begins.is_(None), begins <= today), or_(expires.is_(None), expires >= today))


async def get_document(
    session: AsyncSession, policy_id: str, language: str | None, *, today: date, preferred: str = "en"
) -> Document:
    """Return a policy in force, in a given language or, if none is given, in the preferred language or any other.

    Raises:
        PolicyNotFoundError: there is no such policy in force, or not in that language.
    """
    query = select(Document).where(Document.policy_id == policy_id, in_force(today))
    if language is not None:
        query = query.where(Document.language == language)
    in_order = query.order_by(Document.language != preferred, Document.language != "en", Document.language)
    document = (await session.scalars(in_order)).first()
    if document is None:
        raise PolicyNotFoundError(policy_id)
    return document


async def list_policies(
    session: AsyncSession, *, today: date, preferred: str, after: str = "", limit: int
) -> Sequence[tuple[str, str]]:
    """Return the id and title of each policy in force, by id, after an id; the title in the preferred language."""
    ids = select(Document.policy_id).where(in_force(today), Document.policy_id > after).distinct()
    page = ids.order_by(Document.policy_id).limit(limit)
    named = select(Document.policy_id, Document.title).where(in_force(today), Document.policy_id.in_(page))
    in_order = named.order_by(Document.policy_id, Document.language == preferred, Document.language == "en")
    titles: dict[str, str] = {}
    for policy_id, title in await session.execute(in_order):
        titles[policy_id] = title
    return list(titles.items())


async def list_policy_ids(session: AsyncSession, typed: str, *, today: date, limit: int) -> Sequence[str]:
    """Return the ids of the policies in force whose id, or title in any language, contains this text."""
    has = or_(Document.policy_id.icontains(typed, autoescape=True), Document.title.icontains(typed, autoescape=True))
    query = select(Document.policy_id).where(in_force(today), has).distinct()
    return (await session.scalars(query.order_by(Document.policy_id).limit(limit))).all()


async def find_generation(session: AsyncSession) -> Generation | None:
    """Return the handbook's generation, or None if nothing has been ingested yet."""
    return await session.get(Generation, 1)
