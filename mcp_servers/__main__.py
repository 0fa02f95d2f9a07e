"""Serve every tool server over stdio: `python -m mcp_servers`, as the bundle for desktop clients does."""

import sys

from mcp_servers.runtime.serve import run_stdio
from storage.settings import CannotStartError, load_settings

if __name__ == "__main__":
    try:
        run_stdio([], load_settings())
    except CannotStartError as error:
        sys.exit(f"shopdesk: {error}")
