"""A program connects with its user's login: the SDK's own client, against the page and the mounted tools."""

import httpx2
import pytest
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult

from storage.db import Sessions
from storage.settings import Settings
from tests.factories import add_account, add_customer, add_order
from tests.ui.oauth.oauth_shop import Kept, Person, open_shop, program
from ui.oauth.tokens import ACCESS_S


@pytest.mark.parametrize("server", ["/orders", ""])
async def test_a_program_discovers_registers_logs_in_calls_refreshes_and_is_revoked(
    settings: Settings, sessions: Sessions, server: str
) -> None:
    customer = await add_customer(sessions)
    order = await add_order(sessions, customer_id=customer.id)
    others = await add_order(sessions)
    account = await add_account(sessions, email=customer.email, customer_id=customer.id)

    async with open_shop(settings, sessions) as shop:
        url, kept, person = f"{shop.public_mcp_url}{server}/mcp", Kept(), Person(shop, account)
        auth = program(url, kept, person)
        mine, theirs = await ask_for_orders(url, auth, order.id, others.id)
        first, auth.context.token_expiry_time = kept.tokens, 1
        await ask_for_orders(url, auth, order.id)
        refreshed, auth.context.token_expiry_time = kept.tokens, 1
        asked_before, revoked = len(person.asked), await revoke(shop, kept)
        await ask_for_orders(url, auth, order.id)

    assert mine.structured_content is not None
    assert mine.structured_content["customer_id"] == customer.id
    assert theirs.is_error
    assert person.asked[0]["client"] == "A test program"
    assert "orders:write" in person.asked[0]["scopes"]
    assert first is not None
    assert first.expires_in == ACCESS_S
    assert refreshed is not None
    assert {first.access_token, first.refresh_token}.isdisjoint({refreshed.access_token, refreshed.refresh_token})
    assert (asked_before, revoked.status_code, len(person.asked)) == (1, 200, 2)


async def ask_for_orders(url: str, auth: OAuthClientProvider, *order_ids: str) -> list[CallToolResult]:
    """Connect, and read these orders."""
    async with (
        httpx2.AsyncClient(auth=auth, timeout=30) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        return [await client.call_tool("get_order", {"order_id": order_id}) for order_id in order_ids]


async def revoke(shop: Settings, kept: Kept) -> httpx2.Response:
    """Revoke as a program does that its user disconnects."""
    assert kept.tokens is not None
    assert kept.client is not None
    told = {"token": kept.tokens.refresh_token, "client_id": kept.client.client_id}
    async with httpx2.AsyncClient() as http:
        return await http.post(f"{shop.public_ui_url}/revoke", data=told)
