"""Parses Gemma's calls: an object whose keys are bare, and whose texts stand between marks instead of quotes."""

import json
import re
from collections.abc import Iterator

from team.models.dialects.arguments import DECODER, Offered
from team.models.dialects.shapes import Found, made
from team.models.dialects.table import BARE, QUOTES

PIECE = re.compile(
    rf"(?P<open>{QUOTES})(?P<text>.*?)(?P=open)|(?P<quoted>\"(?:[^\"\\\n]|\\.)*\")|(?P<key>\w{{1,80}})\s{{0,8}}:"
    r"|(?P<plain>[\[\]{},]|-?\d[\d.eE+-]{0,40}|true|false|null)|\s{1,80}",
    re.DOTALL,
)
"""One piece of such an object: a text, a key, a mark of structure, a number or a word of JSON, or white space."""

LONGEST = 8_000
"""Characters of one call's arguments."""


def read_bare_keys(text: str, at: int, offered: Offered) -> Found | None:
    """Parse `call:name{key:<|"|>text<|"|>,other:1}`, with the marks of Gemma 4, of FunctionGemma, or plain quotes."""
    if (head := BARE.head.match(text, at)) is None:
        return None
    pieces, end = [], head.end()
    for piece, end in _pieces(text[: head.end() + LONGEST], head.end()):  # noqa: B007 - where the last one ends
        pieces.append(piece)
    try:
        value = DECODER.decode("".join(pieces))
    except (ValueError, RecursionError):
        return None
    call = made(head["name"], value, offered)
    return None if call is None else Found([call], end, BARE.marked)


def _pieces(text: str, at: int) -> Iterator[tuple[str, int]]:
    """Yield each piece as JSON and where it ends, up to the brace that closes the first one."""
    depth = 0
    while (found := PIECE.match(text, at)) is not None:
        at = found.end()
        depth += {"{": 1, "}": -1}.get(found["plain"] or "", 0)
        yield _as_json(found), at
        if depth == 0:
            return


def _as_json(piece: re.Match[str]) -> str:
    if piece["open"] is not None:
        return json.dumps(piece["text"])
    if piece["key"] is not None:
        return f"{json.dumps(piece['key'])}:"
    return piece["quoted"] or piece["plain"] or ""
