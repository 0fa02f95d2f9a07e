"""The suite's tools that ask the person at the client inside the call, as clients before 2026-07-28 are asked."""

from typing import Any

from mcp.server.mcpserver import AcceptedElicitation, Context
from mcp.types import CallToolResult
from pydantic import BaseModel, Field

from mcp_servers.runtime.caller import Local
from mcp_servers.runtime.server import ToolFunction
from tests.conformance.content import said

STATES = ["active", "inactive", "pending"]


class Answer(BaseModel):
    """One line."""

    response: str = Field(description="Any words")


class Defaults(BaseModel):
    """A field of each kind, with what it is when nothing is said."""

    name: str = "John Doe"
    age: int = 30
    score: float = 95.5
    status: str = Field(default="active", json_schema_extra={"enum": list(STATES)})
    verified: bool = True


def _titled(**titles: str) -> Any:  # noqa: ANN401 - a JSON schema
    return [{"const": value, "title": title} for value, title in titles.items()]


class Choices(BaseModel):
    """A choice of each form."""

    untitledSingle: str = Field(json_schema_extra={"enum": list(STATES)})  # noqa: N815 - the suite's name
    titledSingle: str = Field(json_schema_extra={"oneOf": _titled(value1="First", value2="Second", value3="Third")})  # noqa: N815
    legacyEnum: str = Field(json_schema_extra={"enum": ["opt1", "opt2", "opt3"], "enumNames": ["One", "Two", "Three"]})  # noqa: N815
    untitledMulti: list[str] = Field(json_schema_extra={"items": {"type": "string", "enum": ["one", "two", "three"]}})  # noqa: N815
    titledMulti: list[str] = Field(json_schema_extra={"items": {"anyOf": _titled(a="First", b="Second", c="Third")}})  # noqa: N815


async def _asked(ctx: Context[Local], message: str, form: type[BaseModel]) -> CallToolResult:
    answer = await ctx.elicit(message, form)
    content = answer.data.model_dump_json() if isinstance(answer, AcceptedElicitation) else "{}"
    return said(f"User response: action={answer.action}, content={content}")


async def test_elicitation(ctx: Context[Local], message: str) -> CallToolResult:
    """Ask for a line."""
    return await _asked(ctx, message, Answer)


async def test_elicitation_sep1034_defaults(ctx: Context[Local]) -> CallToolResult:
    """Ask with defaults."""
    return await _asked(ctx, "Who are you?", Defaults)


async def test_elicitation_sep1330_enums(ctx: Context[Local]) -> CallToolResult:
    """Ask for choices."""
    return await _asked(ctx, "Choose.", Choices)


TOOLS: list[ToolFunction] = [test_elicitation, test_elicitation_sep1034_defaults, test_elicitation_sep1330_enums]
