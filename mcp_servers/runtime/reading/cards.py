"""Cards of tools, as MCP Apps has them: a page that a client may show beside a result. Its text stays what models read.

A tool has one where a file lies beside its code: `cards/get_order.html` in the folder of the `server.py` that has
`get_order`. A write that asks has the runtime's own, which leads to where a person says yes.
"""

import asyncio
import inspect
from collections.abc import Sequence
from pathlib import Path

from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID, ResourceCsp
from mcp.types import ReadResourceResult, TextResourceContents

from mcp_servers.runtime.server import ToolFunction, ToolServer
from storage.cards.building import built

FOLDER = "cards"
ASKING = Path(__file__).parent.parent / FOLDER / "asking.html"
SCHEME = "ui://"
EXTENSION: dict[str, dict[str, object]] = {EXTENSION_ID: {}}
FRESH_MS = 60_000

# Nothing is asked of anybody: a card is told all that it shows.
SHOWN = {
    "ui": {
        "csp": ResourceCsp(connect_domains=[], resource_domains=[]).model_dump(by_alias=True, exclude_none=True),
        "prefersBorder": True,
    }
}


class Cards:
    """The cards of some servers' tools. One is built when it is first read."""

    def __init__(self, servers: Sequence[ToolServer]) -> None:
        self._paths: dict[str, Path] = {}
        self._of: dict[str, str] = {}
        for server in servers:
            for function in (*server.reads, *server.writes):
                self._find(server.name, function)

    def _find(self, server: str, function: ToolFunction) -> None:
        name, path = str(function.__name__), card_of(function)
        if path is None:
            return
        uri = f"{SCHEME}shopdesk/asking.html" if path == ASKING else f"{SCHEME}{server}/{path.name}"
        self._of[name], self._paths[uri] = uri, path

    def uri_of(self, tool: str) -> str | None:
        """Return where a tool's card is read; None where it has none."""
        return self._of.get(tool)

    async def read(self, uri: str) -> ReadResourceResult | None:
        """Return a card as a client shows it; None if there is none at this URI.

        Raises:
            CardError: its file cannot be shown.
        """
        path = self._paths.get(uri)
        if path is None:
            return None
        html = await asyncio.to_thread(built, path)
        page = TextResourceContents(uri=uri, mime_type=APP_MIME_TYPE, text=html, _meta=SHOWN)
        return ReadResourceResult(contents=[page], ttl_ms=FRESH_MS, cache_scope="private")


def card_of(function: ToolFunction) -> Path | None:
    """Return the file of a tool's card: its own or, for a write that asks, the runtime's; None where it has none."""
    own = Path(inspect.unwrap(function).__code__.co_filename).parent / FOLDER / f"{function.__name__}.html"
    if own.is_file():
        return own
    return ASKING if inspect.isasyncgenfunction(function) else None
