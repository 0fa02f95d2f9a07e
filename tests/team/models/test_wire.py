"""A request has what its endpoint takes, under the names it knows, and a tool is strict where its schema allows it."""

from typing import Any

import pytest

from storage.endpoints import Choice, Endpoint
from storage.models.features import Feature
from team.models.wire import as_taken

ORDER = {
    "type": "object",
    "properties": {"order_id": {"type": "string", "maxLength": 40}},
    "required": ["order_id"],
    "additionalProperties": False,
}
ORDERS = {"type": "object", "properties": {"limit": {"type": "integer"}}, "required": [], "additionalProperties": False}
BODY: dict[str, Any] = {
    "model": "m",
    "messages": [],
    "max_tokens": 400,
    "temperature": 0,
    "parallel_tool_calls": False,
    "stream": True,
    "stream_options": {"include_usage": True},
    "logprobs": True,
    "top_logprobs": 10,
}


def endpoint(*takes: Feature, choice: Choice = "structured_outputs") -> Endpoint:
    return Endpoint(base_url="http://models/v1", model="m", takes=takes, choice=choice)


def tool(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "function", "function": {"name": "look", "strict": False, "parameters": schema}}


def function(schema: dict[str, Any], to: Endpoint) -> dict[str, Any]:
    sent: dict[str, Any] = as_taken({"tools": [tool(schema)]}, to)["tools"][0]["function"]
    return sent


def test_an_endpoint_that_nobody_tried_is_sent_what_it_was_always_sent() -> None:
    assert as_taken(BODY, Endpoint(base_url="http://models/v1", model="m")) == BODY


def test_what_an_endpoint_refuses_is_not_sent() -> None:
    assert as_taken(BODY, endpoint("max_tokens")) == {"model": "m", "messages": [], "max_tokens": 400, "stream": True}


def test_the_limit_has_the_name_that_the_endpoint_knows() -> None:
    sent = as_taken(BODY, endpoint("max_completion_tokens", "temperature"))

    assert (sent["max_completion_tokens"], "max_tokens" in sent) == (400, False)


def test_a_tool_whose_arguments_are_all_required_is_strict() -> None:
    assert function(ORDER, endpoint("strict")) == {"name": "look", "strict": True, "parameters": ORDER}


@pytest.mark.parametrize(
    "schema",
    [
        ORDERS,
        {**ORDER, "additionalProperties": True},
        {**ORDER, "required": []},
        {**ORDER, "properties": {"order_id": {"$ref": "#/$defs/Id"}}},
        {**ORDER, "properties": {"order_id": {"type": "object", "properties": {"id": {"type": "string"}}}}},
        {**ORDER, "properties": {"order_id": {"type": "array", "items": ORDERS}}},
        {**ORDER, "properties": {"order_id": {"anyOf": [ORDERS, {"type": "null"}]}}},
    ],
)
def test_a_tool_that_allows_more_is_sent_as_it_is(schema: dict[str, Any]) -> None:
    assert function(schema, endpoint("strict")) == {"name": "look", "parameters": schema}


def test_an_endpoint_that_refuses_strict_tools_gets_none() -> None:
    assert function(ORDER, endpoint("max_tokens")) == {"name": "look", "parameters": ORDER}


def test_what_only_vllm_takes_in_a_strict_schema_is_left_out_for_others() -> None:
    sent = function(ORDER, endpoint("strict", choice="json_schema"))

    assert sent["parameters"] == {**ORDER, "properties": {"order_id": {"type": "string"}}}


@pytest.mark.parametrize(("takes", "sent"), [(("tool_choice_required",), "required"), ((), "auto")])
def test_a_tool_is_required_only_where_that_is_taken(takes: tuple[Feature, ...], sent: str) -> None:
    assert as_taken({"tool_choice": "required"}, endpoint(*takes))["tool_choice"] == sent
