"""Questions and answers that a page tells search engines (schema.org), as they are found in the wild.

Themes and plug-ins write line breaks inside texts, comments, trailing commas, escaped HTML, and questions anywhere in
nested things; browsers never read this data, so nobody notices.
"""

import html
import json
import re
from collections.abc import Callable, Iterator

from lxml.html import HtmlElement

Pair = tuple[str, str]
Seen = Callable[[str], str]

_DEEPEST = 40
_WRAPPED = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?://\s*)?(?:-->|\]\]>)(?:\s*\*/)?\s*;?\s*$"
)
_SLIPS = re.compile(r'("(?:[^"\\]|\\.)*+")|/\*.*?\*/|//[^\n]*+|,(?=\s*+[\]}])', re.DOTALL)
_ESCAPED = re.compile(r"&lt;/?[a-z][a-z0-9]*\s*/?&gt;", re.IGNORECASE)
_TYPE = re.compile(r"(?:^|[/:#])Question$")


def pairs_told(page: HtmlElement, seen: Seen) -> tuple[list[Pair], int]:
    """Return the questions and answers in a page's data, and how many blocks of data cannot be read.

    Args:
        page: the page, with its scripts still in it.
        seen: turns HTML into the text that a visitor would see of it.
    """
    pairs, broken = dict[Pair, None](), 0
    for script in page.iter("script"):
        if script.get("type", "").partition(";")[0].strip().lower() != "application/ld+json":
            continue
        thing = _loaded(script.text or "")
        broken += thing is None
        for question, answer in _told_by(thing, _DEEPEST):
            pair = _text(question, seen), _text(answer, seen)
            if all(pair):
                pairs[pair] = None
    return list(pairs), broken


def _loaded(data: str) -> object:
    data = _WRAPPED.sub("", data.strip())
    for text in (data, _SLIPS.sub(lambda found: found[1] or "", data)):
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _told_by(thing: object, deepest: int) -> Iterator[Pair]:
    if not deepest:
        return
    if isinstance(thing, list):
        for each in thing:
            yield from _told_by(each, deepest - 1)
    elif isinstance(thing, dict):
        if _is_question(thing):
            yield _named(thing), _answer(thing.get("acceptedAnswer") or thing.get("suggestedAnswer"))
        for each in thing.values():
            yield from _told_by(each, deepest - 1)


def _is_question(thing: dict[str, object]) -> bool:
    kinds = thing.get("@type", thing.get("type"))
    named = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and _TYPE.search(kind) for kind in named) or (
        "acceptedAnswer" in thing and bool(_named(thing))
    )


def _named(thing: dict[str, object]) -> str:
    told = thing.get("name") or thing.get("text") or thing.get("headline")
    return told if isinstance(told, str) else ""


def _answer(told: object) -> str:
    if isinstance(told, list):
        return "\n".join(filter(None, map(_answer, told)))
    if isinstance(told, dict):
        text = told.get("text") or told.get("description") or told.get("name")
        return text if isinstance(text, str) else _answer(text) if isinstance(text, list) else ""
    return told if isinstance(told, str) else ""


def _text(told: str, seen: Seen) -> str:
    # Some escape the HTML once, some twice, and some a part of it.
    for _ in range(2):
        told = html.unescape(told) if "<" not in told or _ESCAPED.search(told) else told
    return seen(told) if "<" in told else " ".join(told.split())
