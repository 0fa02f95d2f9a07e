"""A progress bar for long commands."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def counting(console: Console, what: str, things: str, total: int) -> Iterator[Callable[[int], None]]:
    """Yield a function that advances the bar; it appears on the first call, so that an early error stands alone."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn(things), TimeElapsedColumn())
    progress = Progress(*columns, console=console)
    task = progress.add_task(things, total=total)

    def advance(more: int) -> None:
        progress.start()
        progress.advance(task, more)

    try:
        yield advance
    finally:
        if progress.live.is_started:
            progress.stop()
