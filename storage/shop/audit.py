"""The audit log: who changed what, for whom, and which yes allowed it. Append-only."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base, now, stored_by_value
from storage.tokens import Caller


class Answer(StrEnum):
    """The customer's answer to the question; `not asked` if the tool needs no yes."""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not asked"


class How(StrEnum):
    """How a question was answered: on the page, behind a link; in a client that showed it; by a client's token."""

    LINK = "link"
    QUESTION = "question"
    TOKEN = "token"  # noqa: S105 - a way of answering


@dataclass(frozen=True)
class Answerer:
    """Who answered a question, where and how.

    Args:
        who: the account that was logged in, or the caller whose client answered.
        where: the page, or what the client calls itself.
        how: in which way.
    """

    who: str
    where: str
    how: How


class Audit(Base):
    """One answered question or one write. `confirmation` identifies the question, so that it is answered only once.

    `answered_by`, `answered_where` and `answered_how`: an `Answerer`, for what was asked.
    `said`: what the person wrote for arguments that take only some words, such as the reason of a cancellation.
    """

    __tablename__ = "audit"

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    confirmation: Mapped[str | None] = mapped_column(unique=True)
    answer: Mapped[Answer] = mapped_column(stored_by_value(Answer))
    answered_by: Mapped[str | None]
    answered_where: Mapped[str | None]
    answered_how: Mapped[str | None]
    caller: Mapped[str]
    customer_id: Mapped[str | None] = mapped_column(index=True)
    tool: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    said: Mapped[dict[str, str] | None]
    summary: Mapped[str]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


async def find_audit(session: AsyncSession, confirmation: str) -> Audit | None:
    """Return the answer to this question, if there is one."""
    return (await session.scalars(select(Audit).where(Audit.confirmation == confirmation))).first()


def add_audit(
    session: AsyncSession,
    *,
    confirmation: str | None,
    answer: Answer,
    caller: Caller,
    tool: str,
    arguments: dict[str, Any],
    summary: str,
    changes: list[dict[str, Any]],
    said: Mapping[str, str] | None = None,
    answerer: Answerer | None = None,
) -> Audit:
    """Add the row; it is committed with the transaction it describes, or not at all."""
    row = Audit(
        id=f"a_{secrets.token_urlsafe(12)}",
        at=now(),
        confirmation=confirmation,
        answer=answer,
        answered_by=None if answerer is None else answerer.who,
        answered_where=None if answerer is None else answerer.where,
        answered_how=None if answerer is None else answerer.how.value,
        caller=caller.subject,
        customer_id=caller.customer_id,
        tool=tool,
        arguments=arguments,
        said=None if said is None else dict(said),
        summary=summary,
        changes=changes,
    )
    session.add(row)
    return row
