"""Raw keep-alive load on an MCP server: prepared HTTP/1.1 requests over a few connections, each timed."""

import asyncio
import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from mcp.types import CLIENT_CAPABILITIES_META_KEY, CLIENT_INFO_META_KEY, PROTOCOL_VERSION_META_KEY

PROTOCOL = "2026-07-28"
META = {
    PROTOCOL_VERSION_META_KEY: PROTOCOL,
    CLIENT_INFO_META_KEY: {"name": "bench", "version": "1"},
    CLIENT_CAPABILITIES_META_KEY: {},
}


class RefusedCallError(Exception):
    """A server answered a measured call with an error, so its time means nothing."""

    def __init__(self, answer: bytes) -> None:
        super().__init__(f"A measured call failed: {answer.decode(errors='replace')}")


@dataclass
class Times:
    """The time of each call, and the time they took in total, in seconds."""

    calls: list[float] = field(default_factory=list)
    total: float = 0.0

    def percentile(self, share: float) -> float:
        """Return the time within which this share of the calls was answered."""
        return sorted(self.calls)[math.ceil(share * len(self.calls)) - 1]

    @property
    def per_second(self) -> float:
        """Calls answered per second."""
        return len(self.calls) / self.total


def request(url: str, tool: str, arguments: dict[str, Any], token: str | None) -> bytes:
    """Return a tool call as it goes over the wire."""
    place = urlsplit(url)
    params = {"name": tool, "arguments": arguments, "_meta": META}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).encode()
    lines = [
        f"POST {place.path} HTTP/1.1",
        f"Host: {place.netloc}",
        "Accept: application/json, text/event-stream",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"MCP-Protocol-Version: {PROTOCOL}",
        "Mcp-Method: tools/call",
        f"Mcp-Name: {tool}",
        *([] if token is None else [f"Authorization: Bearer {token}"]),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def run_load(url: str, requests: Sequence[bytes], *, connections: int, times: Times) -> None:
    """Send these requests, one at a time on each connection, and record how long they took.

    Raises:
        RefusedCallError: a call failed.
    """
    waiting = iter(requests)
    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(_connection(url, waiting, times))
    times.total += time.perf_counter() - started


async def _connection(url: str, waiting: Iterator[bytes], times: Times) -> None:
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    try:
        for each in waiting:
            started = time.perf_counter()
            writer.write(each)
            answer = await _answer(reader)
            times.calls.append(time.perf_counter() - started)
            if b'"isError":false' not in answer:
                raise RefusedCallError(answer)
    finally:
        writer.close()
        await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    return await reader.readexactly(int(length))
