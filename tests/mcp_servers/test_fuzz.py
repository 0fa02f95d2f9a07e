"""Every tool of every server, called for a minute over HTTP with whatever its schema allows and what it does not."""

import json
import re
import time
from random import Random
from typing import Any

import httpx2
import pytest

from mcp_servers.runtime.tools.size import RESULT_TOKENS, tokens
from storage.db import Sessions
from storage.settings import REPOSITORY, Settings
from storage.shop.orders import OrderStatus
from tests.clients import caller
from tests.factories import (
    ADDRESS,
    add_customer,
    add_image,
    add_order,
    add_product,
    add_ticket,
    credit_card,
    gift_card,
    line,
    variant,
)
from tests.mcp_servers.guesses import guess
from tests.mcp_servers.raw_calls import RawCaller, text_in
from tests.mcp_servers.vision.pictures import as_jpeg, parcel
from tests.tools_process import token_of, tools_process

SECONDS = 55
MARK = "Zanzibar-7f3c"
"""In every row of Mallory's, and in nothing that is sent."""
LEAK = re.compile(
    r"Traceback|site-packages|sqlalchemy|sqlite3?\b|pydantic|\b(?:FROM|INTO|UPDATE) \w+|\w+\.py\b|line \d+, in"
)
FAULT = "an error on our side"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    await add_product(sessions, id="2001", name="Lamp", variants=[variant("1001"), variant("1002", price=5_000)])
    content = as_jpeg(parcel())
    for name, orders, ticket, image in [
        ("olivia", ("#W1", "#W2"), "T1", "i_1"),
        ("mallory", ("#W5", "#W6"), "T5", "i_5"),
    ]:
        mark = MARK if name == "mallory" else "plain"
        home = {field: f"{mark} {value}" for field, value in ADDRESS.items()}
        methods = [credit_card(f"{name}_card", brand=mark), gift_card(f"{name}_gift", balance=90_000)]
        email = f"{name}@example.com"
        await add_customer(sessions, id=name, first_name=mark, email=email, address=home, payment_methods=methods)
        for order, status in zip(orders, (OrderStatus.PENDING, OrderStatus.DELIVERED), strict=True):
            lines = [line("1001", name=f"{mark} lamp")]
            await add_order(sessions, id=order, customer_id=name, status=status, lines=lines)
        await add_ticket(sessions, id=ticket, customer_id=name, subject=mark, body=mark)
        await add_image(sessions, content, id=image, customer_id=name)
    return sessions


def problems(settings: Settings, response: httpx2.Response, *, may_see_mallory: bool) -> list[str]:
    """What is wrong with an answer; nothing, for a good one."""
    if response.status_code >= 500:
        return [f"status {response.status_code}"]
    answer: dict[str, Any] = response.json()
    result = answer.get("result")
    text = text_in(result) if result is not None else json.dumps(answer["error"], ensure_ascii=False)
    whole = response.text
    found = [f"leaks {leak[0]!r}" for leak in [LEAK.search(text)] if leak]
    found += ["leaks a path" for path in (settings.shopdesk_home, REPOSITORY) if str(path) in whole]
    found += ["shows Mallory's row"] if MARK in whole and not may_see_mallory else []
    found += ["is a fault"] if FAULT in text else []
    found += [f"has {tokens(text)} tokens"] if tokens(text) > RESULT_TOKENS else []
    structured = (result or {}).get("structuredContent")
    found += ["is another as text"] if structured is not None and json.loads(text) != structured else []
    return found


async def test_no_call_crashes_leaks_or_outgrows_its_result(
    settings: Settings, shop: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLS_PER_MINUTE", "0")
    monkeypatch.setenv("MODEL1_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("MODEL2_BASE_URL", "http://127.0.0.1:9/v1")
    dice, calls, wrong = Random(7), 0, dict[str, str]()  # noqa: S311 - the same guesses each time
    called: set[str] = set()
    async with tools_process(settings) as (running, _), httpx2.AsyncClient(timeout=30) as http:
        url = f"{running.public_mcp_url}/mcp"
        staff, olivia = (
            RawCaller(http, url, token_of(running, caller(who), expires_s=600)) for who in (None, "olivia")
        )
        tools = await staff.tools()
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            tool, who = dice.choice(tools), olivia if dice.random() < 0.7 else staff
            arguments = guess(tool["inputSchema"], dice)
            try:
                response = await who.post("tools/call", {"name": tool["name"], "arguments": arguments})
            except httpx2.HTTPError as error:
                wrong.setdefault(f"{tool['name']} is not answered: {error!r}", f"{arguments!r:.300}")
                continue
            calls += 1
            called.add(tool["name"])
            for problem in problems(settings, response, may_see_mallory=who is staff):
                wrong.setdefault(f"{tool['name']} {problem}", f"{arguments!r:.300} -> {response.text:.300}")
        print(f"{calls} calls of {len(called)} tools, {len(wrong)} kinds of fault")  # noqa: T201 - shown with -s
        assert wrong == {}
        health = await http.get(f"{running.public_mcp_url}/health")

    assert (health.status_code, called) == (200, {tool["name"] for tool in tools})
