"""The tool servers over stdio, as an MCP client on the same machine starts them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import INVALID_REQUEST

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.stdio_lines import LARGEST_LINE, TOLD
from storage.db import Sessions
from storage.settings import Settings
from storage.tokens import audience_of, mint
from tests.clients import caller, text_of
from tests.factories import add_customer, add_order

SHOPDESK = str(Path(sys.executable).with_name("shopdesk"))


def started(*servers: str, **environment: str) -> StdioServerParameters:
    return StdioServerParameters(command=SHOPDESK, args=["mcp", *servers], env=dict(os.environ) | environment)


async def test_shopdesk_mcp_offers_the_tools_of_every_server(settings: Settings, sessions: Sessions) -> None:
    async with Client(stdio_client(started())) as client:
        tools = (await client.list_tools()).tools

    assert {str((tool.meta or {})["shopdesk/server"]) for tool in tools} == set(server_names())


async def test_one_server_alone_offers_its_own_tools(settings: Settings, sessions: Sessions) -> None:
    async with Client(stdio_client(started("orders"))) as client:
        tools = (await client.list_tools()).tools

    assert {str((tool.meta or {})["shopdesk/server"]) for tool in tools} == {"orders"}


async def test_the_caller_is_the_holder_of_the_token_in_the_environment(settings: Settings, sessions: Sessions) -> None:
    await add_customer(sessions, id="olivia")
    await add_customer(sessions, id="mina")
    await add_order(sessions, id="#W1", customer_id="olivia")
    audience = audience_of(settings.public_mcp_url, server_names())
    token = mint(settings.secret, caller("mina"), audience=audience, expires_s=60)

    async with Client(stdio_client(started("orders", SHOPDESK_TOKEN=token))) as client:
        foreign = await client.call_tool("get_order", {"order_id": "#W1"})
    async with Client(stdio_client(started("orders"))) as client:
        as_owner = await client.call_tool("get_order", {"order_id": "#W1"})

    assert text_of(foreign).startswith("No order #W1 was found.")
    assert not as_owner.is_error


def test_what_cannot_start_says_so_in_one_line(settings: Settings) -> None:
    for arguments, environment, said in [
        (["mcp", "toys"], {}, "There is no tool server toys."),
        (["mcp", "orders"], {}, "There is no shop at"),
        (["mcp"], {"MCP_PORT": "many"}, "The setting MCP_PORT is not valid"),
    ]:
        ended = subprocess.run(
            [SHOPDESK, *arguments],
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

        assert ended.returncode == 2
        assert said in ended.stderr
        assert len(ended.stderr.splitlines()) == 1


def test_a_line_that_is_too_long_is_answered_with_one_error_and_the_next_is_served(
    settings: Settings, sessions: Sessions
) -> None:
    def request(id: int | str, text: str = "") -> bytes:
        params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": text, "version": "1"}}
        return json.dumps({"jsonrpc": "2.0", "id": id, "method": "initialize", "params": params}).encode() + b"\n"

    long = "x" * LARGEST_LINE
    sent = request("first", long) + b"9" * (3 * LARGEST_LINE) + b"\n" + request(2)
    ended = subprocess.run([SHOPDESK, "mcp", "orders"], input=sent, capture_output=True, timeout=50, check=True)

    named, unnamed, served = [json.loads(line) for line in ended.stdout.splitlines()]
    assert (named["id"], unnamed["id"], served["id"]) == ("first", None, 2)
    assert named["error"] == unnamed["error"] == {"code": INVALID_REQUEST, "message": TOLD}
    assert served["result"]["serverInfo"]["name"] == "orders"


@pytest.mark.parametrize("program", ["mcp_servers", "mcp_servers.orders"])
def test_a_server_run_as_a_module_says_what_is_missing_in_one_line(tmp_path: Path, program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", program],
        env=dict(os.environ) | {"SHOPDESK_HOME": str(tmp_path), "DATABASE_URL": ""},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("shopdesk: There is no shop at ")
    assert done.stderr.count("\n") == 1
