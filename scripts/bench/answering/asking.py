"""Asks a desk each question in a chat of its own, as a visitor, and returns its final answers."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from scripts.bench.answering.judging import Question, Said
from scripts.bench.served import free_port, process
from scripts.evaluation.temporary_shop import make_shop, open_copy
from storage.chats.conversations import add_conversation, new_visitor_id
from storage.db import Sessions, writing
from storage.endpoints import FILE
from storage.settings import REPOSITORY, Settings
from team.desk.desk import Desk

WITHIN_S = 120
AT_ONCE = 4


async def ask_all(settings: Settings, questions: Sequence[Question], done: Callable[[int], None]) -> list[Said]:
    """Return a new demo shop's answers to these questions; `done` is told how many were answered."""
    with tempfile.TemporaryDirectory(prefix="shopdesk-answers-") as folder:
        home = Path(folder) / "shop"
        home.mkdir()
        made = await make_shop(settings, home)
        async with open_copy(made, Path(folder) / "copy") as (desk, sessions):
            free, answered = asyncio.Semaphore(AT_ONCE), 0

            async def ask(question: Question) -> Said:
                nonlocal answered
                async with free:
                    said = await _ask(desk, sessions, question.text)
                answered += 1
                done(answered)
                return said

            return list(await asyncio.gather(*map(ask, questions)))


async def _ask(desk: Desk, sessions: Sessions, text: str) -> Said:
    async with writing(sessions) as session:
        chat = (await add_conversation(session, None, None, new_visitor_id())).id
    await desk.send(chat, text)
    async with asyncio.timeout(WITHIN_S):
        await desk.idle(chat)
    told = [
        step.data
        for step in await desk.steps.stored(chat, 0)
        if step.kind == "message" and step.data["role"] == "assistant"
    ]
    return Said("\n".join(one["text"] for one in told), any(one.get("policies") for one in told))


@asynccontextmanager
async def stand_in(settings: Settings, home: Path) -> AsyncIterator[Settings]:
    """Run the stand-in, and yield the settings of a shop in this folder that asks it and nothing else."""
    ports = {number: free_port() for number in (1, 2)}
    models = (REPOSITORY / "team" / FILE).read_text()
    for number, port in ports.items():
        models = models.replace(f"127.0.0.1:808{number}", f"127.0.0.1:{port}")
    (home / FILE).write_text(models)
    command = ["-m", "team.standin", "--delay", "0", "--ports", *map(str, ports.values())]
    with process(command, ports[2], {}):
        yield settings.model_copy(update={"shopdesk_home": home, "mock_llm": "true"})
