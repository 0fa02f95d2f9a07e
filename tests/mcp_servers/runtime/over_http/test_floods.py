"""One caller's broken, slow and many requests, and what is left of the tool servers for everybody else."""

import asyncio
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx2
import pytest

from storage.db import Sessions
from storage.settings import Settings
from tests.clients import caller
from tests.factories import add_customer, add_order
from tests.mcp_servers.raw_calls import PROTOCOL, RawCaller
from tests.raw_http import break_off, drip, head_of
from tests.tools_process import token_of, tools_process

MCP = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
INITIALIZE: dict[str, Any] = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "raw", "version": "1"},
}


def said(method: str, params: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


def bearer(settings: Settings, who: str) -> dict[str, str]:
    return {**MCP, "Authorization": f"Bearer {token_of(settings, caller(who))}"}


async def test_a_hundred_bodies_that_break_off_hold_nobody_up_and_fill_no_log(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MCP_SESSIONS", "0")
    await add_customer(sessions, id="mina")
    await add_order(sessions, id="#W1042", customer_id="mina")
    written = tmp_path / "tools.log"
    async with tools_process(settings, log=written) as (running, _), httpx2.AsyncClient(timeout=30) as http:
        url = running.public_mcp_url
        mina = RawCaller(http, f"{url}/mcp", token_of(running, caller("mina")))
        await mina.call("get_order", {"order_id": "#W1042"})
        broken = [asyncio.create_task(break_off(url, "/mcp", bearer(running, "olivia"))) for _ in range(100)]
        slowest = 0.0
        for _ in range(50):
            started = time.monotonic()
            order = await mina.call("get_order", {"order_id": "#W1042"})
            slowest = max(slowest, time.monotonic() - started)
        await asyncio.gather(*broken)
        metrics = (await http.get(f"{url}/metrics")).text

    log = written.read_bytes()
    assert not order.get("isError")
    assert slowest < 1
    assert 'shopdesk_limited_total{limit="broken_body",server="shopdesk"} 100.0' in metrics
    assert len(log) < 100 * 300
    assert b"Traceback" not in log


async def test_two_hundred_slow_bodies_end_in_time_and_few_of_them_are_waited_for(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUEST_WAIT_S", "2")
    async with tools_process(settings) as (running, _), httpx2.AsyncClient() as http:
        url = running.public_mcp_url
        headers = bearer(running, "olivia") | {"MCP-Protocol-Version": PROTOCOL}
        slow = head_of("POST", "/mcp", headers, 1_000) + b"{"
        ended = await asyncio.gather(*(drip(url, slow) for _ in range(200)))
        metrics = (await http.get(f"{url}/metrics")).text

    told = Counter(one.status for one in ended)
    # Who is still sending when the refusal comes may see the connection closed before reading it.
    assert (told[408], told[429] + told[0]) == (20, 180)
    assert told[0] <= 10
    assert max(one.after_s for one in ended) < 6
    answered = [one.told for one in ended if one.status]
    assert [text for text in answered if "Try again in 5 seconds." not in text] == []
    assert all("retry-after: 5" in text.lower() for text in answered)
    assert 'shopdesk_limited_total{limit="slow_body",server="shopdesk"} 20.0' in metrics
    assert 'shopdesk_limited_total{limit="slow_bodies",server="shopdesk"} 180.0' in metrics


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", 0),
        (b"POST /mcp HTTP/1.1\r\nHost: local", 408),
        (b"POST /mcp HTTP/1.1\r\nContent-Length: 9000\r\nHost: x\r\n\r\n", 401),
    ],
)
async def test_a_connection_whose_request_does_not_arrive_is_ended_also_when_it_was_answered(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, sent: bytes, status: int
) -> None:
    monkeypatch.setenv("REQUEST_WAIT_S", "1")
    async with tools_process(settings) as (running, _), httpx2.AsyncClient() as http:
        ended = await drip(running.public_mcp_url, sent)
        metrics = (await http.get(f"{running.public_mcp_url}/metrics")).text

    assert (ended.status, ended.after_s < 4) == (status, True)
    counted = 'shopdesk_limited_total{limit="slow_head",server="shopdesk"} 1.0' in metrics
    assert counted == (status != 401)


async def test_a_caller_who_opens_session_after_session_has_the_newest_ones(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MCP_SESSIONS", "3")
    async with tools_process(settings) as (running, _), httpx2.AsyncClient() as http:
        url, headers = f"{running.public_mcp_url}/orders/mcp", bearer(running, "olivia")
        opened = [await http.post(url, json=said("initialize", INITIALIZE), headers=headers) for _ in range(5)]
        statuses = []
        for one in opened:
            going_on = headers | {"Mcp-Session-Id": one.headers["mcp-session-id"]}
            answer = await http.post(url, json=said("ping", {}), headers=going_on)
            statuses.append(answer.status_code)

    assert [one.status_code for one in opened] == [200] * 5
    assert statuses == [404, 404, 200, 200, 200]


async def test_where_every_session_of_a_caller_is_in_use_another_one_is_refused_until_one_ends(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MCP_SESSIONS", "1")
    async with tools_process(settings) as (running, _), httpx2.AsyncClient() as http:
        url, headers = f"{running.public_mcp_url}/mcp", bearer(running, "olivia")
        opening = said("initialize", INITIALIZE)
        first = await http.post(url, json=opening, headers=headers)
        going_on = headers | {"Mcp-Session-Id": first.headers["mcp-session-id"]}
        await http.post(url, json={"jsonrpc": "2.0", "method": "notifications/initialized"}, headers=going_on)
        async with http.stream("GET", url, headers=going_on):
            refused = await http.post(url, json=opening, headers=headers)
            other = await http.post(url, json=opening, headers=bearer(running, "mina"))
            await http.delete(url, headers=going_on)
        after = await http.post(url, json=opening, headers=headers)
        metrics = (await http.get(f"{running.public_mcp_url}/metrics")).text

    told = "Too many sessions: at most 1 at once, and all are in use. End one, or try again in 30 seconds.\n"
    assert (refused.status_code, refused.text, refused.headers["retry-after"]) == (429, told, "30")
    assert (other.status_code, after.status_code) == (200, 200)
    assert 'shopdesk_limited_total{limit="sessions",server="shopdesk"} 1.0' in metrics


async def test_a_session_that_nobody_uses_ends(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MCP_SESSION_IDLE_S", "0.3")
    async with tools_process(settings) as (running, _), httpx2.AsyncClient() as http:
        url, headers = f"{running.public_mcp_url}/mcp", bearer(running, "olivia")
        opened = await http.post(url, json=said("initialize", INITIALIZE), headers=headers)
        going_on = headers | {"Mcp-Session-Id": opened.headers["mcp-session-id"]}
        await asyncio.sleep(0.6)
        late = await http.post(url, json=said("ping", {}), headers=going_on)

    assert (opened.status_code, late.status_code) == (200, 404)
