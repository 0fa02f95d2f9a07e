"""Calls the echo tool on a bare server and through our runtime, alternately."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from statistics import median

from mcp import Client

from mcp_servers.runtime.serving.build import make_server, scopes_of
from scripts.bench.echoes.bare import bare_server
from scripts.bench.echoes.ours import ECHO
from scripts.bench.load import Times, request, run_load
from scripts.bench.served import free_port, process
from storage.db import open_sessions
from storage.settings import Settings
from storage.tokens import Caller, audience_of, mint

TEXT = {"text": "#W0001042"}
CALLER = Caller("bench", staff=True, scopes=scopes_of(["echo"]))

Turn = Callable[[int, Times], Awaitable[None]]


@dataclass
class Side:
    """A row of the table: a server, one of its tools, and how to call it a number of times."""

    name: str
    turn: Turn
    times: Times = field(default_factory=Times)
    rates: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Calls per second in the median round, since other work on the machine ruins whole rounds."""
        return median(self.rates)


@contextmanager
def http_sides(settings: Settings, connections: int) -> Iterator[list[Side]]:
    """Serve the bare echo without and with a token, and ours."""
    ports = [free_port() for _ in range(3)]
    base = f"http://127.0.0.1:{ports[2]}"
    token = mint(settings.secret, CALLER, audience=audience_of(base, ["echo"]), expires_s=3600)
    places = {"SHOPDESK_HOME": str(settings.shopdesk_home), "SHOPDESK_SECRET": settings.secret, "PUBLIC_MCP_URL": base}
    places["CALLS_PER_MINUTE"] = "0"

    def side(name: str, url: str, tool: str, token: str | None) -> Side:
        call = request(url, tool, TEXT, token)
        return Side(name, lambda calls, times: run_load(url, [call] * calls, connections=connections, times=times))

    bare = ["-m", "scripts.bench.echoes.bare"]
    with (
        process([*bare, str(ports[0]), token], ports[0], {}),
        process([*bare, str(ports[1])], ports[1], {}),
        process(["-m", "scripts.bench.echoes.ours", str(ports[2])], ports[2], places | {"DATABASE_URL": ""}),
    ):
        yield [
            side("bare, token", f"http://127.0.0.1:{ports[0]}/mcp", "echo", token),
            side("bare, no token", f"http://127.0.0.1:{ports[1]}/mcp", "echo", None),
            side("ours", f"{base}/echo/mcp", "echo", token),
            side("ours, with a session", f"{base}/echo/mcp", "echo_with_session", token),
        ]


def _in_memory(name: str, client: Client, tool: str) -> Side:
    async def turn(calls: int, times: Times) -> None:
        began = time.perf_counter()
        for _ in range(calls):
            started = time.perf_counter()
            await client.call_tool(tool, TEXT)
            times.calls.append(time.perf_counter() - started)
        times.total += time.perf_counter() - began

    return Side(name, turn)


@asynccontextmanager
async def in_memory_sides(settings: Settings) -> AsyncIterator[list[Side]]:
    """Open the SDK's client for both sides, in this process."""
    async with open_sessions(settings.database) as sessions:
        ours = make_server("echo", [ECHO], settings, sessions, local=CALLER)
        async with Client(bare_server()) as bare_client, Client(ours) as our_client:
            yield [
                _in_memory("bare", bare_client, "echo"),
                _in_memory("ours", our_client, "echo"),
                _in_memory("ours, with a session", our_client, "echo_with_session"),
            ]


async def measure(sides: Sequence[Side], calls: int, rounds: int) -> None:
    """Alternate between the sides, so that other work on the machine affects them equally."""
    for side in sides:
        await side.turn(calls // rounds, Times())
    for _ in range(rounds):
        for side in sides:
            before = side.times.total
            await side.turn(calls // rounds, side.times)
            side.rates.append(calls // rounds / (side.times.total - before))
