"""A PostgreSQL of one's own on this machine's loopback: found, made, started and stopped."""

import asyncio
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.settings import CannotStartError

OWNER = "postgres"
DEBIAN = Path("/usr/lib/postgresql")
INITDB = ("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync")


class PostgresqlError(CannotStartError):
    """One of PostgreSQL's programs failed."""

    def __init__(self, program: str, said: str) -> None:
        super().__init__(f"PostgreSQL's {program} failed: {(said.strip().splitlines() or ['it said nothing'])[-1]}")


def programs() -> Path | None:
    """Return the folder with PostgreSQL's programs, where it is installed; the newest where there are several."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    found = [path.parent for path in DEBIAN.glob("*/bin/initdb")]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL whose data is in `home`, which it has for itself."""

    programs: Path
    home: Path
    port: int
    password: str

    def make(self, *options: str) -> None:
        """Make its data folder, configured to answer on loopback alone and with these options besides.

        Raises:
            PostgresqlError: it could not be made.
        """
        secret = self.home / "password"
        secret.touch(0o600)
        secret.write_text(self.password)
        for path in (self.home, secret):
            _lend(path)
        _run(self.programs / "initdb", "-D", self.home / "data", "-U", OWNER, f"--pwfile={secret}", *INITDB)
        self.configure(*options)

    def configure(self, *options: str) -> None:
        """Write its configuration: its port, which may be another than the last time, and these options."""
        own = (f"port={self.port}", "listen_addresses='127.0.0.1'", "unix_socket_directories=''")
        written = "".join(f"{line}\n" for line in (*own, *options))
        (self.home / "data" / "postgresql.auto.conf").write_text(written)

    def start(self) -> None:
        """Start the server, and wait until it answers.

        Raises:
            PostgresqlError: it does not start.
        """
        _run(self.programs / "pg_ctl", "-D", self.home / "data", "-l", self.home / "log", "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server: at once, as if it had crashed, or (`fast`) after ending its connections.

        Raises:
            PostgresqlError: it does not stop.
        """
        _run(self.programs / "pg_ctl", "-D", self.home / "data", "-m", mode, "-w", "stop")

    def url(self, database: str) -> str:
        """Return the address of one of its databases, as a shop's DATABASE_URL."""
        url = URL.create("postgresql+asyncpg", OWNER, self.password, "127.0.0.1", self.port, database)
        return url.render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        """Run a statement outside any transaction and outside any shop's database."""
        asyncio.run(self.ask(statement))

    async def ask(self, statement: str) -> None:
        """Run a statement as `run` does, from a running event loop."""
        engine = create_async_engine(self.url(OWNER), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        async with engine.connect() as connection:
            await connection.execute(text(statement))


def _run(program: Path, *arguments: str | Path) -> None:
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, cwd="/", **_as_owner())  # noqa: S603 - PostgreSQL's own
    if done.returncode:
        raise PostgresqlError(program.name, done.stdout + done.stderr)


def _lend(path: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(path, OWNER)


def _as_owner() -> dict[str, Any]:
    # PostgreSQL refuses to run as root; its package made a user for it.
    return {"user": OWNER, "group": OWNER, "extra_groups": []} if os.geteuid() == 0 else {}
