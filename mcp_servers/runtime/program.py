"""Tool servers as a separate program: `python -m mcp_servers`, or `python -m mcp_servers.orders` for one."""

import sys
from typing import NoReturn

from mcp_servers.runtime.serving.serve import run_stdio
from storage.settings import CannotStartError, load_settings

CANNOT_START = 2
INTERRUPTED = 130


def serve_over_stdio(*names: str) -> None:
    """Serve these servers (default: all) over stdio; an error that the user can fix is one line on stderr."""
    try:
        run_stdio(names, load_settings(env_file=None))
    except CannotStartError as error:
        _end(f"shopdesk: {error}\n", CANNOT_START)
    except KeyboardInterrupt:
        _end("", INTERRUPTED)


def _end(told: str, code: int) -> NoReturn:
    sys.stderr.write(told)
    sys.exit(code)
