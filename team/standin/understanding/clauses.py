"""Splits a message into clauses, and drops what it takes back: "don't cancel it, just tell me how that works"."""

from team.standin.understanding.order_ids import order_ids
from team.standin.understanding.words import group, says


def clauses(text: str, breaks: str = "breaks") -> list[str]:
    """Return the clauses of a message that may each be a wish."""
    parts = [text]
    for pattern in group("clauses")[breaks]:
        parts = [piece for part in parts for piece in pattern.split(part)]
    return [bare for part in parts if part and (bare := part.strip().rstrip(".!;"))]


def as_meant(text: str) -> str:
    """Return the text without what it takes back or does not want; empty if that is all there is."""
    text = _since_the_last_turn(text)
    parts = clauses(text)
    if not any(map(_is_unwanted, parts)):
        return text
    halves = [half for part in parts for half in (clauses(part, "turns") if _is_unwanted(part) else [part])]
    return ". ".join(half for half in halves if not _is_unwanted(half))


def says_what_is_unwanted(text: str) -> bool:
    """Whether a clause of the text only says what must not be done."""
    return any(map(_is_unwanted, clauses(_since_the_last_turn(text))))


def _is_unwanted(part: str) -> bool:
    return says(part, "statement", "unwanted")


def _since_the_last_turn(text: str) -> str:
    """Return what follows the last "no wait", with the order named before it."""
    ends = [found.end() for pattern in group("statement")["instead"] for found in pattern.finditer(text)]
    last = max(ends, default=0)
    rest = text[last:].strip()
    if not last or not rest:
        return text
    return " ".join([*(() if order_ids(rest) else order_ids(text[:last])), rest])
