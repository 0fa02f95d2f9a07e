"""The handbook's rows: documents, the passages they are cut into, and the generation readers watch."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db import Base
from storage.errors import ShopError


class PolicyNotFoundError(ShopError):
    """No such policy."""

    def __init__(self, policy_id: str) -> None:
        super().__init__(f"No policy {policy_id} was found. Find policies with search_policies.")


class Passage(Base):
    """A piece of a document under one heading; its id stays the same while its text does."""

    __tablename__ = "passages"

    id: Mapped[str] = mapped_column(primary_key=True)
    document_key: Mapped[str] = mapped_column(ForeignKey("documents.key", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    section: Mapped[str]
    text: Mapped[str]


class Document(Base):
    """A policy in one language. `key` is policy id and language together: one id serves all its languages."""

    __tablename__ = "documents"

    key: Mapped[str] = mapped_column(primary_key=True)
    policy_id: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    title: Mapped[str]
    category: Mapped[str] = mapped_column(default="")
    effective_date: Mapped[date]
    replaced_date: Mapped[date | None]
    source: Mapped[str]
    sha256: Mapped[str]
    text: Mapped[str]
    passages: Mapped[list[Passage]] = relationship(
        order_by=Passage.number, lazy="selectin", cascade="all, delete-orphan", passive_deletes=True
    )


class Generation(Base):
    """How many times the handbook was taken in, and with which embedder its vectors were made."""

    __tablename__ = "generation"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    number: Mapped[int]
    embedder: Mapped[str]


async def get_document(session: AsyncSession, policy_id: str, language: str | None) -> Document:
    """Return a policy in a language; without one, in English, else in whichever it has.

    Raises:
        PolicyNotFoundError: there is no such policy, or not in that language.
    """
    query = select(Document).where(Document.policy_id == policy_id)
    if language is not None:
        query = query.where(Document.language == language)
    document = (await session.scalars(query.order_by(Document.language != "en", Document.language))).first()
    if document is None:
        raise PolicyNotFoundError(policy_id)
    return document


async def list_documents(session: AsyncSession) -> Sequence[Document]:
    """Return all documents by key."""
    return (await session.scalars(select(Document).order_by(Document.key))).all()


async def delete_document(session: AsyncSession, key: str) -> None:
    """Remove a document with its passages."""
    await session.execute(delete(Document).where(Document.key == key))


async def find_generation(session: AsyncSession) -> Generation | None:
    """Return the handbook's generation, or None when nothing was taken in yet."""
    return await session.get(Generation, 1)
