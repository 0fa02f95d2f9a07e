"""The table of tools in docs/tools.md, generated from the servers."""

import re
from collections.abc import Iterator, Sequence

from scripts.linting.finding import Finding
from scripts.linting.offered import Shelf
from storage.settings import REPOSITORY

PAGE = REPOSITORY / "docs" / "tools.md"
BEGIN, END = "<!-- tools: written by `shopdesk lint --write` -->", "<!-- end of tools -->"
BLOCK = re.compile(rf"{re.escape(BEGIN)}\n(.*?){re.escape(END)}", re.DOTALL)
SENTENCE = re.compile(r".*?[.](?=\s|$)", re.DOTALL)
SHORT = 120
"""Descriptions up to this length are shown in full; longer ones show the first sentence."""

HEAD = ["| server | tool | | |", "|---|---|---|---|"]
WRITE = "Run `shopdesk lint --write`"


def table(shelves: Sequence[Shelf]) -> str:
    """Return the table of this repository's servers: each tool with its kind and description.

    To change the table, change the docstring: the text exists only once.
    """
    rows = []
    for shelf in shelves:
        for at, offer in enumerate(shelf.offers if shelf.own else []):
            summary = _summary(offer.tool.description or "").replace("|", "\\|")
            rows.append(f"| {'' if at else shelf.name} | `{offer.name}` | {offer.kind} | {summary} |")
    return "\n".join([*HEAD, *rows]).replace("|  |", "| |") + "\n"


def _summary(description: str) -> str:
    text = " ".join(description.split())
    first = SENTENCE.match(text)
    return text if first is None or len(text) <= SHORT else first[0]


def written(text: str, shelves: Sequence[Shelf]) -> str:
    """Return the page with an up-to-date table; a page without the markers is returned unchanged."""
    return BLOCK.sub(lambda _: f"{BEGIN}\n{table(shelves)}{END}", text)


def table_differences(shelves: Sequence[Shelf]) -> Iterator[Finding]:
    """Yield missing rows, and rows without a tool."""
    block = BLOCK.search(PAGE.read_text(encoding="utf-8"))
    if block is None:
        yield Finding("docs/tools.md", "the table of tools has lost its markers", f"Put {BEGIN} and {END} around it")
        return
    has, should = block[1].splitlines(), table(shelves).splitlines()
    for row in should:
        if row not in has:
            yield Finding("docs/tools.md", f"the table is missing the row {row}", WRITE)
    for row in has:
        if row not in should:
            yield Finding("docs/tools.md", f"the table's row {row} has no tool", WRITE)
    if has != should and sorted(has) == sorted(should):
        yield Finding("docs/tools.md", "the table's rows are in a different order from the tools", WRITE)
