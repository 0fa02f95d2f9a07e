"""A shop's own site: its pages are fetched politely, kept, and asked for again only where they changed."""

import http.server
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from knowledge.fetching.site import fetch_site
from knowledge.fetching.visits import Roads, SiteError
from knowledge.taking_in.ingest import ingest
from knowledge.taking_in.report import unwatched
from storage.db import Sessions
from storage.settings import Settings
from tests.scripts.command import shopdesk

PAGE = "<html lang=en><body><main><h1>{title}</h1><p>{said}</p>{links}</main></body></html>"


@dataclass
class Shop:
    """A site on this machine: its pages by path, and the requests it got."""

    address: str
    pages: dict[str, str | bytes] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)

    def write(self, path: str, title: str, said: str, *links: str) -> None:
        made = "".join(f"<a href='{link}'>more</a>" for link in links)
        self.pages[path] = PAGE.format(title=title, said=said, links=made)

    def answers(self) -> dict[str, int]:
        found, self.asked = dict(self.asked), []
        return found


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop("")

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(*_answer(made, self.path, dict(self.headers)))

        def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
            made.asked.append((self.path, status))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.address = f"http://shop.test:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def _answer(shop: Shop, path: str, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
    if path in shop.moved:
        return 302, {"Location": shop.moved[path]}, b""
    if path not in shop.pages:
        return 404, {}, b"not here"
    body = shop.pages[path]
    content = body.encode() if isinstance(body, str) else body
    etag = f'"{hash(content)}"'
    if headers.get("If-None-Match") == etag:
        return 304, {"ETag": etag}, b""
    kind = "text/plain" if path.endswith(".txt") else "application/xml" if path.endswith(".xml") else "text/html"
    return 200, {"ETag": etag, "Content-Type": kind}, content


async def here(_host: str) -> list[str]:
    return ["127.0.0.1"]


ROADS = Roads(resolve=here, may_connect=lambda _: True, pause_s=0)


async def test_a_page_and_those_below_it_are_kept_and_again_only_what_changed_is_fetched(
    shop: Shop, settings: Settings, sessions: Sessions
) -> None:
    shop.write(
        "/help/", "Help", "Ask us.", "returns.html", "/help/gifts.html?a=1#x", "/shop/lamp", "http://evil.test/help/"
    )
    shop.write("/help/returns.html", "Returns", "Within 45 days.")
    shop.write("/help/gifts.html?a=1", "Gifts", "We wrap them.")
    shop.write("/help/secret.html", "Secret", "Not for robots.")
    shop.pages["/robots.txt"] = "User-agent: *\nDisallow: /*secret"
    start = f"{shop.address}/help/"

    first = await fetch_site(start, settings.shopdesk_home, unwatched, ROADS)
    taken = await ingest(settings, sessions, [first.folder])
    asked = shop.answers()
    shop.write("/help/returns.html", "Returns", "Within 60 days.", "/help/secret.html")
    del shop.pages["/help/gifts.html?a=1"]
    again = await fetch_site(start, settings.shopdesk_home, unwatched, ROADS)
    retaken = await ingest(settings, sessions, [again.folder])

    assert asked == dict.fromkeys(["/robots.txt", "/help/", "/help/returns.html", "/help/gifts.html?a=1"], 200)
    assert (first.new, first.refused, len(taken.added)) == (3, [], 3)
    assert shop.answers() == {"/robots.txt": 200, "/help/": 200, "/help/returns.html": 200, "/help/gifts.html?a=1": 404}
    assert (again.changed, again.same, again.gone) == (1, 1, 1)
    assert again.refused == [f"{shop.address}/help/secret.html: robots.txt does not allow it"]
    assert (retaken.changed, len(retaken.removed), retaken.unchanged) == (["help-returns:en"], 1, 1)


async def test_a_sitemap_names_the_pages_and_unchanged_ones_are_not_sent_again(shop: Shop, tmp_path: Path) -> None:
    shop.pages["/sitemap.xml"] = f"<sitemapindex><sitemap><loc>{shop.address}/pages.xml</loc></sitemap></sitemapindex>"
    listed = "".join(f"<url><loc>{shop.address}{path}</loc></url>" for path in ("/ko/returns", "/returns"))
    shop.pages["/pages.xml"] = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{listed}</urlset>"
    shop.write("/ko/returns", "반품", "45일 안에 됩니다.")
    shop.write("/returns", "Returns", "Within 45 days.")

    first = await fetch_site(f"{shop.address}/sitemap.xml", tmp_path, unwatched, ROADS)
    shop.answers()
    again = await fetch_site(f"{shop.address}/sitemap.xml", tmp_path, unwatched, ROADS)

    assert sorted(str(path.relative_to(first.folder)) for path in first.folder.rglob("*.html")) == [
        "ko/returns.html",
        "returns.html",
    ]
    assert (again.new, again.same) == (0, 2)
    assert {path: status for path, status in shop.answers().items() if "returns" in path} == {
        "/ko/returns": 304,
        "/returns": 304,
    }


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("http://169.254.169.254/latest/", "it leads to another site, 169.254.169.254"),
        ("http://shop.test.evil.test/", "it leads to another site, shop.test.evil.test"),
        ("/start", "it is redirected more than 5 times"),
        ("file:///etc/passwd", "it leads to another site, "),
    ],
)
async def test_a_page_that_leads_elsewhere_is_not_followed(shop: Shop, tmp_path: Path, target: str, why: str) -> None:
    shop.moved["/start"] = target

    with pytest.raises(SiteError, match=why):
        await fetch_site(f"{shop.address}/start", tmp_path, unwatched, ROADS)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.8", "::1", "169.254.169.254", "::ffff:192.168.0.1"])
async def test_a_name_that_leads_into_a_private_network_is_not_visited(
    shop: Shop, tmp_path: Path, address: str
) -> None:
    async def there(_host: str) -> list[str]:
        return ["93.184.215.14", address]

    with pytest.raises(SiteError, match=r"shop\.test is not on the public internet"):
        await fetch_site(f"{shop.address}/", tmp_path, unwatched, Roads(resolve=there, pause_s=0))
    assert shop.asked == []


async def test_a_page_that_fails_is_named_and_its_last_version_stays(shop: Shop, tmp_path: Path) -> None:
    shop.write("/help/", "Help", "Ask us.", "large")
    shop.write("/help/large", "Large", "Small still.")
    await fetch_site(f"{shop.address}/help/", tmp_path, unwatched, ROADS)
    shop.pages["/help/large"] = b"x" * 10_000_001

    again = await fetch_site(f"{shop.address}/help/", tmp_path, unwatched, ROADS)

    assert again.refused == [f"{shop.address}/help/large: it is larger than 10 MB"]
    assert "Small still." in (again.folder / "help-large.html").read_text()


async def test_the_command_says_in_one_line_why_a_site_is_not_visited(settings: Settings, sessions: Sessions) -> None:
    ended = await shopdesk("ingest", "http://127.0.0.1:9/help/")

    assert (ended.code, ended.complained) == (
        2,
        "shopdesk: http://127.0.0.1:9/help/ cannot be taken in: 127.0.0.1 is not on the public internet.\n",
    )
