"""One `shopdesk up` in one home: the second says where the first is, and touches nothing of it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from knowledge.indexes.lock import is_held
from storage.settings import CannotStartError, Settings

LOCK = "up.lock"


class AlreadyRunningError(CannotStartError):
    """Another process runs this shop already."""

    def __init__(self, settings: Settings, address: str) -> None:
        super().__init__(
            f"This shop ({settings.shopdesk_home}) runs already, at {address}. Use it there, or end it with Ctrl-C "
            "first; another SHOPDESK_HOME is another shop."
        )


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the shop's lock, which a process that is killed lets go of.

    Raises:
        AlreadyRunningError: another process holds it.
    """
    settings.shopdesk_home.mkdir(parents=True, exist_ok=True)
    # Opened without emptying it: what is in it is the holder's.
    with (settings.shopdesk_home / LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise AlreadyRunningError(settings, file.read().strip() or "an address it has not told yet") from error
        file.truncate(0)
        file.write(settings.public_ui_url)
        file.flush()
        yield


def is_running(settings: Settings) -> bool:
    """Tell whether a process runs this shop."""
    return is_held(settings.shopdesk_home / LOCK)
