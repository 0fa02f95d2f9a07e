"""A private PostgreSQL cluster for the tests: made on this machine's loopback, started once, and always ended."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.machines.postgresql import DEBIAN, programs
from scripts.machines.postgresql import Cluster as Made
from tests.processes import free_port

SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = [SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.slow)]
REQUIRED = "SHOPDESK_REQUIRE_POSTGRES"
# Its rows may be lost with the machine, which no test is about; so it need not wait for the disk.
FAST = ("fsync=off", "full_page_writes=off", "max_connections=300")


@dataclass(frozen=True)
class Cluster(Made):
    """A running PostgreSQL of our own."""

    @contextmanager
    def copy_of(self, template: str) -> Iterator[str]:
        """The address of a new database that begins as a copy of another, and is dropped at the end."""
        name = f"shop_{secrets.token_hex(6)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


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
        made.make(*FAST)
        made.start()
        try:
            yield made
        finally:
            made.stop()
