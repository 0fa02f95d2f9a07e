"""Whoever ends a long command with Ctrl-C reads what became of the work."""

import asyncio
import io

import pytest
from rich.console import Console

from scripts.files.progress import ALL_OR_NOTHING, AT_THE_END, counting


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


@pytest.mark.parametrize(("steps", "written", "said"), [([1, 1], 0, ALL_OR_NOTHING), ([0], 1, AT_THE_END)])
def test_work_that_waits_for_nothing_ends_at_its_next_step_and_only_says_what_is_true(
    steps: list[int], written: int, said: str
) -> None:
    console, done = Console(file=io.StringIO(), width=200), []

    async def work() -> None:
        task = asyncio.current_task()
        assert task is not None
        with counting(console, "Importing", "products", 2, stopped=ALL_OR_NOTHING) as advance:
            advance(steps[0])
            # What Ctrl-C does: it takes effect where the task next waits.
            task.cancel()
            for more in steps[1:]:
                advance(more)
            done.append(True)
            await asyncio.sleep(0)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(work())

    assert len(done) == written
    assert console.file.getvalue().endswith(f"{said}\n")  # type: ignore[attr-defined]
