"""A client that only knows the site of a shop finds its tools: by the catalog their card, by the card their address."""

import json
import re

import httpx2
import pytest

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.serve import build_app
from mcp_servers.runtime.serving.server_card import server_card
from storage.db import Sessions
from storage.process.discovery import CATALOG, catalog_route
from storage.settings import REPOSITORY, Settings

BASE = "https://tools.shop.example"


def asking(settings: Settings, sessions: Sessions) -> httpx2.AsyncClient:
    public = settings.model_copy(update={"public_mcp_url": BASE, "public_ui_url": "https://shop.example"})
    transport = httpx2.ASGITransport(app=build_app(server_names(), public, sessions))
    return httpx2.AsyncClient(transport=transport, base_url=BASE)


async def test_the_catalog_leads_to_the_card_and_the_card_to_the_tools(settings: Settings, sessions: Sessions) -> None:
    async with asking(settings, sessions) as http:
        catalog = await http.get(CATALOG)
        [entry] = catalog.json()["entries"]
        card = await http.get(entry["url"], headers={"Accept": entry["type"], "Origin": "https://any.example"})
        [remote] = card.json()["remotes"]
        refused = await http.post(remote["url"], json={})

    assert catalog.headers["Content-Type"] == "application/ai-catalog+json"
    assert entry == {
        "identifier": "urn:air:tools.shop.example:mcp:shopdesk",
        "type": "application/mcp-server-card+json",
        "url": f"{BASE}/mcp/server-card",
    }
    assert card.headers["Content-Type"] == entry["type"]
    assert card.json()["name"] == "example.shop.tools/shopdesk"
    assert (remote["type"], remote["url"]) == ("streamable-http", f"{BASE}/mcp")
    assert {"2025-11-25", "2026-07-28"} <= set(remote["supportedProtocolVersions"])
    assert refused.status_code == 401
    told = card.headers
    assert (told["Access-Control-Allow-Origin"], told["Access-Control-Expose-Headers"]) == ("*", "ETag")


async def test_a_card_that_did_not_change_is_not_sent_again(settings: Settings, sessions: Sessions) -> None:
    async with asking(settings, sessions) as http:
        first = await http.get("/mcp/server-card")
        again = await http.get("/mcp/server-card", headers={"If-None-Match": first.headers["ETag"]})
        asked = await http.options(
            "/mcp/server-card",
            headers={
                "Origin": "https://any.example",
                "Access-Control-Request-Method": "GET",
                "Access-Control-Request-Headers": "If-None-Match",
            },
        )
        written = await http.post("/mcp/server-card", json={})

    assert first.headers["Cache-Control"] == "public, max-age=3600"
    assert (again.status_code, again.content) == (304, b"")
    assert (asked.status_code, asked.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert written.status_code == 404


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://shop.example", "example.shop/shopdesk"),
        ("http://192.168.0.5:8100", "localhost/shopdesk"),
        ("http://[::1]:8100", "localhost/shopdesk"),
    ],
)
def test_a_card_keeps_the_rules_of_its_schema(settings: Settings, url: str, name: str) -> None:
    card = server_card(settings.model_copy(update={"public_mcp_url": url}))

    assert card["name"] == name
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", card["name"])
    assert 1 <= len(card["description"]) <= 100
    assert {"$schema", "name", "version", "description"} <= set(card)
    server_json = json.loads((REPOSITORY / "mcp_servers" / "server.json").read_text())
    assert (card["description"], card["version"]) == (server_json["description"], server_json["version"])


def test_the_pages_catalog_is_that_of_the_tools(settings: Settings) -> None:
    assert catalog_route(settings).path == CATALOG
