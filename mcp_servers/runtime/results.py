"""Tool results: the same JSON as text and as structured content, since clients read one or the other."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

from mcp.types import CallToolResult, TextContent
from pydantic import BaseModel, PrivateAttr

from mcp_servers.runtime.tools.size import RESULT_TOKENS, fitted, fitted_text, tokens, written
from mcp_servers.runtime.untrusted import NOTE, NOTE_FIELD, OPEN, Label, as_data

AUDIT_ID = "shopdesk/audit_id"
MODEL_CALLS = "shopdesk/model_calls"


class Outcome(BaseModel):
    """What a write did."""

    status: Literal["done"]
    summary: Label
    id: str | None = None


class Confirmable(BaseModel):
    """What a write that asks first did, or what it would do, and how its person says yes."""

    status: Literal["done", "needs_confirmation"]
    summary: Label
    confirm_url: str | None = None
    confirm_token: str | None = None
    next_step: str | None = None


class ByModels(BaseModel):
    """A result that models made; which they were is for those who watch, in the result's `_meta`."""

    _calls: Sequence[Mapping[str, Any]] = PrivateAttr(())

    def by(self, calls: Sequence[Mapping[str, Any]]) -> Self:
        """Note the calls it took, failed ones too."""
        self._calls = calls
        return self

    @property
    def calls(self) -> list[dict[str, Any]]:
        """The calls it took."""
        return [dict(call) for call in self._calls]


def as_result(value: BaseModel, *, audit_id: str | None = None) -> CallToolResult:
    """Return a tool's result, within the size limit, with a note if it contains untrusted text.

    Unset fields are left out; `audit_id` is a write's audit row.
    """
    structured, text = rendered(value)
    return CallToolResult(
        content=[TextContent(type="text", text=text)],
        structured_content=structured,
        _meta=_meta(value, audit_id),
    )


def _meta(value: BaseModel, audit_id: str | None) -> dict[str, Any] | None:
    audit = {} if audit_id is None else {AUDIT_ID: audit_id}
    calls = {MODEL_CALLS: value.calls} if isinstance(value, ByModels) and value.calls else {}
    return {**audit, **calls} or None


def rendered(value: BaseModel) -> tuple[dict[str, Any], str]:
    """Return a result as JSON and as the same JSON in text, marked and within the size limit."""
    structured: dict[str, Any] = value.model_dump(mode="json", by_alias=True, exclude_none=True)
    text = written(structured)
    if OPEN in text:
        structured[NOTE_FIELD] = NOTE
        text = written(structured)
    if tokens(text) > RESULT_TOKENS:
        structured = fitted(structured)
        text = written(structured)
    return structured, text


def rendered_page(text: str) -> str:
    """Return a resource's text: marked, with the same note, and within the size limit of a result."""
    return fitted_text(f"{NOTE}\n\n{as_data(text)}") if text else text
