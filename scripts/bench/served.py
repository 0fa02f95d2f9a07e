"""Running a server of our own for as long as it is measured."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from storage.settings import REPOSITORY

READY_WITHIN_S = 30


@contextmanager
def process(
    command: Sequence[str], port: int, environment: dict[str, str], *, python: str = sys.executable
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until it is measured; it has to listen within half a minute."""
    # It finds the modules of this tree, whatever environment its interpreter is of.
    started = subprocess.Popen([python, *command], env=os.environ | environment, cwd=REPOSITORY)  # noqa: S603 - our own
    try:
        give_up = time.monotonic() + READY_WITHIN_S
        while not _listens(port):
            if started.poll() is not None or time.monotonic() > give_up:
                raise SystemExit(f"{' '.join(command)} did not start.")
            time.sleep(0.05)
        yield started
    finally:
        started.terminate()
        started.wait(10)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
