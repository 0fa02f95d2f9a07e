"""Changes that programs asked for: each waits for the yes of its person, who gives it on the page and nowhere else.

The tool servers keep the question and carry out its answer; the page shows it, and keeps what its person said.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base, hold, now, stored_by_value
from storage.errors import NotFoundError, ShopError
from storage.people.accounts import Account
from storage.shop.audit import Answer
from storage.tokens import Caller

OPEN_FOR = timedelta(seconds=600)
"""How long a question can be answered, and an answer carried out: as long as any other question of the shop."""

KEPT_FOR = timedelta(days=1)
"""How long a program can still learn what came of it."""


class NoSuchChangeError(NotFoundError):
    """There is no such question, or it is somebody else's; the text is the same for both."""

    def __init__(self) -> None:
        super().__init__("There is no such question. The link is wrong, too old, or for another login.")


class OtherwiseAnsweredError(ShopError):
    """The question has the other answer already."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"This question was already answered: {answer.value}. It cannot be answered again.")


class QuestionExpiredError(ShopError):
    """The question was not answered in time, or a newer one took its place."""

    def __init__(self) -> None:
        super().__init__("This question has expired. Nothing was changed. Ask for the change again.")


class AskedChange(Base):
    """One question. It can be answered once, until it expires; what came of the answer is kept with it.

    `asked_by` is the customer that the program acted for: only they may answer; what was asked as staff, any member of
    staff may. `program` is what the program calls itself, which nobody checked. `said` is what the person wrote for
    arguments that take only some words. `told` is whether the same call was told what came of it.
    """

    __tablename__ = "asked_changes"

    id: Mapped[str] = mapped_column(primary_key=True)
    asked_by: Mapped[str]
    staff: Mapped[bool]
    scopes: Mapped[list[str]]
    language: Mapped[str]
    server: Mapped[str]
    tool: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    said: Mapped[dict[str, str] | None]
    digest: Mapped[str] = mapped_column(index=True)
    program: Mapped[str | None]
    text: Mapped[str]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[Answer | None] = mapped_column(stored_by_value(Answer))
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    status: Mapped[int | None]
    outcome: Mapped[dict[str, Any] | None]
    told: Mapped[bool] = mapped_column(default=False)

    @property
    def is_open(self) -> bool:
        """Whether it still can be answered."""
        return self.answer is None and self.expires_at > now()

    @property
    def can_be_carried_out(self) -> bool:
        """Whether it was answered, and so lately that the answer still counts."""
        return self.answered_at is not None and self.answered_at > now() - OPEN_FOR

    @property
    def has_failed(self) -> bool:
        """Whether its yes could not be carried out, and its person was told so."""
        return self.outcome is not None and "error" in self.outcome

    @property
    def caller(self) -> Caller:
        """Who it was asked for."""
        return Caller(self.asked_by, self.staff, frozenset(self.scopes), language=self.language)

    def is_for(self, account: Account) -> bool:
        """Whether this login may read and answer it: the customer themselves, or staff if it was asked as staff."""
        return account.staff if self.staff else account.customer_id == self.asked_by


@dataclass(frozen=True)
class Wanted:
    """A call that asks first: by whom, of which server, with what. Arguments that were left out are not among them."""

    caller: Caller
    server: str
    tool: str
    arguments: Mapping[str, Any]
    said: Mapping[str, str] | None = None
    program: str | None = None

    @property
    def digest(self) -> str:
        """What makes another call by the same caller the same one, whichever program makes it."""
        whole = [self.caller.subject, self.caller.staff, self.server, self.tool, self.arguments, self.said or {}]
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


async def find_answered(session: AsyncSession, wanted: Wanted, change_id: str | None = None) -> AskedChange | None:
    """Return the answered question of this very call: the one with this id or, without one, the newest.

    The newest counts only until the same call was told what came of it, and as long as its answer can be carried out.
    """
    query = select(AskedChange).where(AskedChange.digest == wanted.digest)
    if change_id is not None:
        named = (await session.scalars(query.where(AskedChange.id == change_id))).first()
        return None if named is None or named.answer is None else named
    newest = (await session.scalars(query.order_by(AskedChange.asked_at.desc()).limit(1))).first()
    if newest is None or newest.told or not newest.can_be_carried_out:
        return None
    return newest


async def find_expired(session: AsyncSession, wanted: Wanted) -> AskedChange | None:
    """Return the newest question of the same call if nobody answered it in time, and nobody was told that."""
    query = select(AskedChange).where(AskedChange.digest == wanted.digest).order_by(AskedChange.asked_at.desc())
    newest = (await session.scalars(query.limit(1))).first()
    return None if newest is None or newest.told or newest.answer is not None or newest.is_open else newest


async def ask(session: AsyncSession, wanted: Wanted, text: str) -> AskedChange:
    """Keep a question; while the same one is open, that one is returned, so that its link stays the same."""
    await hold(session, f"asked {wanted.digest}")
    at = now()
    await session.execute(delete(AskedChange).where(AskedChange.expires_at < at - KEPT_FOR))
    query = select(AskedChange).where(
        AskedChange.digest == wanted.digest, AskedChange.answer.is_(None), AskedChange.expires_at > at
    )
    for other in (await session.scalars(query)).all():
        if other.text == text:
            return other
        # The facts changed since: a yes to the old sentence would change nothing.
        other.expires_at = at
    row = AskedChange(
        id=secrets.token_urlsafe(24),
        asked_by=wanted.caller.subject,
        staff=wanted.caller.staff,
        scopes=sorted(wanted.caller.scopes),
        language=wanted.caller.language,
        server=wanted.server,
        tool=wanted.tool,
        arguments=dict(wanted.arguments),
        said=None if wanted.said is None else dict(wanted.said),
        digest=wanted.digest,
        program=wanted.program,
        text=text,
        asked_at=at,
        expires_at=at + OPEN_FOR,
    )
    session.add(row)
    await session.flush()
    return row


async def get_change(session: AsyncSession, change_id: str, *, lock: bool = False) -> AskedChange:
    """Return a question by its id, whosever it is.

    Raises:
        NoSuchChangeError: there is none.
    """
    query = select(AskedChange).where(AskedChange.id == change_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = (await session.scalars(query)).first()
    if row is None:
        raise NoSuchChangeError
    return row


async def answer(session: AsyncSession, change_id: str, account: Account, *, yes: bool) -> AskedChange:
    """Keep the answer of the person whose question it is. The same answer again is not an error.

    Raises:
        NoSuchChangeError: there is no such question, or it is somebody else's.
        OtherwiseAnsweredError: it has the other answer.
        QuestionExpiredError: it was not answered in time.
    """
    row = await get_change(session, change_id, lock=True)
    if not row.is_for(account):
        raise NoSuchChangeError
    said = Answer.YES if yes else Answer.NO
    if row.answer is None:
        if not row.is_open:
            raise QuestionExpiredError
        row.answer, row.answered_by, row.answered_at = said, account.id, now()
    elif row.answer is not said:
        raise OtherwiseAnsweredError(row.answer)
    return row


async def withdraw(session: AsyncSession, change_id: str) -> None:
    """Keep a no that was said in the client where the change was asked for; an answer of the page stands."""
    row = await get_change(session, change_id, lock=True)
    if row.answer is None:
        row.answer, row.answered_at = Answer.NO, now()


async def find_asked(session: AsyncSession, caller: Caller, change_ids: Sequence[str]) -> Sequence[AskedChange]:
    """Return those of these questions that were asked for this caller."""
    own = select(AskedChange).where(AskedChange.id.in_(change_ids), AskedChange.asked_by == caller.subject)
    return (await session.scalars(own.where(AskedChange.staff == caller.staff))).all()
