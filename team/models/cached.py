"""How much of a prompt its server had cached, which it tells with the usage: AutoGen's own has no place for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Cached:
    """The tokens of a prompt that its server had in its prefix cache."""

    tokens: int = 0


_heard: ContextVar[Cached | None] = ContextVar("cached", default=None)


@contextmanager
def hearing_cached() -> Iterator[Cached]:
    """Yield what a reply that is heard inside notes."""
    noted = Cached()
    token = _heard.set(noted)
    try:
        yield noted
    finally:
        _heard.reset(token)


def note_cached(usage: object) -> None:
    """Note what a reply's usage tells, where somebody hears it."""
    noted = _heard.get()
    if noted is not None:
        noted.tokens = cached_in(usage)


def cached_in(usage: object) -> int:
    """Return the cached tokens that a usage tells of; 0 where it tells of none, as most servers do unasked."""
    details = usage.get("prompt_tokens_details") if isinstance(usage, dict) else None
    tokens = details.get("cached_tokens") if isinstance(details, dict) else None
    return tokens if isinstance(tokens, int) else 0
