"""The text of a PDF or an HTML page, taken out in a process of its own: `python -m team.services.documents.extracting`.

A file that hangs, fills or crashes that process is refused; the page lives on. The file comes on standard input, its
pages go out as one line of JSON.
"""

import json
import logging
import resource
import sys

KINDS = ("pdf", "html")
MEMORY = 1_000_000_000
"""Bytes of address space; what is used is far less."""
CPU_S = 30
MOST_PAGES = 1_000
UNSEEN = (
    "//script | //style | //template | //noscript | //head | //comment() | //*[@hidden] | //*[@aria-hidden='true']"
    " | //*[contains(translate(@style, ' ', ''), 'display:none')]"
    " | //*[contains(translate(@style, ' ', ''), 'visibility:hidden')]"
    " | //*[contains(translate(@style, ' ', ''), 'font-size:0')]"
)
BLOCKS = "//p | //div | //li | //tr | //br | //h1 | //h2 | //h3 | //h4 | //h5 | //h6 | //section | //article"


class BrokenError(Exception):
    """The file is not one of its kind."""


def pages_of_pdf(data: bytes) -> list[str]:
    """Return the text of each page.

    Raises:
        BrokenError: it is no PDF, is locked, or has too many pages.
    """
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as document:
            if len(document) > MOST_PAGES:
                raise BrokenError(f"it has more than {MOST_PAGES:,} pages")
            return [_page(document[number]) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise BrokenError("it is a broken or locked PDF") from error


def _page(page: "pypdfium2.PdfPage") -> str:  # type: ignore[name-defined]  # noqa: F821 - imported where it is needed
    try:
        text: str = page.get_textpage().get_text_bounded()
        return text.replace("\r\n", "\n")
    finally:
        page.close()


def pages_of_html(data: bytes) -> list[str]:
    """Return the text that a reader of the page sees, as one page.

    Raises:
        BrokenError: there is nothing in it.
    """
    from lxml import etree, html

    try:
        tree = html.fromstring(data)
    except (etree.ParserError, ValueError) as error:
        raise BrokenError("it is no HTML") from error
    for unseen in tree.xpath(UNSEEN):
        if unseen.getparent() is not None:
            unseen.drop_tree()
    for block in tree.xpath(BLOCKS):
        block.tail = "\n" + (block.tail or "")
    lines = (" ".join(line.split()) for line in tree.text_content().splitlines())
    return ["\n".join(line for line in lines if line)]


def main(kind: str) -> None:
    """Read the file on standard input; write its pages, or why it cannot be read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    logging.disable()
    try:
        told = {"pages": (pages_of_pdf if kind == "pdf" else pages_of_html)(sys.stdin.buffer.read())}
    except BrokenError as error:
        told = {"refused": [str(error)]}
    except (MemoryError, RecursionError):
        told = {"refused": ["it needs too much memory"]}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
