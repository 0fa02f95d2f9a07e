"""Plays turns in a shop whose models misbehave, and counts what went wrong for its customers."""

import asyncio
import logging
import re
import socket
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import uvicorn
from sqlalchemy import select

from scripts.bench.hostility.shown import FIGURE, Finding, make_checker
from scripts.bench.hostility.talk import MESSAGES_OF_A_CHAT, Person, Played, list_people, talks
from scripts.bench.hostility.verdict import UNASKED, Conversation, Judge
from scripts.evaluation.ledger import Ledger, read_ledger
from scripts.evaluation.temporary_shop import open_copy
from storage.db import Sessions
from storage.settings import Settings
from storage.shop.audit import Answer, Audit
from storage.shop.orders import Order
from team.desk.desk import Desk
from team.roster import load_roster
from team.standin.__main__ import MODELS
from team.standin.completion import Reply
from team.standin.hostility.hostile import Hostile
from team.standin.hostility.table import rows
from team.standin.raw import Raw
from team.standin.server import ByPort, build_app, listen
from team.standin.wire import ChatRequest
from team.turn.handoff import HAND_OVER
from ui.app import build_app as build_page

DEADLINE_S = 12.0
"""The turn deadline here: a reply that trickles in should not try the patience of whoever runs this."""
COUNTED = re.compile(r'^shopdesk_turns_total\{status="(\w+)"\} (\S+)$', re.MULTILINE)
RESTS = re.compile(r"^shopdesk_endpoint_left_alone\{[^}]*\} (\S+)$", re.MULTILINE)
OURS = {"team", "mcp_servers", "ui", "storage", "knowledge"}
Told = Callable[[int], None]
Mind = Callable[[ChatRequest], Reply | Raw]
UNGROUNDED = ("claim", FIGURE)
"""Kinds of findings: what nobody knows, told to a customer."""
PAUSE_S, WAITED = 0.5, 60
"""How often, and how many times, to check whether an endpoint's circuit breaker has closed."""


def nobody(found: int) -> None:
    """Tell nobody how many findings there are so far."""


@dataclass
class Tally:
    """The turns so far: how they ended, how long they took, what was wrong, and which rows were drawn.

    `told` hears of each turn as it ends, with how many findings there are so far.
    """

    told: Told
    statuses: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    wrong: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    drawn: Counter[str] = field(default_factory=Counter)
    spoilt: int = 0
    ungrounded: int = 0
    """Turns in which a customer was told what nobody knows."""
    played: list[Played] = field(default_factory=list)

    def add(self, played: Played, findings: Sequence[Finding]) -> None:
        """Count a turn."""
        self.played.append(played)
        self.statuses[played.status or "not ended"] += 1
        self.seconds.append(played.seconds)
        self.drawn.update(played.drawn)
        self.spoilt += bool(played.drawn)
        self.ungrounded += any(one.kind.endswith(UNGROUNDED) for one in findings)
        for one in findings:
            self.wrong[one.kind].append(
                f"turn {played.number}: {one.piece!r} ({', '.join(played.drawn) or 'as usual'})"
            )
        self.told(sum(map(len, self.wrong.values())))

    def figures(self) -> dict[str, int]:
        """Return how often each kind of problem occurred."""
        return {kind: len(found) for kind, found in sorted(self.wrong.items())}


class Raised(logging.Handler):
    """Keeps what our own code logs as an error: whatever a model does, nothing of ours may raise."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line with the record's message and exception."""
        if record.name.partition(".")[0] not in OURS:
            return
        error = record.exc_info[1] if record.exc_info else None
        self.told.append(f"{record.name}: {record.getMessage()} {error!r}")


async def play(
    made: Settings, folder: Path, hostile: Hostile, turns: int, told: Told = nobody, models: Mind | None = None
) -> Tally:
    """Play this many turns in a copy of a shop, created in `folder`.

    Its models are the hostile mind, or another that asks that one.
    """
    async with _models(models or hostile) as (first, second):
        update = {"model1_base_url": first, "model2_base_url": second, "turn_deadline_s": DEADLINE_S}
        return await play_at(made.model_copy(update=update), folder, hostile, turns, told)


async def play_at(made: Settings, folder: Path, hostile: Hostile, turns: int, told: Told = nobody) -> Tally:
    """Play this many turns in a copy of a shop, with the models in its settings.

    If those are not the hostile mind, its seed still decides who says what, and it draws no rows.
    """
    tally = Tally(told)
    async with open_copy(made, folder) as (desk, sessions), _page(made, sessions, desk) as page:
        before = await _ledger(sessions)
        with _listening() as raised:
            await _played(desk, sessions, page, hostile, tally, turns)
        _count(tally, "our own code raised", raised.told)
        _count(tally, "a row changed that nobody said yes to", await _unexplained(sessions, before))
        _count(tally, "/metrics counts other turns", _differs(await _metrics(page), tally))
    return tally


