"""Installs the programs of package-lock.json once, and keeps them beside our own packages."""

import fcntl
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FOLDER = Path(sys.prefix) / "node-programs"
INSTALL_WITHIN_S = 240
NO_NODE = "npm is not installed, so the tests with clients from npm cannot run"


@dataclass(frozen=True)
class NodePrograms:
    """The installed packages, with the Node that they want."""

    modules: Path

    @property
    def node(self) -> str:
        """The Node to run a script with: a newer one than the machine may have."""
        return str(self.modules / ".bin" / "node")

    def command(self, program: str, *arguments: str) -> list[str]:
        """The command line of a program by the name it is installed under."""
        return [self.node, str(self.modules / ".bin" / program), *arguments]


def node_programs() -> NodePrograms:
    """Return the programs, installed first where they are not; without npm the test is skipped, in CI it fails."""
    if shutil.which("npm") is None:
        if os.environ.get("SHOPDESK_REQUIRE_NODE"):
            pytest.fail(NO_NODE)
        pytest.skip(NO_NODE)
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _install()
    return NodePrograms(FOLDER / "node_modules")


def _install() -> None:
    wanted, made = (HERE / "package-lock.json").read_text(), FOLDER / "made"
    if made.exists() and made.read_text() == wanted:
        return
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, FOLDER)
    install = ["npm", "ci", "--no-fund", "--no-audit", "--loglevel=error"]
    subprocess.run(install, cwd=FOLDER, check=True, timeout=INSTALL_WITHIN_S)
    made.write_text(wanted)
