"""A process of its own that works on tasks, or confirms one of their changes, until it is killed."""

import asyncio
import multiprocessing
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from multiprocessing.context import ForkServerProcess

from storage.db import open_sessions
from storage.settings import Settings
from storage.tokens import Caller, mint
from team.cooperation.tasks import Tasks
from team.models.models import Models
from team.pool import open_pool
from team.tools.servers import ToolServers
from team.turn.steps import Steps

# The team takes two seconds to import; each process is a fork of one that has.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.team.cooperation.killed"])


@asynccontextmanager
async def open_own(settings: Settings) -> AsyncIterator[Tasks]:
    """Open the tasks as a process of its own does; nobody works on them yet."""

    def minted(caller: Caller, audience: Sequence[str], expires_s: float) -> str:
        return mint(settings.secret, caller, audience=audience, expires_s=expires_s)

    async with open_sessions(settings.database) as sessions, open_pool() as pool:
        models, servers = Models(settings, pool), ToolServers(settings.public_mcp_url, pool, minted)
        try:
            yield Tasks(sessions, models, servers, Steps(sessions))
        finally:
            await servers.close()
            await models.close()


def start_worker(settings: Settings) -> ForkServerProcess:
    """Start a process that works on tasks."""
    return _started(FORKS.Process(target=_work, args=(settings,), daemon=True))


def start_confirming(settings: Settings, task_id: str, owner: str, write_id: str) -> ForkServerProcess:
    """Start a process that says yes to a change."""
    return _started(FORKS.Process(target=_confirm, args=(settings, task_id, owner, write_id), daemon=True))


def kill(process: ForkServerProcess) -> None:
    """Kill a process, as the system does: it can do nothing about it."""
    process.kill()
    process.join(10)
    assert process.exitcode == -signal.SIGKILL


def _started(process: ForkServerProcess) -> ForkServerProcess:
    process.start()
    return process


def _work(settings: Settings) -> None:
    async def work() -> None:
        async with open_own(settings) as tasks:
            await tasks.worker.run()

    asyncio.run(work())


def _confirm(settings: Settings, task_id: str, owner: str, write_id: str) -> None:
    async def confirm() -> None:
        async with open_own(settings) as tasks:
            await tasks.confirm(task_id, owner, write_id, yes=True)

    asyncio.run(confirm())
