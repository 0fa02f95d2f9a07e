"""How long a tool may take. Clients drop a call after a minute, and a customer gives up sooner."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from storage.errors import ShopError

DEADLINE_S = 20


class ToolTimeoutError(ShopError):
    """A tool did not end within its deadline; what it began was rolled back."""

    def __init__(self) -> None:
        super().__init__(f"This took longer than {DEADLINE_S} seconds and was stopped; nothing was changed. Try again.")


@asynccontextmanager
async def deadline() -> AsyncIterator[None]:
    """End what runs inside after the deadline.

    Raises:
        ToolTimeoutError: it took longer.
    """
    try:
        with anyio.fail_after(DEADLINE_S):
            yield
    except TimeoutError as error:
        raise ToolTimeoutError from error
