"""How much of a prompt the server had cached. Servers report it with the usage, but AutoGen's usage has no field for
it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Cached:
    """The tokens of a prompt that were in the server's prefix cache."""

    tokens: int = 0


_heard: ContextVar[Cached | None] = ContextVar("cached", default=None)


@contextmanager
def hearing_cached() -> Iterator[Cached]:
    """Yield an object that collects the cached tokens of a reply read within this context."""
    noted = Cached()
    token = _heard.set(noted)
    try:
        yield noted
    finally:
        _heard.reset(token)


def note_cached(usage: object) -> None:
    """Record what a reply's usage reports, if somebody collects it."""
    noted = _heard.get()
    if noted is not None:
        noted.tokens = cached_in(usage)


def cached_in(usage: object) -> int:
    """Return the cached tokens in a usage; 0 if it has none, which is most servers' default."""
    details = usage.get("prompt_tokens_details") if isinstance(usage, dict) else None
    tokens = details.get("cached_tokens") if isinstance(details, dict) else None
    return tokens if isinstance(tokens, int) else 0
