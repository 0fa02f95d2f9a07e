"""`shopdesk mcp` answers at once: what is slow to import waits until somebody needs it."""

import json
import subprocess
import sys

import pytest

from scripts.bench.starts import ASK

SLOW = {
    *("alembic", "argon2", "autogen_agentchat", "autogen_core", "autogen_ext", "chromadb", "frontmatter", "numpy"),
    *("openai", "PIL", "tantivy", "tokenizers", "wordllama", "yaml"),
    *("knowledge.search", "scripts.commands.up", "team", "ui"),
}
OTHERS = {"mcp_servers.policies", "mcp_servers.products", "mcp_servers.tickets", "mcp_servers.vision"}
TELLING = """
import atexit, sys
atexit.register(lambda: sys.stderr.write(" ".join(sys.modules)))
from scripts.cli import main
main()
"""
"""The `shopdesk` command, which says at its end what it imported."""


def imported_by(*arguments: str) -> set[str]:
    """Start the command, have it list its tools over stdio, and return the modules it had imported when it ended."""
    ended = subprocess.run(
        [sys.executable, "-c", TELLING, *arguments],
        input=json.dumps(ASK) + "\n",
        text=True,
        capture_output=True,
        check=True,
    )
    assert '"tools":[' in ended.stdout
    return set(ended.stderr.split())


@pytest.mark.usefixtures("sessions")
def test_one_server_starts_without_what_is_slow_to_import_and_without_the_other_servers() -> None:
    imported = imported_by("mcp", "orders")

    assert "mcp_servers.orders.server" in imported
    assert imported & (SLOW | OTHERS) == set()


@pytest.mark.usefixtures("sessions")
def test_all_servers_start_without_what_is_slow_to_import() -> None:
    imported = imported_by("mcp")

    assert imported >= OTHERS
    assert imported & SLOW == set()
