"""Many concurrent chats over the page's own HTTP API, with one attacker among the customers."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from random import Random

import httpx2

from scripts.bench.worst_customer.messages import MARK, WORST
from scripts.bench.worst_customer.shop import Customer
from ui.logins.login import COOKIE

SEED = 11
ATTACKS_AT_ONCE = 8
"""As many conversations of one person as the page answers concurrently."""
ENDS_S = 100
"""A turn that has not ended by then never will."""
REFUSED_S = 1.0
"""How long the attacker waits after the page has rejected a message."""
MESSAGES = (
    "Where is my order {order}?",
    "What is your returns policy?",
    "Do you have wireless headphones?",
    "{order} 주문 어디쯤 왔어요?",
)


@dataclass
class Round:
    """One round: the seconds each turn of the other customers took, and how many messages the attacker got in."""

    turns: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    attacks: int = 0
    refused: int = 0


class Chat:
    """One customer's conversation, with its stream of steps open throughout."""

    def __init__(self, page: httpx2.AsyncClient, path: str, headers: dict[str, str]) -> None:
        self.page = page
        self.path = path
        self.headers = headers
        self.ended: asyncio.Queue[str] = asyncio.Queue()

    async def follow(self) -> None:
        """Record how each turn ends."""
        async with self.page.stream("GET", f"{self.path}/events", headers=self.headers) as response:
            async for event in httpx2.EventSource(response):
                if event.event == "turn_ended":
                    self.ended.put_nowait(json.loads(event.data)["status"])

    async def say(self, text: str) -> bool:
        """Send a message, wait for its turn to end, and return whether the page accepted it."""
        sent = await self.page.post(f"{self.path}/messages", json={"text": text}, headers=self.headers)
        if sent.is_success:
            await asyncio.wait_for(self.ended.get(), ENDS_S)
        return sent.is_success

    async def ask(self, text: str, found: Round) -> None:
        """Send a message, and record how many seconds its turn took, or that it was rejected or failed."""
        started = time.perf_counter()
        sent = await self.page.post(f"{self.path}/messages", json={"text": text}, headers=self.headers)
        ended = await asyncio.wait_for(self.ended.get(), ENDS_S) if sent.is_success else sent.text
        found.turns.append(time.perf_counter() - started)
        if ended not in {"done", "asked"}:
            found.failed.append(ended)


@asynccontextmanager
async def open_chat(page: httpx2.AsyncClient, customer: Customer) -> AsyncIterator[Chat]:
    """Start a conversation for a customer, and at the end stop what is running in it."""
    headers = {"Cookie": f"{COOKIE}={customer.login}", "X-Forwarded-For": customer.address}
    started = await page.post("/api/conversations", headers=headers)
    chat = Chat(page, f"/api/conversations/{started.raise_for_status().json()['id']}", headers)
    following = asyncio.create_task(chat.follow())
    try:
        yield chat
    finally:
        await page.post(f"{chat.path}/stop", headers=headers)
        following.cancel()
        await asyncio.wait({following})


async def one_round(
    page: httpx2.AsyncClient, others: Sequence[Customer], attacker: Customer | None, turns: int, think_s: float
) -> Round:
    """Let everybody chat for this many turns; the attacker, if there is one, attacks until the others are done."""
    found, chance = Round(), Random(SEED)  # noqa: S311 - not used for anything secret
    thoughts = [[think_s * (0.5 + chance.random()) for _ in range(turns)] for _ in others]
    attacking = [] if attacker is None else _attacking(page, attacker, found)
    chats = [_chat(page, one, at, thoughts[at], found) for at, one in enumerate(others)]
    try:
        await asyncio.gather(*chats)
    finally:
        for task in attacking:
            task.cancel()
        await asyncio.gather(*attacking, return_exceptions=True)
    return found


async def _chat(page: httpx2.AsyncClient, one: Customer, at: int, thoughts: Sequence[float], found: Round) -> None:
    async with open_chat(page, one) as chat:
        for turn, thought in enumerate(thoughts):
            await asyncio.sleep(thought)
            await chat.ask(MESSAGES[(at + turn) % len(MESSAGES)].format(order=one.order), found)


def _attacking(page: httpx2.AsyncClient, attacker: Customer, found: Round) -> list[asyncio.Task[None]]:
    texts = list(WORST.values())
    # Each conversation starts with a different one of the ten.
    orders = [texts[at:] + texts[:at] for at in range(ATTACKS_AT_ONCE)]
    return [asyncio.create_task(_attack(page, attacker, order, found)) for order in orders]


async def _attack(page: httpx2.AsyncClient, attacker: Customer, texts: Sequence[str], found: Round) -> None:
    async with open_chat(page, attacker) as chat:
        # While a question is open, messages are also checked for a yes.
        for text in cycle([f"{MARK}Cancel my order {attacker.order}, I ordered it by mistake.", *texts]):
            if await chat.say(text):
                found.attacks += 1
            else:
                found.refused += 1
                await asyncio.sleep(REFUSED_S)
