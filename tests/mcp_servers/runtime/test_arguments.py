"""No text that a database cannot keep, or that would break a line, gets past the arguments of any tool."""

import pytest
from mcp import Client

from storage.db import Sessions
from storage.settings import Settings
from tests.clients import caller, client_of, server_for, text_of


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ud800"])
async def test_no_tool_takes_control_characters_or_broken_ones(
    settings: Settings, sessions: Sessions, character: str
) -> None:
    async with client_of(server_for(settings, sessions, caller(None))) as client:
        said = {(tool, name): await _spoilt(client, tool, name, character) for tool, name in await _texts(client)}

    assert len(said) > 40
    assert {(tool, name): text for (tool, name), text in said.items() if f"{name} must " not in text} == {}


async def _texts(client: Client) -> list[tuple[str, str]]:
    tools = (await client.list_tools()).tools
    return [
        (tool.name, name)
        for tool in tools
        for name, schema in tool.input_schema["properties"].items()
        if schema.get("type") == "string" and name != "confirm_token"
    ]


async def _spoilt(client: Client, tool: str, name: str, character: str) -> str:
    [schema] = [each.input_schema for each in (await client.list_tools()).tools if each.name == tool]
    good = dict.fromkeys(schema.get("required", []), "x")
    return text_of(await client.call_tool(tool, good | {name: f"x{character}x"}))
