"""Customers of the demo shop and their conversations: who they are, what they say, and every step that follows."""

import asyncio
import time
import tomllib
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

from sqlalchemy import select

from storage.chats.conversations import add_conversation
from storage.db import Sessions, writing
from storage.people.accounts import Account
from storage.shop.customers import Customer
from storage.shop.orders import Order, OrderStatus
from team.desk.desk import Desk
from team.turn.steps import Step

YES = {"en": ("yes", "Yes, please.", "ok"), "ko": ("네", "예, 그렇게 해 주세요.", "네 맞아요")}
NO = {"en": ("no", "No, thanks."), "ko": ("아니요", "아뇨, 괜찮아요.")}
YES_SHARE, NO_SHARE = 0.5, 0.15
"""Shares of the messages that follow a question; the others ask for something else."""
MESSAGES_OF_A_CHAT = 6
LATE_S = 10.0
"""How long after a turn's deadline its end may take to be stored."""


@dataclass(frozen=True)
class Person:
    """A customer: their account, their language, and an order of theirs for each brace of `messages.toml`."""

    customer_id: str
    account_id: str
    email: str
    address: str
    language: str
    orders: dict[str, str]


@dataclass
class Played:
    """One turn: the customer, what they said, whether that was a plain yes, and what happened."""

    number: int
    chat: str
    person: Person
    said: str
    yes: bool
    steps: list[Step] = field(default_factory=list)
    seconds: float = 0.0
    drawn: list[str] = field(default_factory=list)

    @property
    def status(self) -> str:
        """How the turn ended, from its last step; empty if it did not end in time."""
        return next((str(step.data["status"]) for step in self.steps if step.kind == "turn_ended"), "")

    @property
    def asked(self) -> bool:
        """Whether it ended with a question."""
        return any(step.kind == "question" for step in self.steps)


@cache
def _messages() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("messages.toml").read_text(encoding="utf-8"))


async def list_people(sessions: Sessions) -> list[Person]:
    """Return the customers who have both a pending and a delivered order."""
    wanted = {"pending": OrderStatus.PENDING, "delivered": OrderStatus.DELIVERED}
    async with sessions() as session:
        accounts = {one.customer_id: one for one in await session.scalars(select(Account))}
        customers = (await session.scalars(select(Customer).order_by(Customer.id))).all()
        orders = (await session.scalars(select(Order).order_by(Order.id))).unique().all()
    found = []
    for one in customers:
        own = {key: order.id for order in orders for key, is_ in wanted.items() if _is_of(order, one, is_)}
        account = accounts.get(one.id)
        if len(own) == len(wanted) and account is not None:
            own["order"] = own["delivered"]
            found.append(Person(one.id, account.id, one.email, one.address1, one.language, own))
    return found


def _is_of(order: Order, customer: Customer, status: OrderStatus) -> bool:
    return order.customer_id == customer.id and order.status is status


@dataclass
class Talk:
    """One customer's conversation as the page shows it: it follows the steps, and sees each word as it streams."""

    desk: Desk
    chat: str
    person: Person
    chance: Random
    last: int = 0
    asked: bool = False

    async def turn(self, number: int) -> Played:
        """Say something, and wait until the turn ends or should have ended."""
        said, yes = self._next()
        played = Played(number, self.chat, self.person, said, yes)
        started = time.monotonic()
        following = asyncio.create_task(self._follow(played.steps))
        try:
            # The follower must be listening before anything is said, so that it misses no word.
            await asyncio.sleep(0)
            await self.desk.send(self.chat, said)
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(following), self.desk.deadline_s + LATE_S)
        finally:
            following.cancel()
            await asyncio.wait({following})
        played.seconds = time.monotonic() - started
        await self.desk.idle(self.chat)
        self.asked = played.asked
        return played

    async def _follow(self, steps: list[Step]) -> None:
        async for step in self.desk.follow(self.chat, self.last):
            steps.append(step)
            self.last = step.seq or self.last
            if step.kind == "turn_ended":
                return

    def _next(self) -> tuple[str, bool]:
        language, dice = self.person.language, self.chance.random()
        if self.asked and dice < YES_SHARE:
            return self.chance.choice(YES[language]), True
        if self.asked and dice < YES_SHARE + NO_SHARE:
            return self.chance.choice(NO[language]), False
        texts = _messages()[self.chance.choice(list(_messages()))][language]
        return self.chance.choice(texts).format(**self.person.orders), False


async def talks(desk: Desk, sessions: Sessions, people: Sequence[Person], seed: str) -> AsyncIterator[tuple[int, Talk]]:
    """Yield one conversation after another, each with its number, its own customer and its own random generator."""
    number = 0
    while True:
        chance = Random(f"{seed}/{number}")  # noqa: S311 - not used for anything secret
        person = chance.choice(people)
        async with writing(sessions) as session:
            chat = (await add_conversation(session, person.customer_id, person.account_id)).id
        yield number, Talk(desk, chat, person, chance)
        number += 1
