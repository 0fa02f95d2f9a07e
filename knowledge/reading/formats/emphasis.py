"""Lines in bold that stand over what follows: the headings of pages whose editor has no others."""

import re

from lxml.html import HtmlElement

from knowledge.reading.formats.words import BLOCKS, words_of

LONGEST = 60
_HEAVY = re.compile(r"font-weight\s*:\s*(?:bold|bolder|[6-9]00)", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!。,;]['\"”’)]?$")
_BREAKS = BLOCKS | {"br"}


def heads_line(element: HtmlElement) -> bool:
    """Tell whether an element is all there is until the end of its line: short, in bold, and no sentence."""
    if element.tag not in {"b", "strong"} and not _HEAVY.search(element.get("style", "")):
        return False
    text = words_of(element)
    return 0 < len(text) <= LONGEST and not _SENTENCE.search(text) and _ends_line(element)


def _ends_line(element: HtmlElement) -> bool:
    """Tell whether nothing follows on the same line: a break, a block, or the end of the block around it comes next."""
    while element.tag not in BLOCKS:
        if (element.tail or "").strip("\u200b \t\r\n\u00a0"):
            return False
        following = element.getnext()
        if following is not None:
            return following.tag in _BREAKS
        parent = element.getparent()
        if parent is None:
            return True
        element = parent
    return True
