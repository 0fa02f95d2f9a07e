"""Which tools have a card, who is told of it, and where a card's picture comes from."""

import base64
from io import BytesIO

import pytest
from mcp import MCPError
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from mcp.types import BlobResourceContents, TextResourceContents
from PIL import Image

from storage.db import Sessions, writing
from storage.pictures.pictures import Picture
from storage.pictures.product_pictures import keep_product_picture
from storage.settings import Settings
from tests.clients import caller, client_of, server_for
from tests.factories import add_product

OWN = {
    *("get_order", "list_orders", "get_product", "search_products", "recommend_products", "identify_product"),
    *("inspect_damage", "get_ticket", "list_tickets", "get_policy", "search_policies"),
}
ASKING = {
    *("cancel_order", "change_order_items", "change_order_address", "change_order_payment", "return_items"),
    *("exchange_items", "change_customer_address"),
}


async def told(settings: Settings, sessions: Sessions, mode: str, *, cards: bool) -> dict[str, str]:
    """The cards a client is told of, by tool."""
    async with client_of(server_for(settings, sessions, caller("olivia")), mode=mode, cards=cards) as client:
        found = {tool.name: (tool.meta or {}).get("ui") for tool in (await client.list_tools()).tools}
    return {name: ui["resourceUri"] for name, ui in found.items() if ui}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_client_that_shows_cards_is_told_of_them_and_another_one_is_not(
    settings: Settings, sessions: Sessions, mode: str
) -> None:
    cards = await told(settings, sessions, mode, cards=True)

    assert set(cards) == OWN | ASKING
    assert {cards[tool] for tool in ASKING} == {"ui://shopdesk/asking.html"}
    assert cards["get_order"] == "ui://orders/get_order.html"
    assert await told(settings, sessions, mode, cards=False) == {}


async def test_a_card_is_read_as_a_page_that_needs_no_address(settings: Settings, sessions: Sessions) -> None:
    async with client_of(server_for(settings, sessions, caller("olivia")), cards=True) as client:
        [card] = (await client.read_resource("ui://orders/get_order.html")).contents
        listed = [resource.uri for resource in (await client.list_resources()).resources]
        with pytest.raises(MCPError):
            await client.read_resource("ui://orders/..%2f..%2fserver.html")
        extensions = client.server_capabilities.extensions

    assert isinstance(card, TextResourceContents)
    assert (card.mime_type, card.text.split("\n")[0]) == (APP_MIME_TYPE, "<!doctype html>")
    assert card.meta == {"ui": {"csp": {"connectDomains": [], "resourceDomains": []}, "prefersBorder": True}}
    assert [uri for uri in listed if uri.startswith("ui:")] == []
    assert extensions == {EXTENSION_ID: {}}


async def test_the_picture_of_a_product_is_small_and_only_for_those_who_may_see_products(
    settings: Settings, sessions: Sessions
) -> None:
    product, drawn = await add_product(sessions), BytesIO()
    Image.new("RGB", (900, 600), "teal").save(drawn, "PNG")
    async with writing(sessions) as session:
        picture = Picture("ab" * 32, "image/png", 900, 600, drawn.getvalue())
        await keep_product_picture(session, product.id, picture, b"")

    async with client_of(server_for(settings, sessions, caller("olivia"))) as client:
        [shown] = (await client.read_resource(f"picture://{product.id}")).contents
        with pytest.raises(MCPError, match="No picture of product none"):
            await client.read_resource("picture://none")
    async with client_of(server_for(settings, sessions, caller("olivia", scopes=["orders:read"]))) as client:
        with pytest.raises(MCPError, match="Unknown resource"):
            await client.read_resource(f"picture://{product.id}")

    assert isinstance(shown, BlobResourceContents)
    small = Image.open(BytesIO(base64.b64decode(shown.blob)))
    assert (shown.mime_type, small.format, small.size) == ("image/webp", "WEBP", (320, 213))
