"""The suite's tools and prompt that need input in further rounds, as clients of 2026-07-28 give it."""

import json
from typing import Any

from mcp.server.mcpserver import Context
from mcp.types import (
    CallToolResult,
    CreateMessageRequest,
    CreateMessageRequestParams,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequest,
    InputRequiredResult,
    ListRootsRequest,
    PromptMessage,
    SamplingMessage,
    TextContent,
)

from mcp_servers.runtime.caller import Local
from mcp_servers.runtime.server import ToolFunction
from tests.conformance.content import said

Rounds = CallToolResult | InputRequiredResult


def form(message: str, name: str, kind: str = "string") -> ElicitRequest:
    """Return a question with one field."""
    schema = {"type": "object", "properties": {name: {"type": kind}}, "required": [name]}
    return ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=schema))


def sample(text: str) -> CreateMessageRequest:
    """Return a request to the client's model."""
    message = SamplingMessage(role="user", content=TextContent(type="text", text=text))
    return CreateMessageRequest(params=CreateMessageRequestParams(messages=[message], max_tokens=100))


def needed(state: str | None = None, **requests: InputRequest) -> InputRequiredResult:
    """Return what asks for these inputs."""
    return InputRequiredResult(input_requests=requests, request_state=state)


def given(ctx: Context[Local], name: str) -> Any:  # noqa: ANN401 - an answer of any kind
    """Return the answer of this name, or of a form what it was filled with; None before it came."""
    answer = (ctx.input_responses or {}).get(name)
    return answer.content or {} if isinstance(answer, ElicitResult) else answer


async def test_input_required_result_elicitation(ctx: Context[Local]) -> Rounds:
    """Ask for a name."""
    name = given(ctx, "user_name")
    return needed(user_name=form("What is your name?", "name")) if name is None else said(f"Hello, {name.get('name')}!")


async def test_input_required_result_sampling(ctx: Context[Local]) -> Rounds:
    """Ask the client's model."""
    answer = given(ctx, "capital_question")
    if answer is None:
        return needed(capital_question=sample("What is the capital of France?"))
    return said(f"The model said: {answer.content}")


async def test_input_required_result_list_roots(ctx: Context[Local]) -> Rounds:
    """Ask for the client's roots."""
    answer = given(ctx, "client_roots")
    return needed(client_roots=ListRootsRequest()) if answer is None else said(f"{len(answer.roots)} roots")


async def test_input_required_result_request_state(ctx: Context[Local]) -> Rounds:
    """Keep state while asking."""
    if given(ctx, "confirm") is None or ctx.request_state != "asked":
        return needed("asked", confirm=form("Is it so?", "ok", "boolean"))
    return said("state-ok")


async def test_input_required_result_multiple_inputs(ctx: Context[Local]) -> Rounds:
    """Ask for three things at once."""
    names = ("user_name", "greeting", "client_roots")
    if any(given(ctx, name) is None for name in names):
        return needed(
            "asked",
            user_name=form("What is your name?", "name"),
            greeting=sample("Greet somebody."),
            client_roots=ListRootsRequest(),
        )
    return said("All came.")


async def test_input_required_result_multi_round(ctx: Context[Local]) -> Rounds:
    """Ask twice, one after the other."""
    state = json.loads(ctx.request_state or "{}")
    if state.get("round") == 1 and (first := given(ctx, "step1")) is not None:
        return needed(json.dumps({"round": 2, **first}), step2=form("Which color?", "color"))
    if state.get("round") == 2 and (second := given(ctx, "step2")) is not None:
        return said(f"{state.get('name')} likes {second.get('color')}.")
    return needed(json.dumps({"round": 1}), step1=form("What is your name?", "name"))


async def test_input_required_result_tampered_state(ctx: Context[Local]) -> Rounds:
    """Ask, with state that may not be changed."""
    if ctx.request_state is None:
        return needed("sealed", confirm=form("Is it so?", "ok", "boolean"))
    return said(f"state-ok: {ctx.request_state}")


async def test_input_required_result_capabilities(ctx: Context[Local]) -> Rounds:
    """Ask for what this client can give."""
    capabilities = ctx.client_capabilities
    asks: dict[str, InputRequest] = {}
    if capabilities is None or capabilities.sampling is not None:
        asks["sample"] = sample("Say hello.")
    if capabilities is None or capabilities.elicitation is not None:
        asks["ask"] = form("What is your name?", "name")
    return needed("asked", **asks)


async def test_input_required_result_prompt(ctx: Context[Local]) -> list[PromptMessage] | InputRequiredResult:
    """Ask before the prompt is written."""
    answer = given(ctx, "user_context")
    if answer is None:
        return needed(user_context=form("What is it about?", "context"))
    text = f"Use this: {answer.get('context')}"
    return [PromptMessage(role="user", content=TextContent(type="text", text=text))]


TOOLS: list[ToolFunction] = [
    test_input_required_result_elicitation,
    test_input_required_result_sampling,
    test_input_required_result_list_roots,
    test_input_required_result_request_state,
    test_input_required_result_multiple_inputs,
    test_input_required_result_multi_round,
    test_input_required_result_tampered_state,
    test_input_required_result_capabilities,
]
