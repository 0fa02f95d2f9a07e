"""Only one `shopdesk up` per home: a second one says where the first is running, and touches nothing."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from knowledge.indexes.lock import is_held
from storage.settings import CannotStartError, Settings

LOCK = "up.lock"


class AlreadyRunningError(CannotStartError):
    """Another process is already running this shop."""

    def __init__(self, settings: Settings, address: str) -> None:
        super().__init__(
            f"This shop ({settings.shopdesk_home}) is already running at {address}. Use it there, stop it with Ctrl-C "
            "first, or set SHOPDESK_HOME to run another shop."
        )


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the shop's lock; it is released even if the process is killed.

    Raises:
        AlreadyRunningError: another process holds it.
    """
    settings.shopdesk_home.mkdir(parents=True, exist_ok=True)
    # Opened without truncating: its content belongs to the holder.
    with (settings.shopdesk_home / LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise AlreadyRunningError(settings, file.read().strip() or "an address not known yet") from error
        file.truncate(0)
        file.write(settings.public_ui_url)
        file.flush()
        yield


def is_running(settings: Settings) -> bool:
    """Return whether a process is running this shop."""
    return is_held(settings.shopdesk_home / LOCK)
