"""What a tool hands back: the same JSON as text and as structured content, since clients read one or the other."""

from typing import Any, Literal

from mcp.types import CallToolResult, TextContent
from pydantic import BaseModel

AUDIT_ID = "shopdesk/audit_id"


class Outcome(BaseModel):
    """What a write did, or what it would do and how to say yes to it."""

    status: Literal["done", "needs_confirmation"]
    summary: str
    id: str | None = None
    confirm_token: str | None = None


def as_result(value: BaseModel, *, audit_id: str | None = None) -> CallToolResult:
    """Return a tool's result. What is unset is left out; `audit_id` names the audit row of a write."""
    structured: dict[str, Any] = value.model_dump(mode="json", by_alias=True, exclude_none=True)
    return CallToolResult(
        content=[TextContent(type="text", text=value.model_dump_json(by_alias=True, exclude_none=True))],
        structured_content=structured,
        _meta=None if audit_id is None else {AUDIT_ID: audit_id},
    )
