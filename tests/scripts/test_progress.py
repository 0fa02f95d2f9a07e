"""Whoever ends a long command with Ctrl-C reads what became of the work."""

import asyncio
import io

import pytest
from rich.console import Console

from scripts.files.progress import ALL_OR_NOTHING, counting


def stop_midway(console: Console, ended: type[BaseException]) -> None:
    """Count one of two things, then end as Ctrl-C does."""
    with counting(console, "Importing", "products", 2, stopped=ALL_OR_NOTHING) as advance:
        advance(1)
        raise ended


@pytest.mark.parametrize("ended", [KeyboardInterrupt, asyncio.CancelledError, ValueError])
def test_ctrl_c_says_what_became_of_the_work_and_an_error_is_told_by_its_own_words(ended: type[BaseException]) -> None:
    written = io.StringIO()

    with pytest.raises(ended):
        stop_midway(Console(file=written), ended)

    assert written.getvalue().endswith(f"{ALL_OR_NOTHING}\n") == (ended is not ValueError)
