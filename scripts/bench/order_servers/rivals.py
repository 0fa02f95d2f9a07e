"""What a user would write instead of the orders server, started next to it."""

import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.bench.served import free_port, process

PLAIN, FASTMCP = "plain MCPServer", "FastMCP"
NEEDED = ("fastmcp", "SQLAlchemy[asyncio]", "aiosqlite")


def fastmcp_python(home: Path) -> str | None:
    """Return the interpreter of an environment with the newest FastMCP, created in this folder, or None."""
    place = home / "fastmcp"
    python = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    try:
        venv.create(place, with_pip=True)
        install = [str(python), "-m", "pip", "install", "-q", "--upgrade", *NEEDED]
        subprocess.run(install, check=True, capture_output=True)  # noqa: S603 - our own
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"FastMCP is left out: no environment with it can be made ({type(error).__name__}).")
        return None
    return str(python)


@contextmanager
def rival(name: str, python: str, shop: Path, secret: str, audience: str) -> Iterator[str]:
    """Serve the shop's orders with a rival, and yield its URL."""
    module = {PLAIN: "with_mcpserver", FASTMCP: "with_fastmcp"}[name]
    port = free_port()
    command = ["-m", f"scripts.bench.order_servers.{module}", str(port), str(shop), secret, audience]
    with process(command, port, {}, python=python):
        yield f"http://127.0.0.1:{port}/mcp"
