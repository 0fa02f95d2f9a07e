"""Twenty customers at once, each with an order to cancel: what they say, and what must hold for them afterwards."""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field

from sqlalchemy import func, select

from storage.chats.conversations import get_conversation
from storage.db import Sessions
from storage.outages import DatabaseBusyError
from storage.owners import TheShop
from storage.shop.audit import Answer, Audit
from storage.shop.orders import Order, OrderStatus
from storage.shop.tickets import Ticket
from team.desk.desk import GRACE_S
from team.turn.steps import Step
from tests.factories import add_conversation, add_order
from tests.team.shopfloor import Shopfloor, only, stored

NUMBER = 20
CANCEL = ("Please cancel my order {order}, I no longer need it.", "주문 {order} 취소해 주세요. 필요 없어졌어요.")
WHERE = ("Where is my order {order}?", "주문 {order} 어디쯤 왔나요?")


@dataclass
class Talk:
    """One customer's conversation, and what they did in it. `refused` counts messages the shop was too busy to take."""

    chat: str
    order: str
    customer: str
    korean: bool
    said: list[str] = field(default_factory=list)
    yes: int = 0
    refused: int = 0
    slowest_s: float = 0.0

    async def cancel(self, floor: Shopfloor) -> None:
        await self._say(floor, CANCEL[self.korean].format(order=self.order))

    async def go_on(self, floor: Shopfloor) -> None:
        """Say yes where there is a question, else ask for the order."""
        async with floor.sessions() as session:
            question = (await get_conversation(session, self.chat, TheShop())).open_question
        if question is None:
            await self._say(floor, WHERE[self.korean].format(order=self.order))
        else:
            self.yes += await self._taken(floor.press(self.chat, question["id"], yes=True))

    async def _say(self, floor: Shopfloor, text: str) -> None:
        if await self._taken(floor.say(self.chat, text)):
            self.said.append(text)

    async def _taken(self, turn: Awaitable[list[Step]]) -> bool:
        """Whether the shop took what they said; what it did not take, the page says at once."""
        started = time.monotonic()
        try:
            await turn
        except DatabaseBusyError:
            self.refused += 1
            return False
        self.slowest_s = max(self.slowest_s, time.monotonic() - started)
        return True


async def gather(sessions: Sessions) -> list[Talk]:
    """Twenty customers, every second one Korean."""
    talks = []
    for number in range(NUMBER):
        order = await add_order(sessions)
        chat = await add_conversation(sessions, customer_id=order.customer_id)
        talks.append(Talk(chat.id, order.id, order.customer_id, korean=number % 2 == 1))
    return talks


async def everybody(work: list[Awaitable[None]]) -> None:
    """Let all of them do it at the same time."""
    await asyncio.gather(*work)


async def check(floor: Shopfloor, talk: Talk) -> list[Step]:
    """Assert what must hold whatever failed, and return the conversation's steps."""
    steps = await stored(floor.desk, talk.chat)
    messages = only(steps, "message")
    ended = only(steps, "turn_ended")
    answers = [one["text"] for one in messages if one["role"] == "assistant"]
    assert [one["text"] for one in messages if one["role"] == "customer"] == talk.said
    assert len(only(steps, "turn_started")) == len(ended) == len(answers) == len(talk.said) + talk.yes
    assert all(text.strip() for text in answers)
    assert (
        max((one["ms"] for one in ended), default=0) <= (floor.desk.deadline_s + GRACE_S) * 2000
    )  # a machine that does other work
    async with floor.sessions() as session:
        assert (await get_conversation(session, talk.chat, TheShop())).lease_holder is None
        order = await session.get_one(Order, talk.order)
        written = Audit.customer_id == talk.customer, Audit.answer == Answer.YES
        writes = await session.scalar(select(func.count()).select_from(Audit).where(*written)) or 0
        tickets = select(func.count()).select_from(Ticket).where(Ticket.customer_id == talk.customer)
        assert (await session.scalar(tickets) or 0) <= 1
    assert writes <= min(talk.yes, 1)
    assert (order.status is OrderStatus.CANCELLED) == (writes == 1)
    return steps


def told(name: str, talks: list[Talk], steps: list[Step]) -> str:
    """One line about a fault: what came of it."""
    models = only(steps, "model") + only(steps, "router")
    return (
        f"{name}: {len(talks)} conversations, {len(only(steps, 'turn_ended'))} turns, "
        f"slowest {max(talk.slowest_s for talk in talks):.1f} s, "
        f"{sum('error' in one for one in models)} calls failed, "
        f"{sum('in_place_of' in one and 'error' not in one for one in models)} answered by the other slice, "
        f"{sum(one['opened'] for one in only(steps, 'ticket'))} tickets, "
        f"{sum(bool(one.get('audit_id')) for one in only(steps, 'tool_result'))} writes"
    )
