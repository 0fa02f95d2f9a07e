"""Runs one of our servers while it is being measured."""

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
    """Run a server within this context; it has to listen within half a minute."""
    # Run in the repository, so that any interpreter finds the modules of this tree.
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
    """Return a port that nobody is listening on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
