"""The two teams being measured: ours in this process, and the stock one in a separate environment."""

import asyncio
import json
import shutil
import subprocess
import sys
import time
import venv
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.build import scopes_of
from storage.chats.conversations import add_conversation
from storage.db import Sessions, now, writing
from storage.people.asked_changes import AskedChange
from storage.settings import Settings
from storage.shop.audit import Answer
from storage.tokens import Caller, audience_of, mint
from team.desk.desk import Desk
from team.roster import load_roster

PACKAGES = ["autogen-agentchat==0.7.5", "autogen-ext[openai,mcp]==0.7.5", "mcp==1.30.0"]
STOCK = Path(__file__).with_name("stock.py")
YES = "Yes"


class TurnFailedError(Exception):
    """A measured turn did not do what it was meant to, so its time means nothing."""


@dataclass(frozen=True)
class Buyer:
    """A customer, and an order of theirs that has not shipped."""

    customer: str
    order: str


class Ours:
    """Our desk, used the way the page uses it."""

    def __init__(self, desk: Desk, sessions: Sessions) -> None:
        self.desk = desk
        self.sessions = sessions
        self.conversation = ""
        self.processor = 0.0
        """CPU seconds of this process in the last turn."""

    async def open(self, buyer: Buyer) -> None:
        """Start a conversation."""
        async with writing(self.sessions) as session:
            self.conversation = (await add_conversation(session, buyer.customer, None)).id

    async def turn(self, text: str) -> float:
        """Return the seconds from a message to the end of its turn; a yes presses the button."""
        before = (await self.desk.steps.stored(self.conversation, 0))[-1:]
        question = next((step.data["question_id"] for step in await self._asked()), "") if text == YES else ""
        started, used = time.perf_counter(), time.process_time()
        if question:
            await self.desk.answer(self.conversation, question, True)
        else:
            await self.desk.send(self.conversation, text)
        await self.desk.idle(self.conversation)
        seconds, self.processor = time.perf_counter() - started, time.process_time() - used
        ended = (await self.desk.steps.stored(self.conversation, before[0].seq or 0 if before else 0))[-1]
        if ended.kind != "turn_ended" or ended.data["status"] not in {"done", "asked"}:
            raise TurnFailedError(f"ours: {text!r} ended with {ended.kind} {ended.data}")
        return seconds

    async def _asked(self) -> list[Any]:
        steps = await self.desk.steps.stored(self.conversation, 0)
        return [step for step in steps if step.kind == "question"][-1:]

    async def close(self) -> None:
        """Do nothing: our conversations have no end."""


class Stock:
    """AutoGen's own team, in a process that is told what to do."""

    def __init__(self, process: Process, settings: Settings, model: str, sessions: Sessions) -> None:
        self.process = process
        self.sessions = sessions
        self.customer = ""
        self.settings = settings
        self.model = model
        self.processor = 0.0
        """CPU seconds of its process in the last turn."""

    async def open(self, buyer: Buyer) -> None:
        """Start a conversation: the process opens a workbench and builds a team."""
        servers, self.customer = server_names(), buyer.customer
        caller = Caller(buyer.customer, staff=False, scopes=scopes_of(servers))
        audience = audience_of(self.settings.public_mcp_url, servers)
        token = mint(self.settings.secret, caller, audience=audience, expires_s=3600)
        agents = [
            {"name": one.name, "description": one.description, "prompt": one.prompt} for one in load_roster().values()
        ]
        tools = f"{self.settings.public_mcp_url}/mcp"
        await self._tell({"model": self.model, "tools": tools, "token": token, "agents": agents})

    async def turn(self, text: str) -> float:
        """Return the seconds of a turn; the first one includes opening the conversation."""
        if text == YES:
            await self._click()
        await self._tell({"text": text})
        assert self.process.stdout is not None  # noqa: S101 - it is a pipe
        line = await self.process.stdout.readline()
        if not line:
            raise TurnFailedError(f"stock: {text!r} ended the process")
        told = json.loads(line)
        self.processor = float(told["processor"])
        return float(told["seconds"])

    async def close(self) -> None:
        """End the conversation."""
        await self._tell({"text": ""})

    async def _click(self) -> None:
        """Say yes as the customer does on the page: the stock team cannot ask, so it was given a link."""
        waiting = select(AskedChange).where(AskedChange.asked_by == self.customer, AskedChange.answer.is_(None))
        async with writing(self.sessions) as session:
            row = (await session.scalars(waiting.order_by(AskedChange.asked_at.desc()))).one()
            row.answer, row.answered_by, row.answered_at = Answer.YES, self.customer, now()

    async def _tell(self, line: dict[str, Any]) -> None:
        assert self.process.stdin is not None  # noqa: S101 - it is a pipe
        self.process.stdin.write(json.dumps(line).encode() + b"\n")
        await self.process.stdin.drain()


@asynccontextmanager
async def open_stock(settings: Settings, model: str, sessions: Sessions) -> AsyncIterator[Stock]:
    """Start the stock team's process."""
    process = await asyncio.create_subprocess_exec(str(stock_python()), str(STOCK), stdin=PIPE, stdout=PIPE)
    try:
        yield Stock(process, settings, model, sessions)
    finally:
        process.kill()
        await process.wait()


def stock_python() -> Path:
    """Return the Python of the environment with the stock team, created once next to our own packages."""
    folder = Path(sys.prefix) / "other-clients" / "autogen-team"
    made = folder / "made"
    if not made.exists() or made.read_text() != str(PACKAGES):
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        install = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*install, *PACKAGES], check=True)  # noqa: S603 - a command of our own
        made.write_text(str(PACKAGES))
    return folder / "bin" / "python"
