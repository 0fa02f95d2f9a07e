"""A machine whose clock is off: what it writes into tokens meanwhile is read by one whose clock is right."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def clock_off(seconds: float) -> Iterator[None]:
    """Have this process's clock show so many seconds more; fewer where it is less than nothing."""
    right = time.time
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(time, "time", lambda: right() + seconds)
        yield
