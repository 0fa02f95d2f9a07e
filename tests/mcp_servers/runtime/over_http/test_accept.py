"""Clients that read JSON alone, or write `/mcp/`, over the wire: they are served as all others are."""

import itertools
from collections.abc import AsyncIterator

import httpx2
import pytest

from storage.db import Sessions
from storage.owners import Staff
from storage.settings import Settings
from storage.shop.orders import OrderStatus, get_order
from tests.clients import caller
from tests.factories import add_order
from tests.mcp_servers.raw_calls import META, PROTOCOL
from tests.tools_process import token_of, tools_process

JSON = "application/json"
BOTH = f"{JSON}, text/event-stream"
PATHS = ("/mcp", "/mcp/", "/orders/mcp", "/orders/mcp/")
NEW = {"MCP-Protocol-Version": PROTOCOL}
OLD = {"MCP-Protocol-Version": "2025-11-25"}
UNSAID: dict[str, str] = {}


@pytest.fixture
async def shop(settings: Settings, sessions: Sessions) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the tool servers, with the token of a customer who has an order."""
    order = await add_order(sessions, id="#W1042", status=OrderStatus.PENDING)
    async with tools_process(settings) as (running, _):
        token = {"Authorization": f"Bearer {token_of(running, caller(order.customer_id))}"}
        async with httpx2.AsyncClient(base_url=running.public_mcp_url, headers=token) as client:
            yield client


async def asked(
    shop: httpx2.AsyncClient, path: str, accept: str | None, version: dict[str, str], method: str, **params: object
) -> httpx2.Response:
    """Send one request; without `accept`, it does not say what it accepts."""
    more = {"_meta": META} if version == NEW else {}
    routed = {"Mcp-Method": method, **({"Mcp-Name": str(params["name"])} if "name" in params else {})}
    headers = version | (routed if version == NEW else {})
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params | more}
    request = shop.build_request("POST", path, json=message, headers=headers)
    del request.headers["accept"]
    if accept is not None:
        request.headers["accept"] = accept
    return await shop.send(request)


CALL = {"name": "get_order", "arguments": {"order_id": "#W1042"}}


async def test_a_call_is_answered_in_json_at_every_address_whatever_version_is_named(
    shop: httpx2.AsyncClient,
) -> None:
    for path, accept, version in itertools.product(PATHS, (JSON, f"{JSON};q=0.9", ",", "", None), (NEW, OLD, UNSAID)):
        answer = await asked(shop, path, accept, version, "tools/call", **CALL)

        assert (answer.status_code, answer.headers["content-type"]) == (200, JSON), (path, accept, version)
        assert answer.json()["result"]["structuredContent"]["order_id"] == "#W1042"


async def test_a_client_that_reads_json_alone_begins_as_older_clients_do_and_gets_no_session(
    shop: httpx2.AsyncClient,
) -> None:
    hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "plain", "version": "1"}}
    begun = await asked(shop, "/mcp/", JSON, UNSAID, "initialize", **hello)
    message = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    noted = await shop.post("/mcp/", json=message, headers={"Accept": JSON, **OLD})
    listed = await asked(shop, "/mcp/", JSON, OLD, "tools/list")

    assert (begun.status_code, begun.json()["result"]["protocolVersion"]) == (200, "2025-11-25")
    assert "mcp-session-id" not in begun.headers
    assert noted.status_code == 202
    assert "get_order" in {tool["name"] for tool in listed.json()["result"]["tools"]}


@pytest.mark.parametrize("version", [OLD, NEW], ids=["older", "stateless"])
async def test_a_change_is_not_made_for_who_cannot_be_asked(
    shop: httpx2.AsyncClient, sessions: Sessions, version: dict[str, str]
) -> None:
    wish = {"name": "cancel_order", "arguments": {"order_id": "#W1042", "reason": "no longer needed"}}
    answer = await asked(shop, "/orders/mcp/", JSON, version, "tools/call", **wish)

    assert answer.json()["result"]["structuredContent"]["status"] == "needs_confirmation"
    async with sessions() as session:
        assert (await get_order(session, "#W1042", Staff())).status is OrderStatus.PENDING


@pytest.mark.parametrize("path", ["/mcp", "/mcp/"])
async def test_who_reads_streams_has_a_session_as_before(shop: httpx2.AsyncClient, path: str) -> None:
    hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "usual", "version": "1"}}
    begun = await asked(shop, path, BOTH, UNSAID, "initialize", **hello)

    assert (begun.status_code, begun.headers["content-type"]) == (200, "text/event-stream")
    assert begun.headers["mcp-session-id"]


@pytest.mark.parametrize("accept", ["text/html", "text/event-stream"])
async def test_who_reads_no_json_is_refused(shop: httpx2.AsyncClient, accept: str) -> None:
    assert (await asked(shop, "/mcp", accept, NEW, "tools/list")).status_code == 406


@pytest.mark.parametrize("path", PATHS)
async def test_nobody_gets_in_without_a_token(shop: httpx2.AsyncClient, path: str) -> None:
    shop.headers.pop("Authorization")

    assert (await asked(shop, path, JSON, NEW, "tools/list")).status_code == 401
