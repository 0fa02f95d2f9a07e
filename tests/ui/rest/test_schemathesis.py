"""The document against the shop that serves it: requests made from the schemas, good ones and bad ones."""

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import pytest

from knowledge.taking_in.ingest import ingest_handbook
from storage.db import writing
from storage.people.api_keys import make_key
from storage.shop.orders import OrderStatus
from tests.factories import add_order, add_shop, add_ticket, line
from tests.ui.rest.served_shop import ServedShop

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
EXAMPLES = 6
"""Of each operation; there are about seventy."""


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("staff", [False, True], ids=["customer", "staff"])
async def test_no_request_fails_and_every_answer_is_as_described(
    shop: ServedShop, tmp_path: Path, *, staff: bool
) -> None:
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
    for path in ("/ready", "/health"):
        # Their 503 is an answer like another: test_ready.py.
        options += ["--exclude-path", path]
    command = ["-m", "schemathesis.cli", "run", url, *options, "-H", f"Authorization: Bearer {key}"]

    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=PIPE, stderr=STDOUT, cwd=tmp_path)
    told = (await process.communicate())[0].decode()

    assert process.returncode == 0, told[-20_000:]
    assert "Test Summary" in told or "SUMMARY" in told
