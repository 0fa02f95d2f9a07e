"""The page of a whole shop as a program meets it: an address, and keys."""

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from openai import AsyncOpenAI
from sqlalchemy import func, select

from storage.chats.conversations import Conversation
from storage.db import Sessions
from storage.settings import Settings
from storage.shop.audit import Audit
from storage.shop.orders import Order, OrderStatus
from team.standin.mind import answer as standin
from tests.factories import add_customer, add_order
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import Around, Mind, Shopfloor, nothing, open_shopfloor
from tests.ui.doors.programs import add_key
from ui.app import build_app

ORDER = "#W1042"
WHERE, CANCEL = f"Where is my order {ORDER}?", f"Please cancel order {ORDER}"

Messages = list[dict[str, Any]]


@dataclass(frozen=True)
class Door:
    """A served shop with one customer, who has the order #W1042 and a key."""

    floor: Shopfloor
    sessions: Sessions
    url: str
    customer_id: str
    key: str
    closing: AsyncExitStack

    async def client(self, key: str | None = None, base: str = "/v1", **headers: str) -> AsyncOpenAI:
        """A program that uses OpenAI's own package."""
        made = AsyncOpenAI(
            base_url=f"{self.url}{base}", api_key=key or self.key, max_retries=0, default_headers=headers, timeout=60
        )
        return await self.closing.enter_async_context(made)

    async def http(self, key: str | None = None, **headers: str) -> httpx2.AsyncClient:
        """A program that speaks HTTP itself."""
        bearer = {"Authorization": f"Bearer {key or self.key}"}
        made = httpx2.AsyncClient(base_url=self.url, headers=bearer | headers, timeout=60)
        return await self.closing.enter_async_context(made)

    async def staff(self) -> str:
        return await add_key(self.sessions)

    async def status(self, order_id: str = ORDER) -> OrderStatus:
        async with self.sessions() as session:
            return (await session.scalars(select(Order.status).where(Order.id == order_id))).one()

    async def writes(self) -> int:
        async with self.sessions() as session:
            return (await session.scalars(select(func.count()).select_from(Audit))).one()

    async def conversations(self) -> Sequence[str]:
        async with self.sessions() as session:
            return (await session.scalars(select(Conversation.id).order_by(Conversation.created_at))).all()


@asynccontextmanager
async def open_door(
    settings: Settings, sessions: Sessions, mind: Mind = standin, delay_ms: float = 0, around: Around = nothing
) -> AsyncIterator[Door]:
    """Serve a shop, with this mind behind its models."""
    customer = await add_customer(sessions)
    await add_order(sessions, id=ORDER, customer_id=customer.id)
    key = await add_key(sessions, customer.id)
    listener = listening()
    async with open_shopfloor(settings, sessions, mind, delay_ms, around) as floor:
        app = build_app(floor.settings, sessions, floor.desk)
        async with serving((app, listener)), AsyncExitStack() as closing:
            yield Door(floor, sessions, address(listener), customer.id, key, closing)


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def said(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


def data_url(content: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


async def ask(client: AsyncOpenAI, messages: Messages, **more: Any) -> str:  # noqa: ANN401 - whatever the API takes
    """Ask the team and return the answer."""
    answer = await client.chat.completions.create(**{"model": "shopdesk", "messages": messages, **more})
    return answer.choices[0].message.content or ""


async def ask_streamed(client: AsyncOpenAI, messages: Messages, **more: Any) -> str:  # noqa: ANN401 - the same
    """Ask the team, read the answer as it comes, and return all of it."""
    stream = await client.chat.completions.create(**{"model": "shopdesk", "messages": messages, "stream": True, **more})
    return "".join([chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices])
