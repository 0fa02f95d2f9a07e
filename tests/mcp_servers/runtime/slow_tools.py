"""A tool server of the tests' own, whose tools wait for as long as a test lets them."""

import anyio
from pydantic import BaseModel

from mcp_servers.runtime.results import Outcome
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.serving.build import ShopServer, make_server
from storage.db import Sessions
from storage.settings import Settings
from storage.tokens import Caller


class Waited(BaseModel):
    """What the tools hand back."""

    done: bool = True


class Waiting:
    """Tools that begin, and then wait for the door."""

    def __init__(self) -> None:
        self.begun = anyio.Semaphore(0)
        self.door = anyio.Event()

    async def wait(self) -> Waited:
        """Wait for the door."""
        self.begun.release()
        await self.door.wait()
        return Waited()

    async def note(self) -> Outcome:
        """Write nothing, and say so."""
        return Outcome(status="done", summary="noted")

    def server(self, settings: Settings, sessions: Sessions, who: Caller) -> ShopServer:
        """Return the MCP server of these tools, with this caller at the other end."""
        tools = ToolServer("waiting", title="Waiting", instructions="Wait.", reads=[self.wait], writes=[self.note])
        return make_server("waiting", [tools], settings, sessions, local=who)
