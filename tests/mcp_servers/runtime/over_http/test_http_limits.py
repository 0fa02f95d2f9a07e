"""What the tool servers are held to over HTTP: bodies, counts and health, as other programs see them."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from mcp_servers.runtime.serving.body import LARGEST_BODY
from storage.db import Sessions
from storage.settings import Settings
from tests.clients import caller
from tests.factories import add_customer, add_order
from tests.mcp_servers.raw_calls import RawCaller, text_in
from tests.tools_process import token_of, tools_process

TOLD = "The request is too large: at most 1024 KiB.\n"


async def pieces(size: int) -> AsyncIterator[bytes]:
    for _ in range(0, size, 64 * 1024):
        yield b" " * 64 * 1024


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_is_too_large_is_refused_in_one_line_and_counted(
    settings: Settings, sessions: Sessions, chunked: bool
) -> None:
    async with tools_process(settings) as (running, _), httpx2.AsyncClient() as http:
        base = running.public_mcp_url
        token = {"Authorization": f"Bearer {token_of(running, caller('olivia'))}"}
        body = pieces(2 * LARGEST_BODY) if chunked else b" " * (LARGEST_BODY + 1)
        refused = await http.post(f"{base}/orders/mcp", content=body, headers=token)
        metrics = (await http.get(f"{base}/metrics")).text

    assert (refused.status_code, refused.text) == (413, TOLD)
    assert 'shopdesk_limited_total{limit="body",server="orders"} 1.0' in metrics


async def test_the_counts_name_tools_and_never_what_a_caller_sent(settings: Settings, sessions: Sessions) -> None:
    await add_customer(sessions, id="olivia")
    await add_order(sessions, id="#W1042", customer_id="olivia")
    async with tools_process(settings) as (running, _), httpx2.AsyncClient() as http:
        base = running.public_mcp_url
        olivia = RawCaller(http, f"{base}/mcp", token_of(running, caller("olivia")))
        await olivia.call("get_order", {"order_id": "#W1042"})
        await olivia.call("get_order", {"order_id": "#W9"})
        await olivia.call("drop_all_tables", {})
        metrics = await http.get(f"{base}/metrics")

    assert metrics.headers["content-type"].startswith("text/plain; version=")
    lines = metrics.text.splitlines()
    assert 'shopdesk_calls_total{outcome="ok",server="orders",tool="get_order"} 1.0' in lines
    assert 'shopdesk_calls_total{outcome="refused",server="orders",tool="get_order"} 1.0' in lines
    assert 'shopdesk_calls_total{outcome="refused",server="shopdesk",tool="unknown"} 1.0' in lines
    assert 'shopdesk_work_seconds_count{server="orders",tool="get_order"} 2.0' in lines
    assert 'shopdesk_in_flight{server="orders"} 0.0' in lines
    assert not any(word in metrics.text for word in ("olivia", "W1042", "drop_all_tables"))


async def test_one_callers_rate_holds_over_all_connections_and_servers(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLS_PER_MINUTE", "2")
    await add_customer(sessions, id="olivia")
    await add_customer(sessions, id="mina")
    results = []
    async with tools_process(settings) as (running, _):
        for who, server in [("olivia", "/orders"), ("olivia", ""), ("olivia", "/orders"), ("mina", "/orders")]:
            async with httpx2.AsyncClient() as http:
                url = f"{running.public_mcp_url}{server}/mcp"
                results.append(await RawCaller(http, url, token_of(running, caller(who))).call("get_customer", {}))

    assert [bool(result.get("isError")) for result in results] == [False, False, True, False]
    assert text_in(results[2]).startswith("Too many calls: at most 2 a minute.")


async def test_health_tells_whether_the_database_answers(settings: Settings, sessions: Sessions) -> None:
    async with tools_process(settings) as (running, _), httpx2.AsyncClient() as http:
        url = f"{running.public_mcp_url}/health"
        well = await http.get(url)
        (settings.shopdesk_home / "shop.db").write_bytes(b"no database at all " * 1000)
        for aside in ("shop.db-wal", "shop.db-shm"):
            (settings.shopdesk_home / aside).unlink(missing_ok=True)
        ill = await http.get(url)

    assert (well.status_code, well.json()) == (200, {"ok": True, "database": "answers"})
    assert (ill.status_code, ill.json()) == (503, {"ok": False, "database": "does not answer"})
