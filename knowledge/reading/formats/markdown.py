"""Markdown, with front matter or without; HTML inside it goes through the same cleaning as a page."""

import re

from markdown_it import MarkdownIt

from knowledge.reading.documents import Draft
from knowledge.reading.formats.encoding import decode
from knowledge.reading.formats.front_matter import split_front_matter

_HTML = re.compile(r"<[a-zA-Z/!?]|~~|^[ \t]*+\|?[ \t]*+:?-{3,}+:?[ \t]*+\||^\[\^", re.MULTILINE)
"""What only a renderer understands: HTML, struck-out text, tables, and notes."""
_NOTE = re.compile(r"^\[\^([^\]\s]{1,20})\]:[ \t]*(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_NOTED = re.compile(r"\[\^([^\]\s]{1,20})\]")
_LINK_TARGET = re.compile(r"^ {0,3}\[[^\]^\n][^\]\n]*\]:[ \t]*\S.*$", re.MULTILINE)
"""Where a link leads, told on a line of its own, which no reader sees."""


def read_markdown(data: bytes) -> Draft:
    """Read Markdown; what its reader would not see, such as a comment, is left out."""
    told, text = split_front_matter(decode(data))
    if _HTML.search(text):
        # Slow to import, and a policy without HTML does not need it.
        from knowledge.reading.formats.html import text_of_page

        page, left = text_of_page(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(_with_notes(text)))
        return Draft(page, told, left)
    return Draft(_LINK_TARGET.sub("", text), told)


def _with_notes(text: str) -> str:
    """Return Markdown whose notes are raised marks, and the notes themselves paragraphs that begin with theirs."""
    numbers = {name: str(number) for number, name in enumerate(dict.fromkeys(_NOTED.findall(text)), start=1)}
    told = _NOTE.sub(lambda found: f"\n[^{found[1]}]{' '.join(found[2].split())}\n", text)
    return _NOTED.sub(lambda found: f"<sup>{numbers[found[1]]}</sup>", told)
