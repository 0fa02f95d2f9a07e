"""Which of a server's tools this process offers: the others are neither listed nor callable."""

from collections.abc import Sequence
from dataclasses import replace

from mcp_servers.runtime.server import ToolFunction, ToolServer
from storage.settings import EVERYTHING, CannotStartError, Settings, Toolset

READ_ONLY = "Read-only: nothing can be changed here."


class NothingOfferedError(CannotStartError):
    """The chosen servers have no tools in this mode."""

    def __init__(self, names: Sequence[str], settings: Settings) -> None:
        read_only = ", read-only" if settings.shopdesk_read_only else ""
        super().__init__(
            f"The toolset {settings.shopdesk_toolset}{read_only} has no tools of {' and '.join(names)}. "
            "Choose another toolset or other servers."
        )


def offered(servers: Sequence[ToolServer], settings: Settings) -> list[ToolServer]:
    """Return these servers reduced to the chosen toolset and, in read-only mode, to what changes nothing.

    A server with nothing left is left out.
    """
    kept = [_within(server, settings.shopdesk_toolset, read_only=settings.shopdesk_read_only) for server in servers]
    return [server for server in kept if server.reads or server.writes]


def instructions_of(servers: Sequence[ToolServer], settings: Settings) -> str:
    """Return what a client is told of these servers, as `offered` leaves them: of writes only where there are any."""
    lines = [
        f"{server.instructions} {server.write_instructions}" if server.writes else server.instructions
        for server in servers
    ]
    return "\n".join([*(line.strip() for line in lines), *([READ_ONLY] if settings.shopdesk_read_only else [])])


def _within(server: ToolServer, toolset: Toolset, *, read_only: bool) -> ToolServer:
    chosen = "*" if toolset == EVERYTHING else server.toolsets.get(toolset, [])

    def of(tools: Sequence[ToolFunction]) -> list[ToolFunction]:
        return [tool for tool in tools if chosen == "*" or tool in chosen]

    return replace(
        server,
        reads=of(server.reads),
        writes=[] if read_only else of(server.writes),
        resources=[resource for resource in server.resources if of([resource.read])],
        prompts=[prompt for prompt in server.prompts if of([prompt.write]) and not (read_only and prompt.changes)],
    )
