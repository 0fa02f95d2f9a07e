"""How long a tool may take. Clients drop a call after a minute, and a customer gives up sooner."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, TypeVar

import anyio

from storage.errors import ShopError

DEADLINE_S = 20.0
LONGEST_S = 25.0
DECLARED = "deadline_s"

Function = TypeVar("Function", bound=Callable[..., object])


class LimitError(ShopError):
    """A call met one of the limits; `limit` names it where refusals are counted."""

    limit: ClassVar[str]


class ToolTimeoutError(LimitError):
    """A tool did not end within its deadline; what it began was rolled back."""

    limit = "deadline"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"This took longer than {seconds:g} seconds and was stopped; nothing was changed. Try again.")


class DeadlineTooLongError(TypeError):
    """A tool declares a deadline that clients do not wait for."""

    def __init__(self, tool: str, seconds: float) -> None:
        super().__init__(f"{tool} declares a deadline of {seconds:g} seconds; it must be under {LONGEST_S:g}.")


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


def deadline(seconds: float = DEADLINE_S) -> Deadline:
    """Return the deadline of a call that begins now."""
    return Deadline(anyio.current_time() + seconds, seconds)


def ends_within(seconds: float) -> Callable[[Function], Function]:
    """Declare a tool's own deadline, which is 20 seconds otherwise.

    Raises:
        DeadlineTooLongError: it is not under 25 seconds.
    """

    def declare(function: Function) -> Function:
        if not 0 < seconds < LONGEST_S:
            raise DeadlineTooLongError(function.__name__, seconds)
        setattr(function, DECLARED, seconds)
        return function

    return declare


def seconds_of(function: Callable[..., object]) -> float:
    """Return how long a tool may take."""
    return float(getattr(function, DECLARED, DEADLINE_S))
