"""Requests that no client library sends: broken off, or dripping, over a socket of their own."""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

DRIP_S = 0.1
GIVEN_UP_S = 20


@dataclass(frozen=True)
class Ended:
    """How the server ended a connection: what it said first, all of it, and after how many seconds."""

    status: int
    told: str
    after_s: float


def head_of(method: str, path: str, headers: dict[str, str], length: int) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost:1", f"Content-Length: {length}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()


async def break_off(url: str, path: str, headers: dict[str, str]) -> None:
    """Send a request whose body ends in the middle."""
    at = urlsplit(url)
    _, writer = await asyncio.open_connection(at.hostname, at.port)
    writer.write(head_of("POST", path, headers, 1_000) + b'{"jsonrpc"')
    await writer.drain()
    # The server has to begin with it before it is gone.
    await asyncio.sleep(0.02)
    writer.transport.abort()


async def drip(url: str, sent: bytes) -> Ended:
    """Send this at once, then (unless it is nothing) a space now and then, until the server ends the connection."""
    at = urlsplit(url)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    started = time.monotonic()
    writer.write(sent)
    dripping = asyncio.create_task(_drip(writer, sent))
    try:
        async with asyncio.timeout(GIVEN_UP_S):
            told = (await reader.read()).decode()
    except ConnectionResetError:
        told = ""
    finally:
        dripping.cancel()
        writer.close()
    return Ended(int(told.split(" ")[1]) if told else 0, told, time.monotonic() - started)


async def _drip(writer: asyncio.StreamWriter, sent: bytes) -> None:
    while sent:
        await asyncio.sleep(DRIP_S)
        writer.write(b" ")
