"""`shopdesk mcp`: serve the tools to an MCP client."""

from typing import Annotated

import typer

from mcp_servers.runtime.serve import run_http, run_stdio
from storage.settings import load_settings


def run(
    servers: Annotated[list[str] | None, typer.Argument(help="Which servers; all in one when none is named.")] = None,
    http: Annotated[int | None, typer.Option(help="Serve over HTTP on this port instead of stdio.")] = None,
) -> None:
    """Serve tool servers to an MCP client, over stdio unless --http is given.

    Examples: `shopdesk mcp` (all tools in one), `shopdesk mcp orders`, `shopdesk mcp --http 8100`.
    Over stdio the caller is the holder of SHOPDESK_TOKEN, else the machine's owner as staff.
    """
    settings = load_settings()
    if http is None:
        run_stdio(servers or [], settings)
    else:
        run_http(servers or [], settings, http)
