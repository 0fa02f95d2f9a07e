"""How long a tool may take. Clients drop a call after a minute, and a customer gives up sooner."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import anyio

from storage.process.limits import LimitError

DEADLINE_S = 20.0


class ToolTimeoutError(LimitError):
    """A tool did not end within its deadline; what it began was rolled back."""

    limit = "deadline"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"This took longer than {seconds:g} seconds and was stopped; nothing was changed. Try again.")


@dataclass(frozen=True)
class Deadline:
    """When a call has to end, on the event loop's clock, and how long it had."""

    at: float
    seconds: float

    @contextmanager
    def kept(self) -> Iterator[None]:
        """End what runs inside when the time is over.

        Raises:
            ToolTimeoutError: it took longer.
        """
        try:
            with anyio.fail_at(self.at):
                yield
        except TimeoutError as error:
            raise ToolTimeoutError(self.seconds) from error


def deadline() -> Deadline:
    """Return the deadline of a call that begins now."""
    return Deadline(anyio.current_time() + DEADLINE_S, DEADLINE_S)
