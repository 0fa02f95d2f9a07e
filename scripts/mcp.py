"""`shopdesk mcp`: serve the tools to an MCP client."""

from typing import Annotated, get_args

import typer

from mcp_servers.runtime.serve import run_http, run_stdio
from storage.settings import CannotStartError, Settings, Toolset, load_settings

TOOLSETS = ", ".join(get_args(Toolset))


class UnknownToolsetError(CannotStartError):
    """There is no toolset of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no toolset {name}. The toolsets are: {TOOLSETS}.")


def run(
    servers: Annotated[list[str] | None, typer.Argument(help="Which servers; all in one when none is named.")] = None,
    http: Annotated[int | None, typer.Option(help="Serve over HTTP on this port instead of stdio.")] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Leave out every tool that writes.")] = False,
    toolset: Annotated[str | None, typer.Option(help=f"Which tools to offer: {TOOLSETS}.")] = None,
) -> None:
    """Serve tool servers to an MCP client, over stdio unless --http is given.

    Examples: `shopdesk mcp` (all tools in one), `shopdesk mcp orders`, `shopdesk mcp --http 8100`,
    `shopdesk mcp --read-only --toolset shopping`.
    Over stdio the caller is the holder of SHOPDESK_TOKEN, else the machine's owner as staff.
    """
    settings = in_mode(read_only=read_only, toolset=toolset)
    if http is None:
        run_stdio(servers or [], settings)
    else:
        run_http(servers or [], settings, http)


def in_mode(*, read_only: bool, toolset: str | None) -> Settings:
    """Return the settings in this mode; read-only, once said by either the command or the environment, stays.

    Raises:
        UnknownToolsetError: there is no such toolset.
    """
    if toolset is not None and toolset not in get_args(Toolset):
        raise UnknownToolsetError(toolset)
    told: dict[str, object] = {"shopdesk_read_only": True} if read_only else {}
    return load_settings(**told if toolset is None else told | {"shopdesk_toolset": toolset})
