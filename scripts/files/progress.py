"""A progress bar for long commands."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

ALL_OR_NOTHING = "Stopped. Nothing was imported, and the shop is as it was."
AT_THE_END = "Stopped at the last moment: all of it was imported, or nothing. The same command again says which."

TOLD = "told"
"""The note of an interruption of which it was said what became of the work."""


def _stop_if_asked() -> None:
    """End the task that Ctrl-C cancelled: with SQLite it waits for nothing, and would not notice before its end."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


@contextmanager
def stopping(console: Console) -> Iterator[None]:
    """Say that nothing was imported where Ctrl-C ends what comes before the writing."""
    try:
        yield
    except KeyboardInterrupt as error:
        if TOLD not in getattr(error.__context__, "__notes__", ()):
            console.print(ALL_OR_NOTHING)
        raise


@contextmanager
def counting(
    console: Console, what: str, things: str, total: int, *, stopped: str = ""
) -> Iterator[Callable[[int], None]]:
    """Yield a function that advances the bar; it appears on the first call, so that an early error stands alone.

    Advancing it ends the work where Ctrl-C was pressed, and by nothing means that the last thing comes next: the work
    takes effect. `stopped` is printed when Ctrl-C ended it before that: what became of it.
    """
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn(things), TimeElapsedColumn())
    progress = Progress(*columns, console=console)
    task, ending = progress.add_task(things, total=total), False

    def advance(more: int) -> None:
        nonlocal ending
        _stop_if_asked()
        ending = ending or not more
        progress.start()
        progress.advance(task, more)

    try:
        yield advance
    except (KeyboardInterrupt, asyncio.CancelledError) as error:
        progress.stop()
        if stopped:
            console.print(AT_THE_END if ending else stopped)
            error.add_note(TOLD)
        raise
    finally:
        if progress.live.is_started:
            progress.stop()
