"""An argument sent as null or as an empty string is as good as one that is left out, where it may be left out."""

from typing import Any

import pytest

from mcp_servers.runtime.tools.left_out import without_left_out
from storage.db import Sessions
from storage.settings import Settings
from tests.clients import caller, client_of, server_for
from tests.factories import add_order

NULLABLE = {"anyOf": [{"type": "string", "maxLength": 200}, {"type": "null"}], "default": None}


@pytest.mark.parametrize(
    ("value", "schema", "left_out"),
    [
        (None, {"type": "integer", "default": 20}, True),
        (None, NULLABLE, False),
        ("", NULLABLE, True),
        ("  ", NULLABLE, True),
        ("\u200b", NULLABLE, True),
        ("", {"type": "string", "enum": ["low", "high"], "default": "low"}, True),
        ("", {"type": "string", "default": "Portland"}, False),
        ("", {"type": "integer", "default": 20}, True),
        (0, {"type": "integer", "default": 20}, False),
        (False, {"type": "boolean", "default": True}, False),
        ([], {"type": "array", "default": ["a"]}, False),
    ],
)
def test_nothing_given_for_an_argument_leaves_it_out(value: object, schema: dict[str, Any], left_out: bool) -> None:
    given = without_left_out({"one": value}, {"properties": {"one": schema}})

    assert ("one" not in given) is left_out


def test_what_is_required_or_not_known_is_kept_and_told_as_it_is() -> None:
    schema = {"properties": {"order_id": {"type": "string"}}, "required": ["order_id"]}

    assert without_left_out({"order_id": "", "more": None}, schema) == {"order_id": "", "more": None}


@pytest.mark.parametrize("given", [{"limit": None}, {"status": "", "cursor": ""}, {"status": None, "limit": ""}])
async def test_a_list_asked_for_with_nothing_is_the_whole_list(
    settings: Settings, sessions: Sessions, given: dict[str, Any]
) -> None:
    order = await add_order(sessions, id="#W1042")

    async with client_of(server_for(settings, sessions, caller(order.customer_id))) as client:
        result = await client.call_tool("list_orders", given)

    assert result.structured_content is not None
    assert [one["order_id"] for one in result.structured_content["orders"]] == ["#W1042"]
