"""Be so many viewers of a conversation: `python -m scripts.bench.viewing URL COOKIE CHAT VIEWERS STEPS`.

Prints how many of them read every step in order, and how often a stream broke off and was resumed.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

SLOW, REST_S, RESTS_EACH = 5, 1, 200
"""So many of the viewers stop reading for so many seconds, after so many steps each time."""

APART_S = 0.02
AGAIN_AFTER_S = 1
OPEN = b" 200 "


async def read(url: str, cookie: str, chat: str, number: int, steps: int) -> tuple[bool, int]:
    """Read a conversation's steps as a browser does, from where a stream broke off in a new one.

    Returns:
        Whether all came, in order, and how often it connected.
    """
    seen: list[int] = []
    connected = 0
    # They do not all come in the same moment, and who is sent away comes again a little later.
    await asyncio.sleep(number * APART_S)
    while len(seen) < steps:
        if connected:
            await asyncio.sleep(AGAIN_AFTER_S)
        connected += 1
        async for step in stream(url, cookie, chat, seen[-1] if seen else 0):
            seen.append(step)
            if number < SLOW and step % RESTS_EACH == 0:
                await asyncio.sleep(REST_S)
            if len(seen) == steps:
                break
    return seen == list(range(1, steps + 1)), connected


async def stream(url: str, cookie: str, chat: str, after: int) -> AsyncIterator[int]:
    """Yield the numbers of the steps that one connection brings. It reads no more: the page needs the processor."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    asked = f"GET /api/conversations/{chat}/events HTTP/1.1\r\nHost: {place.netloc}\r\nLast-Event-ID: {after}\r\n"
    writer.write(f"{asked}Cookie: {cookie}\r\n\r\n".encode())
    try:
        if OPEN not in await reader.readline():
            # The shop is busy, and says so; that connection brings no steps.
            return
        while line := await reader.readline():
            if line.startswith(b"id: "):
                yield int(line[4:])
    except ConnectionError:
        return
    finally:
        writer.close()


async def read_all(url: str, cookie: str, chat: str, count: int, steps: int) -> None:
    """Be so many viewers."""
    found = await asyncio.gather(*(read(url, cookie, chat, number, steps) for number in range(count)))
    print(sum(whole for whole, _ in found), sum(times - 1 for _, times in found), flush=True)


if __name__ == "__main__":
    page, login, conversation, viewers, most = sys.argv[1:]
    asyncio.run(read_all(page, login, conversation, int(viewers), int(most)))
