"""The commands of docs/backup.md: a copy while the shop is written to, and the same shop out of it."""

import asyncio
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import delete

from storage.db import Sessions, open_sessions, writing
from storage.moving.contents import count_contents
from storage.moving.fingerprint import take_fingerprint
from storage.people.accounts import check_password, find_account
from storage.settings import REPOSITORY, Settings, load_settings
from storage.shop.customers import get_customer
from storage.shop.tickets import Ticket
from tests.factories import add_conversation, add_message
from tests.postgres import POSTGRESQL, Cluster
from tests.scripts.command import shopdesk

# Each test starts the command several times over, a second each.
pytestmark = pytest.mark.slow

COMMANDS = re.findall(r"```sh\n(.*?)```", (REPOSITORY / "docs" / "backup.md").read_text(encoding="utf-8"), re.DOTALL)
BACKUP = next(each for each in COMMANDS if "VACUUM INTO" in each)
CHECK = next(each for each in COMMANDS if "integrity_check" in each)
DUMP = next(each for each in COMMANDS if "pg_dump" in each)
PG_RESTORE = next(each for each in COMMANDS if "pg_restore" in each)
RESTORE = next(each for each in COMMANDS if "cp backup.db" in each)


def run(command: str, home: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the page in this folder, for this home, with the Python of these tests."""
    command = command.replace("var", str(home)).replace(".venv/bin/python", sys.executable)
    return subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S602 - the page's own text, as its reader runs it


async def write_without_end(sessions: Sessions, written: asyncio.Event) -> None:
    """Change the first and the second customer together, again and again."""
    number = 0
    while True:
        number += 1
        async with writing(sessions) as session:
            for customer_id in ("olivia_brown_1001", "mina_kim_1002"):
                (await get_customer(session, customer_id)).address2 = f"Apt {number}"
        written.set()


async def test_a_copy_made_while_the_shop_is_written_to_is_whole(
    demo_sessions: Sessions, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = await add_conversation(demo_sessions, customer_id="adam_cooper_1081", account_id="u_adam_cooper_1081")
    await add_message(demo_sessions, chat.id, "Where is my order?")
    written = asyncio.Event()
    writer = asyncio.create_task(write_without_end(demo_sessions, written))
    await written.wait()

    copied = await asyncio.to_thread(run, BACKUP, settings.shopdesk_home, tmp_path)
    checked = await asyncio.to_thread(run, CHECK, settings.shopdesk_home, tmp_path)
    written.clear()
    await written.wait()
    writer.cancel()
    await asyncio.gather(writer, return_exceptions=True)

    assert (copied.returncode, copied.stderr) == (0, "")
    assert checked.stdout == "ok\n"
    fresh = tmp_path / "fresh"
    restored = run(RESTORE, fresh, tmp_path)
    assert (restored.returncode, restored.stderr) == (0, "")
    monkeypatch.setenv("SHOPDESK_HOME", str(fresh))
    async with open_sessions(load_settings().database) as sessions, sessions() as session:
        together = {
            customer.address2
            for customer in [await get_customer(session, each) for each in ("olivia_brown_1001", "mina_kim_1002")]
        }
        counts = str(await count_contents(session))
        account = check_password(await find_account(session, "olivia.brown@example.com"), "demo-pass")
    assert len(together) == 1
    assert counts == "200 customers, 60 products (320 variants), 600 orders, 48 tickets"
    assert account.customer_id == "olivia_brown_1001"
    listed = await shopdesk("user", "list")
    assert listed.said.startswith("staff@shopdesk.example\tstaff\tStaff\n")


async def test_a_restored_shop_is_the_same_to_the_last_row(
    demo_sessions: Sessions, settings: Settings, tmp_path: Path
) -> None:
    async with demo_sessions() as session:
        before = await take_fingerprint(session)
    run(BACKUP, settings.shopdesk_home, tmp_path)
    async with writing(demo_sessions) as session:
        await session.execute(delete(Ticket))
    await demo_sessions.kw["bind"].dispose()

    run(RESTORE, settings.shopdesk_home, tmp_path)

    async with open_sessions(settings.database) as sessions, sessions() as session:
        assert await take_fingerprint(session) == before


async def test_a_copy_is_not_written_over(demo_sessions: Sessions, settings: Settings, tmp_path: Path) -> None:
    run(BACKUP, settings.shopdesk_home, tmp_path)
    size = (tmp_path / "backup.db").stat().st_size

    again = run(BACKUP, settings.shopdesk_home, tmp_path)

    assert again.returncode != 0
    assert "output file already exists" in again.stderr
    assert (tmp_path / "backup.db").stat().st_size == size


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the sqlite3 program is not installed")
def test_the_sqlite3_program_makes_the_same_copy(demo: Path, settings: Settings, tmp_path: Path) -> None:
    shutil.copy(demo, settings.shopdesk_home / "shop.db")

    copied = run('sqlite3 var/shop.db ".backup backup.db"', settings.shopdesk_home, tmp_path)
    checked = run(CHECK, settings.shopdesk_home, tmp_path)

    assert (copied.returncode, copied.stderr) == (0, "")
    assert checked.stdout == "ok\n"


@pytest.mark.slow
@pytest.mark.parametrize("database", [POSTGRESQL])
async def test_a_postgresql_shop_is_dumped_and_restored(
    demo_sessions: Sessions, settings: Settings, postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(postgres.programs), prepend=":")
    async with demo_sessions() as session:
        before = await take_fingerprint(session)
    dumped = run_for(settings.database, DUMP, tmp_path)
    async with writing(demo_sessions) as session:
        await session.execute(delete(Ticket))

    restored = run_for(settings.database, PG_RESTORE, tmp_path)

    assert [(done.returncode, done.stderr) for done in (dumped, restored)] == [(0, ""), (0, "")]
    async with demo_sessions() as session:
        assert await take_fingerprint(session) == before


def run_for(url: str, command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the page for this database."""
    address = url.replace("+asyncpg", "")
    return run(command.replace("postgresql://USER@HOST/DATABASE", address), folder, folder)
