"""A process that is killed at ten points of a pipeline: it is gone on with, and nothing is written twice."""

import asyncio
import json
from collections import Counter
from multiprocessing.context import ForkServerProcess
from typing import Any

import pytest
from sqlalchemy import func, select, update
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.serve import build_app
from storage.cooperation.tasks import Task
from storage.cooperation.writes import TaskWrite, WriteNotFoundError, recover_writes
from storage.db import Sessions, now, writing
from storage.settings import Settings
from storage.shop.audit import Audit
from storage.shop.orders import Order, OrderStatus
from storage.shop.tickets import Ticket
from team.cooperation.asked import Asked
from tests.factories import add_order
from tests.team.cooperation.killed import kill, open_own, start_confirming, start_worker
from tests.team.cooperation.scripted import CALLER, OWNER, build_models, heard, models_toml
from tests.team.faulty import replayed
from tests.team.serving import address, listening, serving

LOOKS = ("find", "read")
STEPS = [
    {"name": "find", "task": "STEP find"},
    {"name": "read", "task": "STEP read"},
    {"name": "cancel", "task": "STEP cancel", "after": ["find", "read"]},
    {"name": "note", "task": "STEP note", "after": ["cancel"]},
]


class Killing:
    """Models that call one tool in each step and then answer; whoever asks is killed at each point, the first time."""

    def __init__(self, order: Order) -> None:
        ticket = {
            "subject": "Cancelled by mistake",
            "body": "The customer asked.",
            "category": "other",
            "customer_id": order.customer_id,
        }
        self.calls = {
            "find": ("get_order", {"order_id": order.id}),
            "read": ("get_customer", {"customer_id": order.customer_id}),
            "cancel": ("cancel_order", {"order_id": order.id, "reason": "ordered by mistake"}),
            "note": ("create_ticket", ticket),
        }
        self.points: Counter[str] = Counter()
        self.killed = asyncio.Queue[str]()

    async def speak(self, _: str, body: dict[str, Any]) -> str:
        step = next(name for name in self.calls if f"STEP {name}" in heard(body, "system"))
        results = heard(body, "tool")
        point = f"{step} {'after its call' if results else 'before it'}"
        self.points[point] += 1
        if self.points[point] == 1:
            await self.killed.put(point)
            await asyncio.Event().wait()
        tool, arguments = self.calls[step]
        if results:
            return f"{step} is done."
        return f"<tool_call>{json.dumps({'name': tool, 'arguments': arguments})}</tool_call>"


class Tools:
    """The tool servers. A `caller` is killed when they have carried out its call, before it hears of that."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.caller: ForkServerProcess | None = None
        self.killed = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.caller is None or scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        if json.loads(body or b"{}").get("method") != "tools/call":
            await self.app(scope, replayed(body, receive), send)
            return
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        await self.app(scope, replayed(body, receive), hold)
        kill(self.caller)
        self.killed.set()


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_pipeline_killed_at_ten_points_ends_with_each_step_once_and_each_write_once(
    settings: Settings, sessions: Sessions
) -> None:
    order = await add_order(sessions, status=OrderStatus.PENDING)
    killing, tool_socket, model_socket = Killing(order), listening(), listening()
    settings = settings.model_copy(update={"public_mcp_url": address(tool_socket)})
    (settings.shopdesk_home / "models.toml").write_text(models_toml(address(model_socket), ("a",)))
    tools = Tools(build_app(server_names(), settings, sessions))
    asked = Asked.model_validate({"query": "Cancel it, and note that.", "mode": "pipeline", "steps": STEPS})
    async with serving((tools, tool_socket), (build_models(killing.speak), model_socket)), open_own(settings) as tasks:
        task_id = await tasks.begin(OWNER, CALLER, asked)
        killed = await _killed_until_it_ends(settings, sessions, killing, task_id)
        task = await tasks.state(task_id, OWNER)
        for change in task["changes"]:
            killed.append(await _killed_while_it_is_made(settings, sessions, tools, task_id, change["question_id"]))
        sealed, unasked = [change["question_id"] for change in task["changes"]]
        again = await tasks.confirm(task_id, OWNER, sealed, yes=True)
        with pytest.raises(WriteNotFoundError):
            await tasks.confirm(task_id, OWNER, unasked, yes=True)
        steps = [step async for step in tasks.follow(task_id, 0)]

    assert len(killed) == 10, killed
    ended = [step.data["step"] for step in steps if step.kind == "step_ended"]
    assert sorted(ended) == ["cancel", "find", "note", "read"]
    assert [(one["tool"], one["status"]) for one in again["changes"]] == [
        ("cancel_order", "done"),
        ("create_ticket", "unknown"),
    ]
    async with sessions() as session:
        audited = (await session.scalars(select(Audit.tool))).all()
        assert sorted(audited) == ["cancel_order", "create_ticket"]
        assert (await session.get_one(Order, order.id)).status is OrderStatus.CANCELLED
        assert (await session.execute(select(func.count()).select_from(Ticket))).scalar_one() == 1


async def _killed_until_it_ends(settings: Settings, sessions: Sessions, killing: Killing, task_id: str) -> list[str]:
    """Start a process, kill it where it asks something for the first time, and so on until the task has ended."""
    points: list[str] = []
    while True:
        process = start_worker(settings)
        ended = asyncio.create_task(_ended(sessions, task_id))
        point = asyncio.create_task(killing.killed.get())
        async with asyncio.timeout(120):
            await asyncio.wait({ended, point}, return_when=asyncio.FIRST_COMPLETED)
        kill(process)
        ended.cancel()
        if not point.done():
            point.cancel()
            return points
        points.append(point.result())
        while not killing.killed.empty():
            points.append(killing.killed.get_nowait())
        async with writing(sessions) as session:
            # As if it had waited for the lease to expire.
            await session.execute(update(Task).values(lease_until=now()))


async def _ended(sessions: Sessions, task_id: str) -> None:
    while True:
        async with sessions() as session:
            if (await session.get_one(Task, task_id)).ended_at is not None:
                return
        await asyncio.sleep(0.05)


async def _killed_while_it_is_made(
    settings: Settings, sessions: Sessions, tools: Tools, task_id: str, write_id: str
) -> str:
    """Say yes in a process that is killed when the change is made and it has not heard of it."""
    tools.killed.clear()
    tools.caller = start_confirming(settings, task_id, OWNER, write_id)
    async with asyncio.timeout(120):
        await tools.killed.wait()
    tools.caller = None
    async with writing(sessions) as session:
        await session.execute(update(TaskWrite).where(TaskWrite.id == write_id).values(at=now().replace(year=2000)))
    async with writing(sessions) as session:
        await recover_writes(session)
    return f"making {write_id}"
