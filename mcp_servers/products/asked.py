"""What somebody wants of a product: what it is, what it may cost, how well reviewed, what it should go with."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from mcp_servers.products.amounts import Bounds, read_bounds
from mcp_servers.products.terms import HANGUL, WORD, bare, word_lists
from storage.characters import cleaned

BETWEEN = {"for", "with", "to", "in", "on", "at", "by", "from", "that", "which", "who", "when", "of", "without"}
MARKS = "?!.,;:"

Order = Literal["best match", "price, lowest first", "price, highest first"]


@dataclass(frozen=True)
class Asked:
    """A search as it was understood. `words` is what is left to look for, `beside` what the product should go with,
    and `compared` the things to put side by side.
    """

    words: str
    bounds: Bounds
    order: Order
    well_reviewed: bool
    beside: str | None
    compared: Sequence[str] = ()

    @property
    def is_plain(self) -> bool:
        """Whether nothing but words was asked."""
        return self.bounds == Bounds() and self.order == "best match" and not self.well_reviewed and self.beside is None


def read_asked(query: str, currency: str) -> Asked:
    """Return what a search asks for; amounts without a currency are in the shop's."""
    text = cleaned(query).lower()
    bounds, text = read_bounds(text, currency)
    beside = None
    if found := _search("beside", "patterns", text):
        beside, text = found["with"].strip(" ?!.,"), f"{text[: found.start()]} {text[found.end() :]}"
    well_reviewed, text = _without("reviewed", "patterns", text)
    cheapest, text = _without("order", "cheapest", text)
    dearest, text = _without("order", "dearest", text)
    order: Order = "price, lowest first" if cheapest else "price, highest first" if dearest else "best match"
    return Asked(wanted_words(text), bounds, order, well_reviewed, beside, _compared(text))


def wanted_words(text: str) -> str:
    """Return a text without the words that only ask, such as "do you have" and 추천해 주세요."""
    kept: list[str] = []
    end = 0
    for found in WORD.finditer(text):
        between = text[end : found.start()]
        kept.append(between if not asks(found[0]) else " ")
        kept.append("" if asks(found[0]) else found[0])
        end = found.end()
    left = "".join(kept).split()
    while left and left[-1].strip(MARKS) in {"", *BETWEEN}:
        left.pop()
    return " ".join(left).strip(f"{MARKS} ")


def asks(word: str) -> bool:
    """Return whether a word asks, and says nothing of a product."""
    lists = _requests()
    if word in lists["exact"]:
        return True
    if not HANGUL.match(word):
        return False
    return word.startswith(tuple(lists["begins"])) or any(each in lists["exact"] for each in bare(word))


def _compared(text: str) -> Sequence[str]:
    if not _search("beside", "compares", text):
        return ()
    found = _search("beside", "together", text)
    parts = [] if found is None else [wanted_words(found[name]) for name in ("one", "other")]
    return parts if all(parts) else ()


def _search(table: str, name: str, text: str) -> re.Match[str] | None:
    return next((found for each in _patterns(table, name) if (found := each.search(text))), None)


def _without(table: str, name: str, text: str) -> tuple[bool, str]:
    found = _search(table, name, text)
    return (False, text) if found is None else (True, f"{text[: found.start()]} {text[found.end() :]}")


@cache
def _patterns(table: str, name: str) -> Sequence[re.Pattern[str]]:
    return [re.compile(each) for each in word_lists()[table][name]]


@cache
def _requests() -> Mapping[str, frozenset[str]]:
    lists = word_lists()["requests"]
    return {"exact": frozenset(lists["exact"]), "begins": frozenset(lists["begins"])}
