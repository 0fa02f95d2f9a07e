"""HTML: a saved page without what surrounds its text, and without what its visitor cannot see."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from knowledge.reading.documents import DocumentRefusedError, Draft, slug
from knowledge.reading.formats.blocks import as_text, blocks_of, plain
from knowledge.reading.formats.dates import effective_day
from knowledge.reading.formats.encoding import decode
from knowledge.reading.formats.faq import answers_of, pairs_as_text, pairs_in, pairs_told
from knowledge.reading.formats.hidden import remove_hidden
from knowledge.reading.formats.surroundings import remove_surroundings
from storage.words.languages import LANGUAGES

FAQ_CATEGORY = "faq"
OWN_META = "shopdesk:"
"""How the name of a `<meta>` begins that says for a page what front matter says for Markdown."""

_DATED = ("date", "last-modified", "article:modified_time", "article:published_time", "dc.date", "dcterms.modified")


def read_page(data: bytes) -> Draft:
    """Read the main text of a page.

    Raises:
        DocumentRefusedError: it is nested too deep, or no page at all.
    """
    page = _parsed(decode(data))
    told = _told(page)
    remove_hidden(page)
    text = as_text(blocks_of(remove_surroundings(page), _is_summary))
    return Draft(text, _dated(told, page, text))


def read_faq(data: bytes) -> Draft:
    """Read the questions and answers of a page: each question is the heading of its answer.

    Raises:
        DocumentRefusedError: there is none, or the page is nested too deep, or no page at all.
    """
    page = _parsed(decode(data))
    told = {"category": FAQ_CATEGORY} | _told(page)
    in_data = pairs_told(page)
    remove_hidden(page, opened=answers_of(page))
    whole = plain(page)
    pairs = pairs_in(remove_surroundings(page)) or in_data
    if not pairs:
        raise DocumentRefusedError("no question with an answer was found in it: take it in without --site")
    return Draft(pairs_as_text(pairs), _dated(told, page, whole))


def text_of_page(html: str) -> str:
    """Return all text of a part of a page that a visitor sees."""
    page = _parsed(html)
    remove_hidden(page)
    return as_text(blocks_of(page, _is_summary))


def _is_summary(element: HtmlElement) -> bool:
    return bool(element.tag == "summary")


def _parsed(html: str) -> HtmlElement:
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        page = lxml.html.document_fromstring(html.encode("utf-8", "ignore"), parser=parser)
    except etree.LxmlError as error:
        raise DocumentRefusedError("it has no text") from error
    # The parser drops what is nested too deep, so a part of the page would be lost without a word.
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise DocumentRefusedError("its elements are nested deeper than 256")
    return page


def _told(page: HtmlElement) -> dict[str, object]:
    metas = dict(_metas(page))
    told: dict[str, object] = {}
    title = metas.get("og:title") or _first(page, "h1") or _first(page, "title")
    if title:
        told["title"] = title[:200]
    language = (page.get("lang") or page.get("xml:lang") or "")[:2].lower()
    if language in LANGUAGES:
        told["language"] = language
    address = next((link.get("href", "") for link in page.iter("link") if link.get("rel") == "canonical"), "")
    if address:
        told.update(_by_address(address))
    for name, content in metas.items():
        if name.startswith(OWN_META):
            told[name.removeprefix(OWN_META)] = content
    return told


def _metas(page: HtmlElement) -> Iterator[tuple[str, str]]:
    for meta in page.iter("meta"):
        name, content = meta.get("name") or meta.get("property"), (meta.get("content") or "").strip()
        if name and content:
            yield name.lower(), content


def _first(page: HtmlElement, tag: str) -> str:
    return next((text for one in page.iter(tag) if (text := plain(one))), "")


def _by_address(address: str) -> dict[str, str]:
    path = re.sub(r"\.(?:html?|php|aspx?|jsp)$", "", urlsplit(address).path.lower())
    parts = [part for part in path.split("/") if part and part != "index"]
    name = slug("-".join(part for part in parts if part not in LANGUAGES))
    spoken = [part for part in parts if part in LANGUAGES]
    return ({"id": name} if name else {}) | ({"language": spoken[0]} if spoken else {})


def _dated(told: dict[str, object], page: HtmlElement, text: str) -> dict[str, object]:
    metas = dict(_metas(page))
    times = (one.get("datetime") or "" for one in page.iter("time"))
    day = effective_day(text, [*(metas[name] for name in _DATED if name in metas), *times])
    return ({"effective_date": day} if day else {}) | told
