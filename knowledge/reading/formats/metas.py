"""What a page says of itself in its head: its title, language, address and day."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from knowledge.reading.documents import slug
from knowledge.reading.formats.blocks import is_title, plain
from storage.words.languages import LANGUAGES

OWN_META = "shopdesk:"
"""How the name of a `<meta>` begins that says for a page what front matter says for Markdown."""

_DATED = ("date", "last-modified", "article:modified_time", "article:published_time", "dc.date", "dcterms.modified")


def metas_of(page: HtmlElement) -> dict[str, str]:
    """Return a page's `<meta>` elements by name."""
    return dict(_metas(page))


def days_told(page: HtmlElement) -> list[str]:
    """Return the days that a page's head gives as its own, the likeliest first; a `<time>` in its text is any day."""
    metas = metas_of(page)
    return [metas[name] for name in _DATED if name in metas]


def told_by(page: HtmlElement) -> dict[str, object]:
    """Return what a page says of itself, by the field names of `Heading`."""
    metas = metas_of(page)
    told: dict[str, object] = {}
    own = next((text for one in page.iter("p") if is_title(one) and (text := plain(one))), "")
    title = metas.get("og:title") or own or _first(page, "h1") or _first(page, "title")
    if title:
        told["title"] = title[:200]
    language = (page.get("lang") or page.get("xml:lang") or "")[:2].lower()
    if language in LANGUAGES:
        told["language"] = language
    address = next((link.get("href", "") for link in page.iter("link") if link.get("rel") == "canonical"), "")
    if address:
        told.update(named_by(address))
    for name, content in metas.items():
        if name.startswith(OWN_META):
            told[name.removeprefix(OWN_META)] = content
    return told


def named_by(address: str) -> dict[str, str]:
    """Return the id and language that a page's address gives it."""
    path = re.sub(r"\.(?:html?|php|aspx?|jsp)$", "", urlsplit(address).path.lower())
    parts = [part for part in path.split("/") if part and part != "index"]
    name = slug("-".join(part for part in parts if part not in LANGUAGES))
    spoken = [part for part in parts if part in LANGUAGES]
    return ({"id": name} if name else {}) | ({"language": spoken[0]} if spoken else {})


def _metas(page: HtmlElement) -> Iterator[tuple[str, str]]:
    for meta in page.iter("meta"):
        name, content = meta.get("name") or meta.get("property"), (meta.get("content") or "").strip()
        if name and content:
            yield name.lower(), content


def _first(page: HtmlElement, tag: str) -> str:
    return next((text for one in page.iter(tag) if (text := plain(one))), "")
