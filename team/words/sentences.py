"""Finds where sentences end, in complete text and in text still being written."""

import re
from collections.abc import Iterator

END = re.compile(r"(?<![.!?。！？…])(?:(?<!\d)\.(?!\w)|\.(?=\s)|[!?。！？…])++[\"'”’)\]*_`]*+(?:\s++|$)|\n++")
ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|[ap]\.m|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mr|Mrs|Ms|Dr|St|No|e\.g|i\.e|etc|approx)"
    r"|(?:^|\n)[ \t]*+\d{1,2})\.\s*+\Z"
)
"""A dot that does not end a sentence: after an abbreviation, or after the number of a list item."""

LONGEST = 16
"""Characters to look back for an abbreviation, or for a list number with its indent."""


def sentences(text: str) -> Iterator[str]:
    """Yield each sentence or line with the space after it; joined, they are the text."""
    begin = 0
    for found in END.finditer(text):
        if "\n" not in found[0] and ABBREVIATED.search(text, max(begin, found.start() - LONGEST), found.end()):
            continue
        yield text[begin : found.end()]
        begin = found.end()
    if begin < len(text):
        yield text[begin:]


def whole_part(text: str) -> str:
    """Return the complete sentences of a text still being written: those followed by something."""
    *whole, last = list(sentences(text)) or [""]
    return "".join([*whole, last] if last.endswith(("\n", " ")) and END.search(last) else whole)
