"""The tools as the team reaches them: as one customer, over one pool, again after a restart."""

import asyncio

import pytest

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.serve import build_app
from storage.db import Sessions
from storage.settings import Settings
from storage.tokens import Caller, mint
from team.pool import open_pool
from team.tools import servers as tool_servers
from team.tools.client import ServerUnreachableError
from team.tools.servers import ToolServers
from team.turn.visitor import SCOPES
from tests.factories import add_customer, add_order
from tests.team.serving import address, listening, serving


def minted(settings: Settings) -> tool_servers.Mint:
    return lambda caller, audience, expires_s: mint(settings.secret, caller, audience=audience, expires_s=expires_s)


def customer(customer_id: str, conversation: str = "c_1") -> Caller:
    return Caller(customer_id, False, frozenset(), conversation)


async def test_a_client_sees_every_tool_with_its_server_and_calls_as_its_customer(
    settings: Settings, sessions: Sessions
) -> None:
    order = await add_order(sessions, id="#W1042")
    listener = listening()
    settings = settings.model_copy(update={"public_mcp_url": address(listener)})
    async with serving((build_app(server_names(), settings, sessions), listener)), open_pool() as pool:
        servers = ToolServers(settings.public_mcp_url, pool, minted(settings))
        own = await servers.connect(customer(order.customer_id))
        other = await servers.connect(customer((await add_customer(sessions)).id, "c_2"))

        found = await own.client.call_tool("get_order", {"order_id": "#W1042"})
        hidden = await other.client.call_tool("get_order", {"order_id": "#W1042"})
        await servers.close()

    assert own.tools["cancel_order"].server == "orders"
    assert own.tools["cancel_order"].injected == ("caller",)
    assert "find_customer" not in own.tools
    assert (found.is_error, hidden.is_error) == (False, True)  # type: ignore[union-attr]  # neither asks


async def test_calls_that_come_while_a_client_is_being_opened_wait_for_it(
    settings: Settings, sessions: Sessions
) -> None:
    order = await add_order(sessions, id="#W1042")
    listener = listening()
    settings = settings.model_copy(update={"public_mcp_url": address(listener)})
    async with serving((build_app(server_names(), settings, sessions), listener)), open_pool() as pool:
        servers = ToolServers(settings.public_mcp_url, pool, minted(settings))
        connected = await asyncio.gather(*(servers.connect(customer(order.customer_id)) for _ in range(5)))
        found = await asyncio.gather(*(one.client.call_tool("list_orders", {}) for one in connected))
        await servers.close()

    assert [one.is_error for one in found] == [False] * 5  # type: ignore[union-attr]  # none asks


async def test_a_visitor_is_offered_and_may_call_only_what_anybody_may_until_they_are_a_customer(
    settings: Settings, sessions: Sessions
) -> None:
    order = await add_order(sessions, id="#W1042")
    listener = listening()
    settings = settings.model_copy(update={"public_mcp_url": address(listener)})
    async with serving((build_app(server_names(), settings, sessions), listener)), open_pool() as pool:
        servers = ToolServers(settings.public_mcp_url, pool, minted(settings))
        visiting = await servers.connect(Caller("visitor:v_1", False, SCOPES, "c_1"))
        refused = await visiting.client.call_tool("get_order", {"order_id": "#W1042"})
        bound = await servers.connect(customer(order.customer_id, "c_1"))
        found = await bound.client.call_tool("get_order", {"order_id": "#W1042"})
        await servers.close()

    assert {offered.server for offered in visiting.tools.values()} == {"products", "policies"}
    assert {"orders", "tickets", "vision"} < {offered.server for offered in bound.tools.values()}
    assert (refused.is_error, found.is_error) == (True, False)  # type: ignore[union-attr]  # neither asks


async def test_a_server_that_went_away_and_came_back_is_reached_again(settings: Settings, sessions: Sessions) -> None:
    order = await add_order(sessions, id="#W1042")
    first = listening()
    port = first.getsockname()[1]
    settings = settings.model_copy(update={"public_mcp_url": address(first)})
    async with open_pool() as pool:
        async with serving((build_app(server_names(), settings, sessions), first)):
            servers = ToolServers(settings.public_mcp_url, pool, minted(settings))
            connection = await servers.connect(customer(order.customer_id))
            await connection.client.call_tool("get_order", {"order_id": "#W1042"})
        with pytest.raises(ServerUnreachableError):
            await connection.client.call_tool("get_order", {"order_id": "#W1042"})
        async with serving((build_app(server_names(), settings, sessions), listening(port))):
            result = await connection.client.call_tool("get_order", {"order_id": "#W1042"})
        await servers.close()

    assert result.is_error is False  # type: ignore[union-attr]  # a read does not ask


async def test_the_client_used_longest_ago_is_closed_when_there_are_too_many(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool_servers, "CLIENTS", 2)
    before = len(asyncio.all_tasks())
    listener = listening()
    settings = settings.model_copy(update={"public_mcp_url": address(listener)})
    async with serving((build_app(server_names(), settings, sessions), listener)), open_pool() as pool:
        servers = ToolServers(settings.public_mcp_url, pool, minted(settings))
        owner = await add_customer(sessions)
        for number in range(5):
            connection = await servers.connect(customer(owner.id, f"c_{number}"))
            await connection.client.list_tools()
        kept = list(servers.clients)
        await servers.close()

    assert kept == ["c_3", "c_4"]
    assert len(asyncio.all_tasks()) == before
