"""Reporting progress to a client that asked for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mcp.server.mcpserver import Context

from mcp_servers.runtime.caller import Local
from mcp_servers.runtime.limits.deadline import DEADLINE_S

EVERY_S = 1
SECONDS = range(EVERY_S, int(DEADLINE_S) + EVERY_S, EVERY_S)


@asynccontextmanager
async def ticking(ctx: Context[Local]) -> AsyncIterator[None]:
    """Report the seconds elapsed, every second, while the code inside runs."""
    told = list[asyncio.Task[None]]()
    # Most calls end long before the first second, so a task is made only then. No task group: it would wrap errors.
    timer = asyncio.get_running_loop().call_later(EVERY_S, lambda: told.append(asyncio.create_task(_tick(ctx))))
    try:
        yield
    finally:
        timer.cancel()
        for task in told:
            task.cancel()
            await asyncio.wait([task])


async def _tick(ctx: Context[Local]) -> None:
    for passed in SECONDS:
        await ctx.report_progress(passed, message="Still working on it")
        await asyncio.sleep(EVERY_S)
