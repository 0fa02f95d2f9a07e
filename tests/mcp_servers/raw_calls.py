"""Requests to the tool servers as they go over the wire: one POST each, without a client in between."""

from dataclasses import dataclass
from typing import Any

import httpx2
from mcp.types import CLIENT_CAPABILITIES_META_KEY, CLIENT_INFO_META_KEY, PROTOCOL_VERSION_META_KEY

PROTOCOL = "2026-07-28"
META = {
    PROTOCOL_VERSION_META_KEY: PROTOCOL,
    CLIENT_INFO_META_KEY: {"name": "raw", "version": "1"},
    CLIENT_CAPABILITIES_META_KEY: {},
}


@dataclass(frozen=True)
class RawCaller:
    """Whoever holds this token, at one server's address; without a token, anybody."""

    http: httpx2.AsyncClient
    url: str
    token: str | None

    async def post(self, method: str, params: dict[str, Any]) -> httpx2.Response:
        """Send one request."""
        headers = {
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": PROTOCOL,
            "Mcp-Method": method,
        }
        if "name" in params:
            headers["Mcp-Name"] = params["name"]
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        request = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": method,
            "params": params | {"_meta": META | params.get("_meta", {})},
        }
        return await self.http.post(self.url, json=request, headers=headers)

    async def tools(self) -> list[dict[str, Any]]:
        """The tools this caller is shown."""
        answer = (await self.post("tools/list", {})).json()
        tools: list[dict[str, Any]] = answer["result"]["tools"]
        return tools

    async def call(self, tool: str, arguments: dict[str, Any], meta: dict[str, str] | None = None) -> dict[str, Any]:
        """The result of a call, failed or not."""
        answer = (await self.post("tools/call", {"name": tool, "arguments": arguments, "_meta": meta or {}})).json()
        result: dict[str, Any] = answer["result"]
        return result


def text_in(result: dict[str, Any]) -> str:
    """The one text block of a result."""
    [block] = result["content"]
    text: str = block["text"]
    return text
