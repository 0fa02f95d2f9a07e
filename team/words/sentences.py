"""Where sentences end, in what is read whole and in what is still being written."""

import re
from collections.abc import Iterator

END = re.compile(r"(?<![.!?。！？…])(?:(?<!\d)\.(?!\w)|\.(?=\s)|[!?。！？…])++[\"'”’)\]*_`]*+(?:\s++|$)|\n++")
ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|[ap]\.m|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mr|Mrs|Ms|Dr|St|No|e\.g|i\.e|etc|approx)"
    r"|(?:^|\n)[ \t]*+\d{1,2})\.\s*+\Z"
)
"""A dot after which the sentence goes on, or after the number of a row."""

LONGEST = 16
"""Characters of such a beginning, with the line's indent."""


def sentences(text: str) -> Iterator[str]:
    """Yield each sentence or line with the space after it; together they are the text."""
    begin = 0
    for found in END.finditer(text):
        if "\n" not in found[0] and ABBREVIATED.search(text, max(begin, found.start() - LONGEST), found.end()):
            continue
        yield text[begin : found.end()]
        begin = found.end()
    if begin < len(text):
        yield text[begin:]


def whole_part(text: str) -> str:
    """Return the sentences of a text still being written that are whole: those that something stands after."""
    *whole, last = list(sentences(text)) or [""]
    return "".join([*whole, last] if last.endswith(("\n", " ")) and END.search(last) else whole)
