"""By which address a request counts, and whose word about it is believed."""

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from storage.process.addresses import address_of
from storage.process.serving import behind_proxies
from storage.settings import Settings, SettingsError, load_settings


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix socket", "unix socket"),
    ],
)
def test_an_address_counts_by_itself_or_by_the_network_its_owner_has(host: str, counted: str) -> None:
    assert address_of({"client": (host, 1)}) == counted


def seen(settings: Settings, peer: str, forwarded: str) -> tuple[str, str]:
    """The address and the scheme that an app sees of a request."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(f"{address_of(scope)} {Request(scope).url.scheme}")(scope, receive, send)

    client = TestClient(behind_proxies(app, settings), client=(peer, 1))
    address, scheme = client.get("/", headers={"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}).text.split()
    return address, scheme


def test_a_forwarded_address_counts_only_where_a_trusted_proxy_sends_it(settings: Settings) -> None:
    trusting = load_settings(trusted_proxies="127.0.0.1, 10.0.0.0/8,2001:db8::/32")
    forged = "198.51.100.9, 203.0.113.7, 10.1.2.3"

    assert seen(settings, "127.0.0.1", forged) == ("127.0.0.1", "http")
    assert seen(trusting, "192.0.2.1", forged) == ("192.0.2.1", "http")
    assert seen(trusting, "10.9.9.9", forged) == ("203.0.113.7", "https")
    assert seen(trusting, "2001:db8::1", "2a00:1:2:3:4::5") == ("2a00:1:2:3::/64", "https")


def test_a_proxy_that_is_no_address_is_named_at_the_start(settings: Settings) -> None:
    with pytest.raises(SettingsError, match=r"TRUSTED_PROXIES is not valid: 'proxy\.example' does not appear"):
        load_settings(trusted_proxies="10.0.0.1, proxy.example")
