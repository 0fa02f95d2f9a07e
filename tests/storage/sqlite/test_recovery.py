"""A process killed while it wrote leaves a journal to be recovered: who comes meanwhile waits for whoever does it."""

import asyncio
import sys

import pytest

from storage.chats.conversations import add_conversation, get_conversation
from storage.db import Sessions, writing
from storage.owners import TheShop

# What https://www.sqlite.org/walformat.html calls the WAL-index header (its two copies end at byte 96), and its locks:
# bytes 120 to 127, of which recovery holds all but the first, of checkpoints and writers too.
RECOVERING = """
import fcntl, sys
with open(sys.argv[1], "r+b") as index:
    fcntl.lockf(index, fcntl.LOCK_EX, 3, 120)
    index.write(bytes(96))
    index.flush()
    print("recovering", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def database() -> str:
    """SQLite alone: PostgreSQL recovers before it lets anybody in."""
    return "sqlite"


async def test_who_writes_while_another_process_recovers_the_journal_waits_for_it(sessions: Sessions) -> None:
    async with writing(sessions) as session:
        before = await add_conversation(session, None, None)
    index = f"{sessions.kw['bind'].url.database}-shm"
    pipe = asyncio.subprocess.PIPE
    recovering = await asyncio.create_subprocess_exec(sys.executable, "-c", RECOVERING, index, stdin=pipe, stdout=pipe)
    assert recovering.stdin is not None
    assert recovering.stdout is not None
    assert await recovering.stdout.readline()

    async def write() -> str:
        async with writing(sessions) as session:
            return (await add_conversation(session, None, None)).id

    written = asyncio.create_task(write())
    done, _ = await asyncio.wait({written}, timeout=0.3)
    recovering.stdin.close()
    await recovering.wait()

    assert not done
    async with sessions() as session:
        for conversation_id in (before.id, await written):
            assert (await get_conversation(session, conversation_id, TheShop())).id == conversation_id
