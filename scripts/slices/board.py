"""What model servers are doing, shown live: a table where there is a terminal, else a line for each step."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from scripts.slices.server import DIED, Server
from storage.characters import cleaned

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

LOOKS_EVERY_S = 0.5
STEP = 10
"""In a pipe, a percentage is told when it has grown by this much."""


class Board:
    """Shows servers until it is closed."""

    def __init__(self, servers: Sequence[Server], console: "Console") -> None:
        self.servers = servers
        self.console = console
        self._told: dict[int, str] = {}

    def tell(self, server: Server, said: str) -> None:
        """Print what happened to a server; it stays on the screen."""
        name = server.slice.wanted.model.name
        self.console.print(
            cleaned(f"slice {server.number}  {name}: {said}"), markup=False, highlight=False, soft_wrap=True
        )

    @asynccontextmanager
    async def showing(self) -> AsyncIterator[None]:
        """Within this context, show what the servers are doing."""
        shown = asyncio.create_task(self._live() if self.console.is_terminal else self._lines())
        try:
            yield
        finally:
            shown.cancel()
            await asyncio.gather(shown, return_exceptions=True)

    async def _live(self) -> None:
        from rich.live import Live

        with Live(console=self.console, transient=True, auto_refresh=False) as live:
            while True:
                live.update(self._table(), refresh=True)
                await asyncio.sleep(LOOKS_EVERY_S)

    async def _lines(self) -> None:
        while True:
            for server in self.servers:
                step = _step(server.stage)
                if not server.ready and step not in (DIED, self._told.get(server.number)):
                    self._told[server.number] = step
                    self.tell(server, server.stage)
            await asyncio.sleep(LOOKS_EVERY_S)

    def _table(self) -> "Table":
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, show_header=False)
        for server in self.servers:
            passed = "" if server.process is None else f"{time.monotonic() - server.began:,.0f} s"
            told = (f"slice {server.number}", server.slice.wanted.model.name, cleaned(server.stage), passed)
            mark = Text("✓", style="green") if server.ready else Text("…")
            # As text: a name in brackets is no markup.
            table.add_row(mark, *(Text(one) for one in told))
        return table


def _step(stage: str) -> str:
    """Return a stage with its percentage in steps, so that a log of it stays short."""
    words, percent, number = stage.partition(": ")
    return f"{words}{percent}{int(number[:-1]) // STEP}" if number.endswith("%") else stage
