"""A program of somebody else's: reads an order and cancels it with an older MCP client, then prints what it saw.

It runs in an environment of its own, as `python older_client.py CLIENT ADDRESS`, with the bearer token in TOKEN.
"""

# mypy: ignore-errors
# The environment it runs in has mcp 1 and the stock AutoGen workbench, which ours cannot have.

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

READ = {"order_id": "#W1042"}
CANCEL = READ | {"reason": "no longer needed"}


async def by_asking(address: str) -> dict[str, Any]:
    """Cancel with a plain client that shows the server's question and says yes."""
    from mcp import ClientSession, types

    asked = []

    async def customer(_context: object, params: types.ElicitRequestParams) -> types.ElicitResult:
        asked.append(params.message)
        return types.ElicitResult(action="accept", content={"confirm": True})

    async with streams(address) as (read, write), ClientSession(read, write, elicitation_callback=customer) as client:
        started = await client.initialize()
        tools = (await client.list_tools()).tools
        order = await client.call_tool("get_order", READ)
        cancelled = await client.call_tool("cancel_order", CANCEL)
    return {
        "protocol": str(started.protocolVersion),
        "tools": {tool.name: sorted(tool.inputSchema["properties"]) for tool in tools},
        "order": order.structuredContent,
        "asked": asked,
        "cancelled": cancelled.structuredContent,
    }


async def by_token(address: str) -> dict[str, Any]:
    """Cancel with the stock AutoGen workbench, which cannot ask: the second call brings what the first one gave."""
    from autogen_ext.tools.mcp import McpWorkbench

    async with McpWorkbench(workbench_at(address)) as workbench:
        tools = await workbench.list_tools()
        order = await workbench.call_tool("get_order", READ)
        proposed = json.loads((await workbench.call_tool("cancel_order", CANCEL)).to_text())
        # Over HTTP there is a link and no token; a client may try to bring it all the same.
        token = {"confirm_token": proposed.get("confirm_token") or proposed["confirm_url"]}
        cancelled = await workbench.call_tool("cancel_order", CANCEL | token)
        again = await workbench.call_tool("cancel_order", CANCEL | token)
    return {
        "tools": {tool["name"]: sorted(tool["parameters"]["properties"]) for tool in tools},
        "order": json.loads(order.to_text()),
        "asked": [proposed["summary"]],
        "cancelled": json.loads(cancelled.to_text()),
        "again": json.loads(again.to_text()),
    }


def bearer() -> dict[str, str]:
    """The header that says who is calling."""
    return {"Authorization": f"Bearer {os.environ['TOKEN']}"}


@asynccontextmanager
async def streams(address: str) -> AsyncIterator[tuple[Any, Any]]:
    """Connect over HTTP, or to a command over stdio."""
    from mcp import StdioServerParameters
    from mcp.client.stdio import stdio_client
    from mcp.client.streamable_http import streamablehttp_client

    if address.startswith("http"):
        async with streamablehttp_client(address, headers=bearer()) as (read, write, _):
            yield read, write
    else:
        command = StdioServerParameters(command=address, args=["mcp"], env=dict(os.environ))
        async with stdio_client(command) as (read, write):
            yield read, write


def workbench_at(address: str) -> object:
    """The workbench's own word for where a server is."""
    from autogen_ext.tools.mcp import StdioServerParams, StreamableHttpServerParams

    if address.startswith("http"):
        return StreamableHttpServerParams(url=address, headers=bearer())
    return StdioServerParams(command=address, args=["mcp"], env=dict(os.environ), read_timeout_seconds=30)


if __name__ == "__main__":
    clients = {"plain": by_asking, "workbench": by_token}
    json.dump(asyncio.run(clients[sys.argv[1]](sys.argv[2])), sys.stdout)
