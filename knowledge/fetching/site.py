"""A site's pages, from a sitemap or from one page and those below it that it leads to."""

import gzip
import io
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx2
import lxml.html
from lxml import etree

from knowledge.fetching.kept import Pages
from knowledge.fetching.visits import (
    MOST_BYTES,
    WITHIN_S,
    Fetched,
    NotFetchedError,
    Roads,
    SiteError,
    Visits,
    is_of,
    site_of,
)
from knowledge.taking_in.report import Progress

MOST_PAGES = 500
MOST_SITEMAPS = 50
_NO_PAGES = """
.css .js .mjs .json .xml .rss .ico .png .jpg .jpeg .gif .webp .avif .svg .woff .woff2 .ttf .zip .gz .mp3 .mp4 .webm .doc
.docx .xls .xlsx .ppt .pptx .apk .dmg .exe
"""
_ASSETS = frozenset(_NO_PAGES.split())


@dataclass
class Fetching:
    """What came of fetching a site: the folder its pages are kept in, counts by outcome, and what could not be had."""

    folder: Path
    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    refused: list[str] = field(default_factory=list)


async def fetch_site(url: str, home: Path, progress: Progress, roads: Roads | None = None) -> Fetching:
    """Fetch a page and those below it, or all pages of a sitemap, and keep them; pages that are gone are removed.

    Args:
        url: the page, or the sitemap.
        home: the shop's folder.
        progress: called with the number of pages.
        roads: how the site is reached.

    Raises:
        SiteError: the first page cannot be had.
    """
    site = site_of(url)
    if urlsplit(url).scheme not in {"http", "https"} or not site:
        raise SiteError(f"{url} is not an address of a page. Use one such as https://shop.example/help/.")
    limits = httpx2.Limits(max_connections=1)
    async with httpx2.AsyncClient(trust_env=False, timeout=WITHIN_S, limits=limits) as client:
        visits = Visits(site, client, roads or Roads())
        try:
            await visits.read_robots(url)
            first = await visits.fetch(url)
        except NotFetchedError as error:
            raise SiteError(f"{url} cannot be taken in: {error}.") from error
        return await _Crawl(url, visits, Pages(home, site), progress).run(first)


class _Crawl:
    def __init__(self, start: str, visits: Visits, pages: Pages, progress: Progress) -> None:
        self._start = start
        self._visits = visits
        self._pages = pages
        self._progress = progress
        self._below = urlsplit(start).path.rpartition("/")[0] + "/"
        self._seen = set[str]()
        self._there = set[str]()
        self.done = Fetching(pages.folder)

    async def run(self, first: Fetched) -> Fetching:
        listed = _locations(first.content or b"", first.url)
        if listed is not None:
            waiting, follows = deque(await self._all_listed(listed)), False
        else:
            waiting, follows = deque([first.url]), True
        while waiting and len(self._there) < MOST_PAGES:
            url = waiting.popleft()
            if url in self._seen:
                continue
            self._seen.add(url)
            if await self._visit(url, first if url == first.url else None):
                self._there.add(url)
                done = len(self._there)
                self._progress("pages", done, None if follows else done + len(waiting))
                waiting += self._links(url) if follows else ()
        if waiting:
            self.done.refused.append(f"{self._start}: it has more than {MOST_PAGES} pages; the rest is not fetched")
        else:
            self._forget(follows=follows)
        return self.done

    async def _visit(self, url: str, fetched: Fetched | None) -> bool:
        """Fetch and keep one page, and return whether it is there."""
        try:
            fetched = fetched or await self._visits.fetch(url, self._pages.marks(url))
            if fetched.content is None:
                self.done.same += 1
                return True
            outcome = self._pages.keep(url, fetched)
        except NotFetchedError as error:
            if not error.gone or "robots" in str(error):
                self.done.refused.append(f"{url}: {error}")
            return False
        self.done.new += outcome == "new"
        self.done.changed += outcome == "changed"
        self.done.same += outcome == "same"
        return True

    def _links(self, url: str) -> Iterator[str]:
        content = self._pages.content(url)
        if content.lstrip()[:1] != b"<" and b"<html" not in content[:2000].lower():
            return
        page = lxml.html.document_fromstring(content or b"<html></html>")
        for link in page.iter("a"):
            if "nofollow" in link.get("rel", ""):
                continue
            target = _absolute(url, link.get("href", ""))
            if target and is_of(target, self._visits.site) and urlsplit(target).path.startswith(self._below):
                yield target

    async def _all_listed(self, listed: tuple[list[str], list[str]]) -> list[str]:
        """Return the pages of a sitemap, and of those it lists."""
        pages, maps = listed
        for url in maps[:MOST_SITEMAPS]:
            try:
                told = await self._visits.fetch(url)
            except NotFetchedError as error:
                self.done.refused.append(f"{url}: {error}")
                continue
            more = _locations(told.content or b"", url)
            pages += more[0] if more is not None else []
        return list(dict.fromkeys(pages))

    def _forget(self, *, follows: bool) -> None:
        """Remove what was once found from here and is no longer there."""
        failed = {line.partition(": ")[0] for line in self.done.refused}
        for url in self._pages:
            from_here = not follows or urlsplit(url).path.startswith(self._below)
            if from_here and url not in self._there and url not in failed:
                self._pages.forget(url)
                self.done.gone += 1


def _absolute(base: str, href: str) -> str:
    try:
        target = urldefrag(urljoin(base, href.strip()))[0]
        suffix = Path(urlsplit(target).path).suffix.lower()
    except ValueError:
        return ""
    return "" if suffix in _ASSETS else target


def _locations(content: bytes, url: str) -> tuple[list[str], list[str]] | None:
    """Return the pages and the sitemaps that a sitemap lists, or None where it is none."""
    if content[:2] == b"\x1f\x8b":
        content = _unpacked(content)
    if b"<urlset" not in content[:2000] and b"<sitemapindex" not in content[:2000]:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(content, parser)
    if root is None:
        return None
    found: tuple[list[str], list[str]] = ([], [])
    for place in root.iter("{*}loc"):
        parent = etree.QName(place.getparent()).localname
        target = _absolute_any(url, place.text or "")
        if target and parent in {"url", "sitemap"}:
            found[parent == "sitemap"].append(target)
    return found


def _unpacked(content: bytes) -> bytes:
    try:
        return gzip.GzipFile(fileobj=io.BytesIO(content)).read(MOST_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise SiteError("The sitemap cannot be unpacked. Name one that is not compressed.") from error


def _absolute_any(base: str, href: str) -> str:
    try:
        return urldefrag(urljoin(base, href.strip()))[0]
    except ValueError:
        return ""
