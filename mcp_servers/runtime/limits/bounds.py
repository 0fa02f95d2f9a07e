"""What one process holds its callers to, and what it counted: shared by every server it serves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from mcp_servers.runtime.limits.rate import Rates
from mcp_servers.runtime.limits.refusals import Deadline, deadline
from mcp_servers.runtime.limits.room import Room
from mcp_servers.runtime.limits.sessions import OpenSessions
from mcp_servers.runtime.server import ToolFunction
from storage.process.metrics import CallMetrics
from storage.settings import Settings


@dataclass(frozen=True)
class Bound:
    """What one tool is held to."""

    server: str
    tool: str
    room: Room
    metrics: CallMetrics

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Deadline]:
        """Hold a place in the server's room and yield the deadline, which has begun: waiting counts.

        Raises:
            ServerBusyError: there is no place.
        """
        ends = deadline()
        await self.room.take()
        try:
            with self.metrics.working(self.server, self.tool):
                yield ends
        finally:
            self.room.leave()


class Bounds:
    """The buckets and sessions of all callers, the rooms of all servers, and the counts."""

    def __init__(self, settings: Settings) -> None:
        self.rates = Rates(settings.calls_per_minute)
        self.metrics = CallMetrics()
        self.sessions = OpenSessions(settings.mcp_sessions, settings.mcp_session_idle_s)
        self._places = settings.calls_at_once
        self._rooms: dict[str, Room] = {}

    def of(self, server: str, function: ToolFunction) -> Bound:
        """Return what a server's function is held to."""
        return Bound(server, str(function.__name__), self.room(server), self.metrics)

    def room(self, server: str) -> Room:
        """Return a server's room: one, also where the server is offered alone and together with others."""
        return self._rooms.setdefault(server, Room(server, self._places))
