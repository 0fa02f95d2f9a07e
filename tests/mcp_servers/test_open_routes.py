"""What the tool servers tell without a token: where a login is to be had, also of a server that is mounted."""

import httpx2
import pytest

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.serve import build_app
from storage.db import Sessions
from storage.settings import Settings
from storage.tokens import Caller
from tests.tools_process import token_of

BASE = "http://127.0.0.1:8100"
METADATA = "/.well-known/oauth-protected-resource"
EVERY = ["", *(f"/{name}" for name in server_names())]


def asking(settings: Settings, sessions: Sessions) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=build_app(server_names(), settings, sessions))
    return httpx2.AsyncClient(transport=transport, base_url=BASE)


@pytest.mark.parametrize("server", EVERY)
async def test_a_client_without_a_token_is_told_where_to_log_in_for_each_server(
    settings: Settings, sessions: Sessions, server: str
) -> None:
    async with asking(settings, sessions) as http:
        refused = await http.post(f"{server}/mcp", json={})
        found = await http.get(f"{METADATA}{server}/mcp")

    told = found.json()
    assert refused.status_code == 401
    assert f'resource_metadata="{BASE}{METADATA}{server}/mcp"' in refused.headers["www-authenticate"]
    assert (found.status_code, told["resource"]) == (200, f"{BASE}{server}/mcp")
    assert told["authorization_servers"] == ["http://127.0.0.1:3000"]
    known = {scope.partition(":")[0] for scope in told["scopes_supported"]}
    assert known == ({server.removeprefix("/")} if server else set(server_names()))


async def test_only_scopes_that_some_tool_asks_for_are_offered(settings: Settings, sessions: Sessions) -> None:
    read_only = settings.model_copy(update={"shopdesk_read_only": True})
    async with asking(settings, sessions) as http, asking(read_only, sessions) as reading:
        orders = (await http.get(f"{METADATA}/orders/mcp")).json()["scopes_supported"]
        policies = (await http.get(f"{METADATA}/policies/mcp")).json()["scopes_supported"]
        only = (await reading.get(f"{METADATA}/mcp")).json()["scopes_supported"]

    assert (orders, policies) == (["orders:read", "orders:write"], ["policies:read"])
    assert {scope.partition(":")[2] for scope in only} == {"read"}


@pytest.mark.parametrize("path", ["/servers", f"{METADATA}/mcp", f"{METADATA}/orders/mcp"])
async def test_a_name_of_another_site_that_points_here_is_refused(
    settings: Settings, sessions: Sessions, path: str
) -> None:
    public = settings.model_copy(update={"public_mcp_url": "https://tools.shop.example"})
    async with asking(public, sessions) as http:
        hosts = ["evil.example", "127.0.0.1.evil.example", "127.0.0.1:8100", "localhost", "tools.shop.example"]
        answers = [(await http.get(path, headers={"Host": host})).status_code for host in hosts]
        health = await http.get("/health", headers={"Host": "10.1.2.3:8100"})

    assert answers == [400, 400, 200, 200, 200]
    assert health.status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Host": "evil.example"}, 421), ({"Origin": "https://evil.example"}, 403), ({"Origin": "null"}, 403)],
)
async def test_a_call_by_another_site_is_refused_whatever_its_token(
    settings: Settings, sessions: Sessions, headers: dict[str, str], status: int
) -> None:
    token = token_of(settings, Caller("c_1", False, frozenset()))
    app = build_app(["orders"], settings, sessions)
    transport = httpx2.ASGITransport(app=app)
    bearer = {"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream"}
    async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=transport, base_url=BASE) as http:
        answer = await http.post("/orders/mcp", json={}, headers=bearer | headers)

    assert answer.status_code == status
