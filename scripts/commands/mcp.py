"""`shopdesk mcp`: serve the tools to an MCP client."""

from pathlib import Path
from typing import Annotated, get_args

import typer

from mcp_servers.runtime.serving.serve import run_http, run_stdio
from scripts.clients.known import CLIENTS
from storage.settings import ENV_FILE, CannotStartError, Settings, Toolset, load_settings

TOOLSETS = ", ".join(get_args(Toolset))


class OptionsDoNotGoTogetherError(CannotStartError):
    """The options contradict each other."""

    def __init__(self) -> None:
        super().__init__("Use only one of --http, --install and --bundle; --dry-run works only with --install.")


class UnknownToolsetError(CannotStartError):
    """There is no toolset of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no toolset {name}. Available toolsets: {TOOLSETS}.")


def run(
    servers: Annotated[list[str] | None, typer.Argument(help="Which servers (default: all of them as one).")] = None,
    http: Annotated[int | None, typer.Option(help="Serve over HTTP on this port instead of stdio.")] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Hide every tool that writes.")] = False,
    toolset: Annotated[str | None, typer.Option(help=f"Which tools to offer: {TOOLSETS}.")] = None,
    install: Annotated[str | None, typer.Option(help=f"Add this shop to a client: {', '.join(CLIENTS)}.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --install: only show the change.")] = False,
    bundle: Annotated[bool, typer.Option("--bundle", help="Write an MCPB bundle to the current folder.")] = False,
) -> None:
    """Serve tool servers to an MCP client, over stdio unless --http is given.

    Examples: `shopdesk mcp` (all tools in one), `shopdesk mcp orders`, `shopdesk mcp --http 8100`,
    `shopdesk mcp --read-only --toolset shopping`, `shopdesk mcp --install claude-desktop --dry-run`,
    `shopdesk mcp --bundle`.
    Over stdio the caller is whoever SHOPDESK_TOKEN names or, without it, the machine's owner as staff.
    """
    over_stdio = http is None and install is None and not bundle
    settings = in_mode(None if over_stdio else ENV_FILE, read_only=read_only, toolset=toolset)
    if sum([install is not None, http is not None, bundle]) > 1 or (dry_run and install is None):
        raise OptionsDoNotGoTogetherError
    if bundle:
        from scripts.clients.bundle import bundle as write

        write(Path.cwd())
    elif install is not None:
        # A client is waiting for the server to answer, and does not need the code that edits files.
        from scripts.clients.install import install as tell

        tell(install, servers or [], settings, dry_run=dry_run)
    elif http is None:
        run_stdio(servers or [], settings)
    else:
        run_http(servers or [], settings, http)


def in_mode(env_file: Path | None, *, read_only: bool, toolset: str | None) -> Settings:
    """Return the settings in this mode; read-only holds if either the command or the environment asks for it.

    Over stdio no `.env` is read: a client starts its servers in whatever folder it works in, such as another project's.

    Raises:
        UnknownToolsetError: there is no such toolset.
    """
    if toolset is not None and toolset not in get_args(Toolset):
        raise UnknownToolsetError(toolset)
    told: dict[str, object] = {"shopdesk_read_only": True} if read_only else {}
    return load_settings(env_file, **told if toolset is None else told | {"shopdesk_toolset": toolset})
