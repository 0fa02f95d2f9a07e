"""The style sheets a page links to, where they were saved beside it."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from knowledge.reading.styles.seen import Sheets

MOST_SHEETS = 20
MOST_BYTES = 2_000_000


def sheets_of(page: HtmlElement, path: Path | None) -> Sheets:
    """Return the text of the linked style sheets that are in the folder of a page's file, or below it."""
    hrefs = [link.get("href", "") for link in page.iter("link") if "stylesheet" in link.get("rel", "").lower().split()]
    texts = list[str]()
    for href in hrefs[:MOST_SHEETS]:
        file = None if path is None else _beside(path, href)
        if file is not None:
            texts.append(file.read_bytes()[:MOST_BYTES].decode("utf-8", "replace"))
    return Sheets(texts, missing=len(hrefs) - len(texts))


def _beside(path: Path, href: str) -> Path | None:
    parts = urlsplit(href)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    folder = path.parent.resolve()
    try:
        file = (folder / unquote(parts.path).lstrip("/")).resolve()
        return file if file.is_relative_to(folder) and file.is_file() else None
    except (OSError, ValueError):
        return None
