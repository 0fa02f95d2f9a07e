"""The table of tools in docs/tools.md, written from the servers themselves."""

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
"""A description of so many characters is shown whole, of a longer one the first sentence."""

HEAD = ["| server | tool | | |", "|---|---|---|---|"]
WRITE = "Run `shopdesk lint --write`"


def table(shelves: Sequence[Shelf]) -> str:
    """Return the table of this repository's own servers: of each tool its kind, and its description.

    A change of the table is a change of a docstring: there is no second wording to keep true.
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
    """Return the page with its table as it has to be; one without the marks stays as it is."""
    return BLOCK.sub(lambda _: f"{BEGIN}\n{table(shelves)}{END}", text)


def table_differences(shelves: Sequence[Shelf]) -> Iterator[Finding]:
    """Yield the rows that the page lacks, and those that nothing stands behind."""
    block = BLOCK.search(PAGE.read_text(encoding="utf-8"))
    if block is None:
        yield Finding("docs/tools.md", "the table of tools has lost its marks", f"Put {BEGIN} and {END} around it")
        return
    has, should = block[1].splitlines(), table(shelves).splitlines()
    for row in should:
        if row not in has:
            yield Finding("docs/tools.md", f"the table lacks the row {row}", WRITE)
    for row in has:
        if row not in should:
            yield Finding("docs/tools.md", f"the table's row {row} is of no tool", WRITE)
    if has != should and sorted(has) == sorted(should):
        yield Finding("docs/tools.md", "the table's rows are in another order than the tools", WRITE)
