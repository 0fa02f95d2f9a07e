"""A private PostgreSQL cluster for the tests: made on this machine's loopback, started once, and always ended."""

import asyncio
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from tests.processes import free_port

SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = [SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.slow)]
REQUIRED = "SHOPDESK_REQUIRE_POSTGRES"
OWNER = "postgres"
DEBIAN = Path("/usr/lib/postgresql")
INITDB = ("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync")
# Its rows may be lost with the machine, which no test is about; so it need not wait for the disk.
FAST = ("fsync=off", "full_page_writes=off", "max_connections=300")


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL of our own."""

    programs: Path
    home: Path
    port: int
    password: str

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        _run(self.programs / "pg_ctl", "-D", self.home / "data", "-l", self.home / "log", "-w", "start")

    def stop(self) -> None:
        """Stop the server at once, as if it had crashed."""
        _run(self.programs / "pg_ctl", "-D", self.home / "data", "-m", "immediate", "-w", "stop")

    def url(self, database: str) -> str:
        """The address of one of its databases, as a shop's DATABASE_URL."""
        url = URL.create("postgresql+asyncpg", OWNER, self.password, "127.0.0.1", self.port, database)
        return url.render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        """Run a statement outside any transaction and outside any shop's database."""
        asyncio.run(self._run(statement))

    async def _run(self, statement: str) -> None:
        engine = create_async_engine(self.url(OWNER), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        async with engine.connect() as connection:
            await connection.execute(text(statement))

    @contextmanager
    def copy_of(self, template: str) -> Iterator[str]:
        """The address of a new database that begins as a copy of another, and is dropped at the end."""
        name = f"shop_{secrets.token_hex(6)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


def programs() -> Path | None:
    """The folder with PostgreSQL's programs, where it is installed; the newest where there are several."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    found = [path.parent for path in DEBIAN.glob("*/bin/initdb")]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


def require_programs() -> Path:
    """The folder with PostgreSQL's programs; the test is skipped where there is none, unless it is required."""
    found = programs()
    if found is None and os.environ.get(REQUIRED):
        pytest.fail(f"{REQUIRED} is set, and PostgreSQL's initdb is neither on PATH nor in {DEBIAN}", pytrace=False)
    if found is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return found


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Make and start a cluster; stop it and delete its data at the end."""
    folder = require_programs()
    with tempfile.TemporaryDirectory(prefix="shopdesk-pg-") as name:
        made = Cluster(folder, Path(name), free_port(), secrets.token_hex(12))
        _make(made)
        made.start()
        try:
            yield made
        finally:
            made.stop()


def _make(made: Cluster) -> None:
    secret = made.home / "password"
    secret.write_text(made.password)
    for path in (made.home, secret):
        _lend(path)
    _run(made.programs / "initdb", "-D", made.home / "data", "-U", OWNER, f"--pwfile={secret}", *INITDB)
    (made.home / "data" / "postgresql.auto.conf").write_text(_configuration(made))


def _configuration(made: Cluster) -> str:
    own = (f"port={made.port}", "listen_addresses='127.0.0.1'", f"unix_socket_directories='{made.home}'")
    return "".join(f"{line}\n" for line in (*own, *FAST))


def _run(program: Path, *arguments: str | Path) -> None:
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, cwd="/", **_as_owner())
    assert done.returncode == 0, done.stdout + done.stderr


def _lend(path: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(path, OWNER)


def _as_owner() -> dict[str, Any]:
    # PostgreSQL refuses to run as root; its package made a user for it.
    return {"user": OWNER, "group": OWNER, "extra_groups": []} if os.geteuid() == 0 else {}
