"""Everybody's chats, for the staff who look after them: found, and what the team measured on a customer's photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer, raiseload

from storage.chats.conversations import Conversation
from storage.chats.events import Event
from storage.owners import Staff, Whose, theirs
from storage.people.accounts import Account
from storage.people.api_keys import ApiKey
from storage.pictures.images import Image
from storage.shop.customers import Customer
from storage.shop.tickets import Ticket

LOOKED_AT = 20
"""Of a customer's newest chats, in how many it is looked what was measured."""

VISION = "vision"


@dataclass(frozen=True)
class Chat:
    """A conversation, its customer if one is known, and the id of the ticket with which a person has it.

    `staff` is what the member of staff is called whose own chat it is.
    """

    conversation: Conversation
    customer: Customer | None
    ticket_id: str | None
    staff: str | None = None


@dataclass(frozen=True)
class Measured:
    """What a tool found on a picture; the picture's id stands in its arguments."""

    tool: str
    image_id: str
    found: dict[str, Any]


async def list_chats(
    session: AsyncSession,
    whose: Whose,
    *,
    limit: int,
    search: str = "",
    before: tuple[datetime, str] | None = None,
) -> Sequence[Chat]:
    """Return customers' chats in which something was said, most recently used first; not those of staff themselves.

    Args:
        session: the transaction.
        whose: everybody's, or one customer's.
        limit: how many at most.
        search: part of a chat's title, or of its customer's name or email.
        before: when the last one of the page before was used, and its id.
    """
    query = select(Conversation, Customer, Ticket.id).outerjoin(Customer, Customer.id == Conversation.customer_id)
    query = query.outerjoin(Ticket, Ticket.conversation_id == Conversation.id).where(Conversation.title != "")
    query = query.where(theirs(whose, Conversation.customer_id), ~_of_staff())
    if search:
        query = query.where(_mentions(search))
    if before is not None:
        at, last = before
        same = and_(Conversation.updated_at == at, Conversation.id < last)
        query = query.where(or_(Conversation.updated_at < at, same))
    newest = query.order_by(Conversation.updated_at.desc(), Conversation.id.desc()).limit(limit)
    found = await session.execute(newest.options(defer(Conversation.state), raiseload(Customer.payment_methods)))
    return [Chat(*row) for row in found]


def _of_staff() -> ColumnElement[bool]:
    by_account = exists().where(Account.id == Conversation.account_id, Account.staff)
    by_key = exists().where(ApiKey.id == Conversation.key_id, ApiKey.staff, Conversation.account_id.is_(None))
    return or_(by_account, by_key)


async def find_staff_in(session: AsyncSession, _whose: Staff, conversation: Conversation) -> str | None:
    """Return what the member of staff, or their program, is called whose own chat this is; None for a customer's."""
    account = None if conversation.account_id is None else await session.get(Account, conversation.account_id)
    if account is not None:
        return (account.name or account.email) if account.staff else None
    key = None if conversation.key_id is None else await session.get(ApiKey, conversation.key_id)
    return (key.name or key.id) if key is not None and key.staff else None


async def list_photos(session: AsyncSession, _whose: Staff, customer_id: str, *, limit: int) -> Sequence[Image]:
    """Return a customer's newest pictures, without their bytes."""
    query = select(Image).where(Image.customer_id == customer_id).options(defer(Image.content, raiseload=True))
    return (await session.scalars(query.order_by(Image.created_at.desc(), Image.id).limit(limit))).all()


async def list_measured(session: AsyncSession, _whose: Staff, customer_id: str) -> Sequence[Measured]:
    """Return what the team's tools found on the pictures of a customer's newest chats, oldest first."""
    own = select(Conversation.id).where(Conversation.customer_id == customer_id)
    newest = own.order_by(Conversation.updated_at.desc()).limit(LOOKED_AT).scalar_subquery()
    steps = select(Event).where(Event.conversation_id.in_(newest), Event.kind.in_(["tool_call", "tool_result"]))
    calls: dict[str, str] = {}
    measured: list[Measured] = []
    for event in await session.scalars(steps.order_by(Event.at, Event.seq)):
        data = event.data
        if data.get("server") != VISION:
            continue
        call_id = f"{event.conversation_id} {data.get('call_id')}"
        if event.kind == "tool_call":
            calls[call_id] = str(data.get("arguments", {}).get("image_id", ""))
        elif isinstance(data.get("structured"), dict):
            measured.append(Measured(str(data["tool"]), calls.get(call_id, ""), data["structured"]))
    return measured


def _mentions(words: str) -> ColumnElement[bool]:
    first, last = Customer.first_name, Customer.last_name
    columns = (Conversation.title, Conversation.id, Customer.email, first + " " + last, last + first)
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


async def find_newest_use(session: AsyncSession, _whose: Staff) -> datetime | None:
    """Return when any chat was used last; None if there is none."""
    return await session.scalar(select(func.max(Conversation.updated_at)))
