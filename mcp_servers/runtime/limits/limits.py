"""What one process holds its callers to, and what it counts: shared by every server it serves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from mcp_servers.runtime.limits.deadline import Deadline, deadline
from mcp_servers.runtime.limits.limiter import CallLimiter
from mcp_servers.runtime.limits.semaphore import ServerSemaphore
from mcp_servers.runtime.limits.sessions import OpenSessions
from mcp_servers.runtime.server import ToolFunction
from storage.process.metrics import CallMetrics
from storage.settings import Settings


@dataclass(frozen=True)
class ToolLimits:
    """What one tool is held to."""

    server: str
    tool: str
    semaphore: ServerSemaphore
    metrics: CallMetrics

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Deadline]:
        """Hold the server's semaphore and yield the deadline, which has begun: waiting counts.

        Raises:
            ServerBusyError: the server works on too many calls.
        """
        ends = deadline()
        await self.semaphore.acquire()
        try:
            with self.metrics.working(self.server, self.tool):
                yield ends
        finally:
            self.semaphore.release()


class Limits:
    """The limiter and the sessions of all callers, the semaphores of all servers, and the metrics."""

    def __init__(self, settings: Settings) -> None:
        self.limiter = CallLimiter(settings.calls_per_minute)
        self.metrics = CallMetrics()
        self.sessions = OpenSessions(settings.mcp_sessions, settings.mcp_session_idle_s)
        self._calls_at_once = settings.calls_at_once
        self._semaphores: dict[str, ServerSemaphore] = {}

    def of(self, server: str, function: ToolFunction) -> ToolLimits:
        """Return what a server's function is held to."""
        return ToolLimits(server, str(function.__name__), self.semaphore(server), self.metrics)

    def semaphore(self, server: str) -> ServerSemaphore:
        """Return a server's semaphore: one, also where the server is offered alone and together with others."""
        return self._semaphores.setdefault(server, ServerSemaphore(server, self._calls_at_once, self.metrics))