async def _played(
    desk: Desk, sessions: Sessions, page: httpx2.AsyncClient, hostile: Hostile, tally: Tally, turns: int
) -> None:
    """Play one conversation after another until there have been this many turns."""
    seed, (people, victim, order) = hostile.seed, _split(await list_people(sessions))
    hostile.theirs = {"their_order": order, "their_email": victim.email, "their_id": victim.customer_id}
    judge = _judge(hostile.theirs, (victim.email, victim.customer_id, victim.address))
    async for number, talk in talks(desk, sessions, people, seed):
        hostile.begin(f"{seed}/{number}")
        conversation = Conversation()
        for _ in range(min(MESSAGES_OF_A_CHAT, turns - len(tally.seconds))):
            await _somebody_answers(page)
            audited, drawn = {row.id for row in await _audit(sessions)}, len(hostile.drawn)
            played = await talk.turn(len(tally.seconds))
            played.drawn = [name for names in hostile.drawn[drawn:] for name in names]
            audit = [row for row in await _audit(sessions) if row.id not in audited]
            tally.add(played, judge.judge(played, conversation, audit))
        if len(tally.seconds) >= turns:
            return


@contextmanager
def _listening() -> Iterator[Raised]:
    raised, root = Raised(), logging.getLogger()
    # uvicorn logs every stream that the mind breaks off.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    root.addHandler(raised)
    try:
        yield raised
    finally:
        root.removeHandler(raised)


def _count(tally: Tally, kind: str, found: list[str]) -> None:
    if found:
        tally.wrong[kind] += found


def _split(people: list[Person]) -> tuple[list[Person], Person, str]:
    """Return those who chat, and another customer as the victim, with an order of theirs that could be cancelled."""
    *others, victim = people
    return others, victim, victim.orders["pending"]


def _judge(theirs: Mapping[str, str], secrets: tuple[str, ...]) -> Judge:
    named = {tool.partition(".")[2] for one in load_roster().values() for tool in one.tools}
    tools = sorted({HAND_OVER, "search_policies", "get_policy", *named} - {"*", ""})
    failures = [text for row in rows() if row.spoils == "failure" for text in (row.en, row.ko)]
    return Judge(make_checker(theirs, tools), secrets, tuple(failures))


async def _ledger(sessions: Sessions) -> Ledger:
    async with sessions() as session:
        return await read_ledger(session)


async def _audit(sessions: Sessions) -> Sequence[Audit]:
    async with sessions() as session:
        return (await session.scalars(select(Audit))).all()


async def _unexplained(sessions: Sessions, before: Ledger) -> list[str]:
    """Return the orders that changed without anybody having said yes to a change of theirs."""
    said_yes = {
        row.arguments.get("order_id")
        for row in await _audit(sessions)
        if row.answer is Answer.YES and row.tool not in UNASKED
    }
    orders, now = Order.__tablename__, await _ledger(sessions)
    return [key for key, row in now[orders].items() if row != before[orders].get(key) and key not in said_yes]


@asynccontextmanager
async def _models(mind: Mind) -> AsyncIterator[list[str]]:
    """Serve both models with one mind, and yield their URLs."""
    sockets = [listen("127.0.0.1", 0) for _ in MODELS]
    ports = [one.getsockname()[1] for one in sockets]
    app = ByPort({port: build_app(model, mind) for port, model in zip(ports, MODELS, strict=True)})
    async with _serving(app, sockets):
        yield [f"http://127.0.0.1:{port}/v1" for port in ports]


@asynccontextmanager
async def _serving(app: ByPort, sockets: list[socket.socket]) -> AsyncIterator[None]:
    # It would only log the streams that the mind breaks off.
    config = uvicorn.Config(app, http="h11", lifespan="off", log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=sockets))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def _page(settings: Settings, sessions: Sessions, desk: Desk) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(build_page(settings, sessions, desk))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def _somebody_answers(page: httpx2.AsyncClient) -> None:
    """Wait while every circuit breaker is open: turns that fail because of that prove nothing."""
    for _ in range(WAITED):
        rests = RESTS.findall((await page.get("/metrics")).text)
        if not all(map(float, rests)):
            return
        await asyncio.sleep(PAUSE_S)


async def _metrics(page: httpx2.AsyncClient) -> dict[str, int]:
    found = COUNTED.findall((await page.get("/metrics")).text)
    return {status: int(float(count)) for status, count in found if float(count)}


def _differs(counted: Mapping[str, int], tally: Tally) -> list[str]:
    return [] if dict(counted) == dict(tally.statuses) else [f"{dict(counted)} instead of {dict(tally.statuses)}"]
