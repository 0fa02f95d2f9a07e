"""What a specialist's model is sent fits a model of 4 to 8 billion parameters: few tools, short schemas, few tokens."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from mcp.types import Tool

from storage.chats.earlier import Earlier
from storage.db import Sessions
from storage.settings import Settings
from storage.tokens import Caller
from team.crew.context import tokens_in, tokens_of_tools
from team.crew.crew import Crew
from team.roster import load_roster
from team.tools.as_sent import STAFF_ONLY, as_sent
from team.tools.servers import Tools
from team.turn.handoff import HAND_OVER
from team.turn.notes import Notes
from team.turn.request import Request
from team.turn.turn import Turn
from tests.factories import add_conversation, add_order
from tests.team.faulty import Pair
from tests.team.shopfloor import Shopfloor, open_shopfloor

MOST_TOOLS = 8
"""Beside `hand_over`."""

MOST_TOKENS = {"PolicyGuide": 800}
ELSE_MOST = 2_000
ONLY_VALIDATES = {
    *("maxLength", "minLength", "pattern", "format", "examples", "default", "title"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems", "uniqueItems"),
}


def keywords(schema: object) -> Iterator[str]:
    """Every keyword of a schema, however deep; the names of arguments are none."""
    if isinstance(schema, list):
        for one in schema:
            yield from keywords(one)
    if isinstance(schema, dict):
        for name, inside in schema.items():
            yield name
            yield from keywords(list(inside.values()) if name == "properties" else inside)


async def tools_of(floor: Shopfloor, name: str, *, staff: bool = False) -> tuple[str, list[Any]]:
    """A specialist's system prompt, and the tools their model is sent for a customer or for staff."""
    caller = Caller("olivia", staff, frozenset(), "c_1", "en")
    turn = Turn(Request("c_1", "h", caller, "en", "Hello"), floor.desk.steps, 30)
    answering = floor.desk.answering
    tools = Tools(answering.servers)
    await tools.connect(caller)
    crew = Crew(load_roster(), answering.models, tools, turn, Notes(), Earlier())
    return crew.voices[name].prompt, list(await crew.workbench(name).list_tools())


@pytest.mark.parametrize("name", load_roster())
async def test_a_specialists_prompt_is_short(floor: Shopfloor, name: str) -> None:
    prompt, tools = await tools_of(floor, name)

    tokens = tokens_in(prompt) + tokens_of_tools(tools)
    print(f"{name}: {tokens} tokens, {len(tools) - 1} tools and {HAND_OVER}")  # noqa: T201 - the figures of this run
    assert tokens < MOST_TOKENS.get(name, ELSE_MOST)
    assert len(tools) <= MOST_TOOLS + 1


@pytest.mark.parametrize("name", load_roster())
async def test_no_schema_has_what_only_the_server_checks(floor: Shopfloor, name: str) -> None:
    _, tools = await tools_of(floor, name)

    assert not ONLY_VALIDATES & {word for tool in tools for word in keywords(tool["parameters"])}
    assert STAFF_ONLY not in json.dumps(tools)


@pytest.mark.parametrize("name", ["ReturnsAgent", "ChangesAgent", "OrderTracker", "TicketDesk"])
async def test_staff_are_sent_the_arguments_that_only_they_can_use(floor: Shopfloor, name: str) -> None:
    _, tools = await tools_of(floor, name, staff=True)

    assert STAFF_ONLY in json.dumps(tools)


async def test_what_is_sent_over_http_is_what_was_made(settings: Settings, sessions: Sessions) -> None:
    order = await add_order(sessions, id="#W1042")
    chat = await add_conversation(sessions, customer_id=order.customer_id)
    pair = Pair()
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        await floor.say(chat.id, "Cancel order #W1042")

    asked = next(request for request in pair.slices[2].asked if request.get("stream"))
    names = [tool["function"]["name"] for tool in asked["tools"]]
    assert len(names) <= MOST_TOOLS + 1
    assert not ONLY_VALIDATES & set(keywords([tool["function"]["parameters"] for tool in asked["tools"]]))


def test_an_argument_that_may_be_left_out_has_the_schema_it_has_where_it_is_given() -> None:
    schema = {
        "type": "object",
        "$defs": {"Size": {"enum": ["S", "M"], "title": "Size", "type": "string"}},
        "properties": {
            "size": {"anyOf": [{"$ref": "#/$defs/Size"}, {"type": "null"}], "default": None, "description": "Which"},
            "ids": {"type": "array", "maxItems": 5, "items": {"type": "string", "minLength": 1}},
            "customer_id": {"anyOf": [{"type": "string", "description": "Staff only: whose"}, {"type": "null"}]},
        },
        "required": ["ids", "customer_id"],
    }
    tool = Tool(name="fit", description="Fit.", input_schema=schema)

    assert as_sent(tool, staff=False) == {
        "name": "fit",
        "description": "Fit.",
        "parameters": {
            "type": "object",
            "properties": {
                "size": {"type": "string", "enum": ["S", "M"], "description": "Which"},
                "ids": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["ids"],
        },
    }


def test_a_schema_that_leaves_nothing_open_says_so_for_endpoints_that_hold_a_model_to_it() -> None:
    one = {"type": "object", "properties": {"id": {"type": "string", "maxLength": 9}}, "required": ["id"]}

    sent = as_sent(Tool(name="get", description="Get.", input_schema=one), staff=False)["parameters"]

    assert sent == {
        "type": "object",
        "properties": {"id": {"type": "string"}},
        "required": ["id"],
        "additionalProperties": False,
    }
