"""Visiting one site: public addresses only, bounded in time and size, a page at a time, as robots.txt allows."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx2
from protego import Protego

from storage.process.strangers import is_public, resolved
from storage.settings import CannotStartError

AGENT = "shopdesk"
MOST_BYTES = 10_000_000
WITHIN_S = 30
MOST_REDIRECTS = 5
PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
_WAITS = frozenset({429, 503})


class NotFetchedError(Exception):
    """One page that cannot be had; the message says why. `gone`: it is no longer there, or never was."""

    def __init__(self, problem: str, *, gone: bool = False) -> None:
        super().__init__(problem)
        self.gone = gone


class SiteError(CannotStartError):
    """A site that cannot be visited at all."""


@dataclass(frozen=True)
class Roads:
    """How a site is reached: where its name leads, what may be connected to, and how long to wait between pages."""

    resolve: Callable[[str], Awaitable[Sequence[str]]] = resolved
    may_connect: Callable[[str], bool] = is_public
    pause_s: float = PAUSE_S


@dataclass(frozen=True)
class Fetched:
    """What a site answered: `content` is None where the page is as it was."""

    url: str
    content: bytes | None
    kind: str = ""
    charset: str = ""
    etag: str = ""
    modified: str = ""


@dataclass
class Visits:
    """Visits of one site, each after a pause."""

    site: str
    client: httpx2.AsyncClient
    roads: Roads
    robots: Protego = field(default_factory=lambda: Protego.parse(""))
    _next: float = 0.0

    async def read_robots(self, start: str) -> None:
        """Read what the site's robots.txt allows; where it has none, everything.

        Raises:
            NotFetchedError: it cannot be had although it may be there, so that nothing is known to be allowed.
        """
        try:
            told = await self.fetch(urljoin(start, "/robots.txt"), asks_robots=False)
        except NotFetchedError as error:
            if not error.gone:
                raise
            return
        self.robots = Protego.parse((told.content or b"").decode("utf-8", "replace"))

    @property
    def sitemaps(self) -> list[str]:
        """The sitemaps that its robots.txt names."""
        return [url for url in self.robots.sitemaps if is_of(url, self.site)]

    async def fetch(self, url: str, known: Mapping[str, str] | None = None, *, asks_robots: bool = True) -> Fetched:
        """Fetch a page if it has changed since it was known.

        Args:
            url: its address.
            known: the `etag` and `modified` that it had.
            asks_robots: keep to robots.txt.

        Raises:
            NotFetchedError: it cannot be had, is not allowed, or leads away from the site.
        """
        for _ in range(MOST_REDIRECTS):
            if not is_of(url, self.site):
                raise NotFetchedError(f"it leads to another site, {urlsplit(url).netloc}", gone=True)
            if asks_robots and not self.robots.can_fetch(url, AGENT):
                raise NotFetchedError("robots.txt does not allow it", gone=True)
            await self._turn()
            answer = await self._bounded(url, known or {})
            if isinstance(answer, Fetched):
                return answer
            url = urljoin(url, answer)
        raise NotFetchedError(f"it is redirected more than {MOST_REDIRECTS} times")

    async def _turn(self) -> None:
        wait = max(self.roads.pause_s and float(self.robots.crawl_delay(AGENT) or 0), self.roads.pause_s)
        await asyncio.sleep(max(0.0, self._next - time.monotonic()))
        self._next = time.monotonic() + min(wait, LONGEST_PAUSE_S)

    async def _bounded(self, url: str, known: Mapping[str, str]) -> Fetched | str:
        try:
            async with asyncio.timeout(WITHIN_S):
                return await self._once(url, known)
        except TimeoutError as error:
            raise NotFetchedError(f"it takes longer than {WITHIN_S} seconds") from error
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            raise NotFetchedError(f"it cannot be fetched: {str(error) or type(error).__name__}") from error

    async def _once(self, url: str, known: Mapping[str, str]) -> Fetched | str:
        asked = urlsplit(url)
        pinned = await self._pinned(asked)
        headers = {"Host": asked.netloc.rpartition("@")[2], "User-Agent": f"{AGENT} (reads this shop's own pages)"}
        headers |= {"If-None-Match": known["etag"]} if known.get("etag") else {}
        headers |= {"If-Modified-Since": known["modified"]} if known.get("modified") else {}
        extensions = {"sni_hostname": asked.hostname or ""}
        async with self.client.stream("GET", pinned, headers=headers, extensions=extensions) as response:
            if response.has_redirect_location:
                return str(response.headers["location"])
            if response.status_code == httpx2.codes.NOT_MODIFIED:
                return Fetched(url, None, etag=known.get("etag", ""), modified=known.get("modified", ""))
            _require_ok(response)
            told, _, charset = response.headers.get("content-type", "").partition(";")
            return Fetched(
                url,
                await _read(response),
                told.strip().lower(),
                charset.strip().lower().removeprefix("charset=").strip("\"' "),
                response.headers.get("etag", ""),
                response.headers.get("last-modified", ""),
            )

    async def _pinned(self, asked: SplitResult) -> str:
        """Return an address whose host is the IP address that was checked: a second look-up could lead elsewhere."""
        host = asked.hostname or ""
        addresses = await self.roads.resolve(host)
        if not addresses or not all(map(self.roads.may_connect, addresses)):
            raise NotFetchedError(f"{host} is not on the public internet")
        address = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
        port = f":{asked.port}" if asked.port else ""
        return asked._replace(netloc=f"{address}{port}", fragment="").geturl()


def is_of(url: str, site: str) -> bool:
    """Tell whether an address is of a site: http or https, and its host, with or without `www.`."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and site_of(url) == site


def site_of(url: str) -> str:
    """Return the site of an address: its host and port, without `www.`."""
    return urlsplit(url).netloc.rpartition("@")[2].lower().removeprefix("www.")


def _require_ok(response: httpx2.Response) -> None:
    status = response.status_code
    if status in {httpx2.codes.NOT_FOUND, httpx2.codes.GONE}:
        raise NotFetchedError(f"the site answers {status}: it is not there", gone=True)
    if status in _WAITS:
        raise NotFetchedError(f"the site answers {status}: try again later")
    if status != httpx2.codes.OK:
        raise NotFetchedError(f"the site answers {status}")


async def _read(response: httpx2.Response) -> bytes:
    parts, size = list[bytes](), 0
    async for chunk in response.aiter_bytes():
        parts.append(chunk)
        size += len(chunk)
        if size > MOST_BYTES:
            raise NotFetchedError(f"it is larger than {MOST_BYTES // 1_000_000} MB")
    return b"".join(parts)
