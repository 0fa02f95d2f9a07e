"""A program that is named by the URL of its description connects; what is no such URL or description does not."""

import gzip
import json
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.responses import JSONResponse, RedirectResponse, Response

from storage.db import Sessions
from storage.process.strangers import MOST_BYTES, Network, StrangerError, is_public
from storage.settings import Settings
from tests.factories import add_account, add_customer, add_order
from tests.ui.oauth.described_program import HOST, open_site
from tests.ui.oauth.oauth_shop import BACK, Kept, Person, open_shop, program
from tests.ui.oauth.oauth_steps import connecting_over
from tests.ui.oauth.test_oauth import ask_for_orders

URL = f"https://{HOST}/oauth/client.json"


def description(url: str = URL, **changed: object) -> dict[str, Any]:
    told = {"client_id": url, "client_name": "A described program", "redirect_uris": [BACK]}
    return told | {"token_endpoint_auth_method": "none"} | changed


async def test_a_program_that_names_its_description_connects_without_registering(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    customer = await add_customer(sessions)
    order = await add_order(sessions, customer_id=customer.id)
    account = await add_account(sessions, email=customer.email, customer_id=customer.id)
    pages = {"/oauth/client.json": JSONResponse(description())}

    async with open_site(tmp_path, pages) as site, open_shop(settings, sessions, site.network) as shop:
        url, person = f"{shop.public_mcp_url}/orders/mcp", Person(shop, account)
        first, second = Kept(), Kept()
        (mine,) = await ask_for_orders(url, program(url, first, person, URL), order.id)
        (again,) = await ask_for_orders(url, program(url, second, person, URL), order.id)
        async with person.browser() as browser:
            connected = (await browser.get("/api/programs")).json()

    assert not mine.is_error
    assert not again.is_error
    assert [kept.client.client_id for kept in (first, second) if kept.client] == [URL, URL]
    # The second connection finds it kept.
    assert site.asked == [f"{HOST}/oauth/client.json"]
    assert [(asked["client"], asked["from"], asked["back_to"]) for asked in person.asked] == [
        ("A described program", HOST, "")
    ] * 2
    assert {one["from"] for one in connected} == {HOST}


PACKED = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
DEEP = Response("[" * 5_000, media_type="application/json")
DOCUMENTS: dict[str, Response] = {
    "/another": JSONResponse(description("https://other.example/client.json")),
    "/secret": JSONResponse(description(f"https://{HOST}/secret", client_secret="s")),
    "/method": JSONResponse(description(f"https://{HOST}/method", token_endpoint_auth_method="client_secret_post")),
    "/leads": JSONResponse(description(f"https://{HOST}/leads", redirect_uris=["javascript:alert(1)"])),
    "/nowhere": JSONResponse(description(f"https://{HOST}/nowhere", redirect_uris=[])),
    "/kinds": JSONResponse(description(f"https://{HOST}/kinds", client_name=["a"])),
    "/long": JSONResponse(description(f"https://{HOST}/long", logo_uri="x" * MOST_BYTES)),
    "/list": JSONResponse([description(f"https://{HOST}/list")]),
    "/words": Response("<html>", media_type="text/html"),
    "/deep": DEEP,
    "/moved": RedirectResponse("/another"),
    "/broken": Response(status_code=500),
    "/packed": Response(gzip.compress(json.dumps(description(f"https://{HOST}/packed")).encode()), headers=PACKED),
}


async def test_what_is_no_description_of_the_program_lets_nobody_in(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    async with open_site(tmp_path, DOCUMENTS) as site, connecting_over(site.network, settings, sessions, {}) as steps:
        answers = [
            await steps.http.get(steps.link(client_id=f"https://{HOST}{path}")) for path in [*DOCUMENTS, "/none"]
        ]

    assert [answer.status_code for answer in answers] == [400] * len(answers)
    assert all("invalid_client" in answer.text for answer in answers)
    assert len(site.asked) == len(answers)


@pytest.mark.parametrize(
    "url",
    [
        "http://program.example/client.json",
        "ftp://program.example/client.json",
        "https://program.example",
        "https://program.example/",
        "https://user@program.example/client.json",
        "https://program.example/client.json#a",
        "https://program.example/../client.json",
        "https://program.example/a/./client.json",
        "https://program.example:8443/client.json",
        "https://program.example:port/client.json",
        "https://program.example/cl ient.json",
        "https://program.example\\@10.0.0.1/client.json",
        "https://プログラム.example/client.json",
        "https:///client.json",
        "https://[::1/client.json",
        f"https://program.example/{'a' * 500}",
    ],
)
async def test_an_address_that_is_none_of_a_description_is_not_fetched(
    settings: Settings, sessions: Sessions, url: str
) -> None:
    async def fails(_: str) -> Sequence[str]:
        raise AssertionError

    async with connecting_over(Network(resolve=fails), settings, sessions, {}) as steps:
        answer = await steps.http.get(steps.link(client_id=url))

    assert (answer.status_code, "invalid_client" in answer.text) == (400, True)


PRIVATE = (
    "127.0.0.1",
    "10.0.0.1",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - it is refused
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "::ffff:127.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "fec0::1",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "192.0.0.192",
    "3fff::1",
    "fe80::1%lo",
)


@pytest.mark.parametrize("address", PRIVATE)
async def test_nothing_is_fetched_from_a_private_address_not_even_beside_a_public_one(
    tmp_path: Path, address: str
) -> None:
    async def leads_to(_: str) -> Sequence[str]:
        return ["93.184.215.14", address]

    async with open_site(tmp_path, {"/a": JSONResponse({})}) as site:
        network = Network(resolve=leads_to, port=site.network.port)
        with pytest.raises(StrangerError, match="not on the public internet"):
            await network.fetch_json(f"https://{HOST}/a")

    assert site.asked == []
    assert not is_public(address)


async def test_a_few_bytes_that_stand_for_very_many_are_not_unpacked(tmp_path: Path) -> None:
    bomb = gzip.compress(gzip.compress(bytes(50_000_000)))
    pages = {"/a": Response(bomb, headers={"Content-Encoding": "gzip, gzip"})}

    async with open_site(tmp_path, pages) as site:
        tracemalloc.start()
        with pytest.raises(StrangerError, match="compressed"):
            await site.network.fetch_json(f"https://{HOST}/a")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert len(bomb) < MOST_BYTES
    assert most < len(bomb) + 5_000_000


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2002:808:808::1"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


async def test_the_name_of_this_machine_leads_nowhere() -> None:
    for host in ("localhost", "127.0.0.1", "[::1]", "2130706433", "0x7f000001"):
        with pytest.raises(StrangerError):
            await Network().fetch_json(f"https://{host}/a")


async def test_a_site_with_another_certificate_is_not_believed(tmp_path: Path) -> None:
    async with open_site(tmp_path, {"/a": JSONResponse({})}) as site:
        network = Network(resolve=site.network.resolve, may_connect=lambda _: True, port=site.network.port)
        with pytest.raises(StrangerError, match="could not be fetched"):
            await network.fetch_json(f"https://{HOST}/a")

    assert site.asked == []


async def test_only_so_many_descriptions_are_fetched_for_one_address(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    async with open_site(tmp_path, {}) as site, connecting_over(site.network, settings, sessions, {}) as steps:
        answers = [await steps.http.get(steps.link(client_id=f"https://{HOST}/{at}")) for at in range(31)]

    assert answers[-1].status_code == httpx2.codes.TOO_MANY_REQUESTS
    assert len(site.asked) < len(answers)
    assert json.loads(answers[-1].text)["code"] == "too_many_tries"
