"""The tool servers over HTTP, in a process of their own: who gets in, and where each server is."""

import httpx2
import pytest

from mcp_servers.registry import server_names
from storage.db import Sessions
from storage.settings import Settings
from tests.clients import caller, text_of
from tests.factories import add_customer, add_order
from tests.tools_process import client_at, token_of, tools_process

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
ACCEPT = {"Accept": "application/json, text/event-stream"}


async def test_each_server_answers_at_its_own_address_and_all_together(settings: Settings, sessions: Sessions) -> None:
    await add_customer(sessions, id="olivia")
    await add_order(sessions, id="#W1042", customer_id="olivia")
    async with tools_process(settings) as (running, _), httpx2.AsyncClient() as http:
        base, token = running.public_mcp_url, token_of(running, caller("olivia"))
        listed = (await http.get(f"{base}/servers")).json()
        async with client_at(f"{base}/orders/mcp", token) as client:
            orders_alone = {tool.name for tool in (await client.list_tools()).tools}
        async with client_at(f"{base}/mcp", token) as client:
            together = {tool.name for tool in (await client.list_tools()).tools}
            order = await client.call_tool("get_order", {"order_id": "W1042"})

    assert listed == {"servers": server_names()}
    assert {"get_order", "cancel_order"} <= orders_alone
    assert not {"search_products", "create_ticket"} & orders_alone
    assert orders_alone | {"search_products", "create_ticket"} <= together
    assert order.structured_content is not None, text_of(order)
    assert order.structured_content["order_id"] == "#W1042"


async def test_a_request_without_a_good_token_is_turned_away(settings: Settings, sessions: Sessions) -> None:
    await add_customer(sessions, id="olivia")
    olivia = caller("olivia")
    async with tools_process(settings) as (running, _), httpx2.AsyncClient() as http:
        url = f"{running.public_mcp_url}/orders/mcp"
        elsewhere = running.model_copy(update={"public_mcp_url": "http://elsewhere.example"})
        tokens = {
            "none": None,
            "expired": token_of(running, olivia, expires_s=-60),
            "for another server": token_of(running, olivia, servers=["products"]),
            "for another shop": token_of(elsewhere, olivia),
            "signed by another": token_of(running, olivia, secret="x" * 40),
            "not a token": "abc",
        }
        statuses = {}
        for name, token in tokens.items():
            bearer = {} if token is None else {"Authorization": f"Bearer {token}"}
            statuses[name] = (await http.post(url, json=INITIALIZE, headers=ACCEPT | bearer)).status_code
        bearer = {"Authorization": f"Bearer {token_of(running, olivia)}"}
        accepted = (await http.post(url, json=INITIALIZE, headers=ACCEPT | bearer)).status_code

    assert set(statuses.values()) == {401}, statuses
    assert accepted == 200


@pytest.mark.parametrize("server", ["orders", "products"])
async def test_where_to_log_in_is_told_at_the_root_of_the_host(
    settings: Settings, sessions: Sessions, server: str
) -> None:
    async with tools_process(settings, "orders", "products") as (running, _), httpx2.AsyncClient() as http:
        base = running.public_mcp_url
        refused = await http.post(f"{base}/{server}/mcp", json=INITIALIZE, headers=ACCEPT)
        metadata = await http.get(f"{base}/.well-known/oauth-protected-resource/{server}/mcp")

    assert f"/.well-known/oauth-protected-resource/{server}/mcp" in refused.headers["www-authenticate"]
    assert metadata.json()["resource"] == f"{base}/{server}/mcp"
    assert metadata.json()["authorization_servers"] == [settings.public_ui_url]


async def test_a_foreign_host_header_is_turned_away(settings: Settings, sessions: Sessions) -> None:
    async with tools_process(settings, "orders") as (running, _), httpx2.AsyncClient() as http:
        bearer = {"Authorization": f"Bearer {token_of(running, caller('olivia'))}", "Host": "evil.example"}
        answered = await http.post(f"{running.public_mcp_url}/orders/mcp", json=INITIALIZE, headers=ACCEPT | bearer)

    assert answered.status_code == 421
