"""A progress bar for long commands."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

ALL_OR_NOTHING = "Stopped. Nothing was imported, and the shop is as it was."


@contextmanager
def counting(
    console: Console, what: str, things: str, total: int, *, stopped: str = ""
) -> Iterator[Callable[[int], None]]:
    """Yield a function that advances the bar; it appears on the first call, so that an early error stands alone.

    `stopped` is printed when Ctrl-C ends it: what became of the work.
    """
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn(things), TimeElapsedColumn())
    progress = Progress(*columns, console=console)
    task = progress.add_task(things, total=total)

    def advance(more: int) -> None:
        progress.start()
        progress.advance(task, more)

    try:
        yield advance
    except (KeyboardInterrupt, asyncio.CancelledError):
        progress.stop()
        if stopped:
            console.print(stopped)
        raise
    finally:
        if progress.live.is_started:
            progress.stop()
