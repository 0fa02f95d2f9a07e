"""Markdown, with front matter or without; HTML inside it goes through the same cleaning as a page."""

import re

from markdown_it import MarkdownIt

from knowledge.reading.documents import Draft
from knowledge.reading.formats.encoding import decode
from knowledge.reading.formats.front_matter import split_front_matter

_HTML = re.compile(r"<[a-zA-Z/!?]|~~|^[ \t]*+\|?[ \t]*+:?-{3,}+:?[ \t]*+\|", re.MULTILINE)
"""What only a renderer understands: HTML, struck-out text, and tables."""
_LINK_TARGET = re.compile(r"^ {0,3}\[[^\]^\n][^\]\n]*\]:[ \t]*\S.*$", re.MULTILINE)
"""Where a link leads, told on a line of its own, which no reader sees."""


def read_markdown(data: bytes) -> Draft:
    """Read Markdown; what its reader would not see, such as a comment, is left out."""
    told, text = split_front_matter(decode(data))
    if _HTML.search(text):
        # Slow to import, and a policy without HTML does not need it.
        from knowledge.reading.formats.html import text_of_page

        page, left = text_of_page(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
        return Draft(page, told, left)
    return Draft(_LINK_TARGET.sub("", text), told)
