"""The cards of a server's tools: each is a tool's, small, and asks nobody for anything."""

from collections.abc import Iterator
from pathlib import Path

from mcp_servers.runtime.reading.cards import ASKING, FOLDER
from scripts.linting.finding import Finding, shown
from scripts.linting.offered import Shelf
from storage.cards.building import CardError, built
from storage.words.catalogue import CatalogueError


def card_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield what is wrong with the cards beside a server."""
    tools = {offer.name for offer in shelf.offers} | {finding.tool for finding in shelf.findings}
    for path in sorted((shelf.folder / FOLDER).glob("*")):
        if path.suffix != ".html" or path.stem not in tools:
            mend = f"Call it like its tool, such as {FOLDER}/get_order.html, or remove it"
            yield Finding(shown(path), f"{shelf.name} has no tool for this card", mend)
        else:
            yield from _unfit(path)


def common_card() -> Iterator[Finding]:
    """Yield what is wrong with the card of every write that asks."""
    yield from _unfit(ASKING)


def _unfit(path: Path) -> Iterator[Finding]:
    try:
        built(path)
    except CardError as error:
        yield Finding(shown(path), str(error), error.mend)
    except CatalogueError as error:
        yield Finding(shown(path), str(error), "A card's words are plain, or one choice of plural forms")
