"""Links in a model's answer: the words of one stay, and its address only if somebody told it."""

import re
from collections.abc import Callable

LINK = re.compile(r"(?<!!)\[([^\[\]\n]{1,200})\]\(\s*+([^()\s]*+)(?:\s++\"[^\"\n]*+\")?\s*+\)")
"""A link in Markdown. A picture is none: its address would be fetched, so a reply with one is refused."""

OPEN = re.compile(r"!?\[[^\[\]\n]{0,200}\](?:\([^()\n]*+)?\Z")
"""A link at the end of a text still being written, whose address may follow or go on."""


def addresses_in(text: str) -> list[str]:
    """Return the addresses of a text's links, as written."""
    return [found[2] for found in LINK.finditer(text)]


def unlinked(text: str, told: Callable[[str], bool]) -> str:
    """Return the text in which each link whose address is not `told` has become its words.

    Models like to invent an address for words that need none ("[Track it](https://…)"); the words are an answer still.
    """
    return LINK.sub(lambda found: found[0] if told(found[2]) else found[1], text)
