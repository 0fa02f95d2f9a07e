"""What a message says and takes back: "don't cancel it, just tell me how that works"."""

from collections.abc import Callable

from team.standin.understanding.order_ids import order_ids
from team.standin.understanding.words import group, says


def as_meant(text: str, clauses: Callable[[str], list[str]]) -> str:
    """The text without what it takes back or does not want, unless that is all there is."""
    parts = clauses(_since_the_last_turn(text))
    meant = [part for part in parts if not says(part, "statement", "unwanted")]
    return ". ".join(meant) if meant and len(meant) < len(parts) else _since_the_last_turn(text)


def _since_the_last_turn(text: str) -> str:
    """What follows the last "no wait", with the order that was named before it."""
    ends = [found.end() for pattern in group("statement")["instead"] for found in pattern.finditer(text)]
    last = max(ends, default=0)
    rest = text[last:].strip()
    if not last or not rest:
        return text
    return " ".join([*(() if order_ids(rest) else order_ids(text[:last])), rest])
