"""The document against the shop that serves it: requests made from the schemas, good ones and bad ones.

A file each for the customer and for staff, since a file's tests share one process, and each of these takes minutes.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

from knowledge.taking_in.ingest import ingest_handbook
from storage.db import writing
from storage.people.api_keys import make_key
from storage.shop.orders import OrderStatus
from tests.factories import add_order, add_shop, add_ticket, line
from tests.ui.rest.served_shop import ServedShop

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
EXAMPLES = 6
"""Of each operation; there are about eighty."""

WAIT_S = 90
"""For an answer; whoever begins a task may wait a minute for its end."""


async def check_every_answer(shop: ServedShop, folder: Path, *, staff: bool) -> None:
    """Assert that no request fails and every answer is as described."""
    owner = shop.customer.customer_id
    await add_shop(shop.sessions)
    await add_order(shop.sessions, id="#W1042", customer_id=owner)
    await add_order(shop.sessions, id="#W1043", customer_id=owner, status=OrderStatus.DELIVERED, lines=[line("1001")])
    await add_ticket(shop.sessions, id="T00009001", customer_id=owner)
    await ingest_handbook(shop.settings, shop.sessions)
    async with writing(shop.sessions) as session:
        _, key = await make_key(session, None if staff else owner)
    url = f"{shop.settings.public_ui_url}/openapi.json"
    options = ["--checks", CHECKS, "--max-examples", str(EXAMPLES), "--seed", "1", "--no-color"]
    options += ["--request-timeout", str(WAIT_S)]
    for path in ("/ready", "/health", "/api/conversations/{conversation_id}/events"):
        # The 503 of the first two is an answer like another: test_ready.py. The last one goes on as long as it is read.
        options += ["--exclude-path", path]
    command = ["-m", "schemathesis.cli", "run", url, *options, "-H", f"Authorization: Bearer {key}"]

    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=PIPE, stderr=STDOUT, cwd=folder)
    told = (await process.communicate())[0].decode()

    assert process.returncode == 0, told[-20_000:]
    assert "Test Summary" in told or "SUMMARY" in told
