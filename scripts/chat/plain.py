"""Removes Markdown from an answer, since a terminal does not render it."""

import re
from itertools import zip_longest
from unicodedata import east_asian_width

FENCE = re.compile(r"^[ \t]*```[^\n]*\n?", re.MULTILINE)
HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]+(.*?)[ \t]*#*$", re.MULTILINE)
LINE = re.compile(r"^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$\n?", re.MULTILINE)
ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*$")
RULE = re.compile(r"^[ \t]*\|(?:[ \t]*:?-{2,}:?[ \t]*\|)+[ \t]*$")
BULLET = re.compile(r"^([ \t]*)[*+•][ \t]+", re.MULTILINE)
LINK = re.compile(r"!?\[([^\[\]\n]+)\]\([^()\s]*(?:\s+\"[^\"\n]*\")?\)")
CODE = re.compile(r"`([^`\n]+)`")
STRONG = re.compile(r"\*\*([^\s*](?:[^*\n]*[^\s*])?)\*\*|\b__([^\s_](?:[^_\n]*[^\s_])?)__\b")
EMPHASIS = re.compile(r"\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![*\w])")


def without_marks(text: str) -> str:
    """Return the text of an answer; a table stays one, in columns."""
    text = LINE.sub("", FENCE.sub("", text))
    text = BULLET.sub(r"\1- ", HEADING.sub(r"\1", text))
    text = CODE.sub(r"\1", LINK.sub(r"\1", text))
    text = EMPHASIS.sub(r"\1", STRONG.sub(lambda found: found[1] or found[2], text))
    return _with_columns(text).strip()


def _with_columns(text: str) -> str:
    told, table = list[str](), list[list[str]]()
    for line in [*text.split("\n"), ""]:
        if ROW.match(line):
            if not RULE.match(line):
                table.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            continue
        told += _columns(table)
        table = []
        told.append(line)
    return "\n".join(told)


def _columns(table: list[list[str]]) -> list[str]:
    widths = [max(map(_width, column)) for column in zip_longest(*table, fillvalue="")]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)).rstrip()
        for row in table
    ]


def _width(text: str) -> int:
    """Return how many columns a terminal needs for a text: two per Korean syllable."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
