"""Tool results as HTTP tells them: their JSON, a refusal with its true status, or a question with its link."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mcp.types import CallToolResult, TextContent
from starlette.responses import JSONResponse, Response

from storage.people.asked_changes import AskedChange
from team.words.guardrails import MARKS
from ui.rest.refusals import ToolRefusedError

OK, ACCEPTED = 200, 202
ERROR = "shopdesk/error"
NEEDS_CONFIRMATION, CONFIRM_URL = "needs_confirmation", "confirm_url"
ABOUT_MARKS = "about_marks"
"""What a tool says to models about the marks around text that others wrote."""


@dataclass(frozen=True)
class Called:
    """What a call came to: the status, the JSON, and headers that belong to it."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """Return it as it is sent."""
        return JSONResponse(self.body, status_code=self.status, headers=self.headers)


def called(result: CallToolResult) -> Called:
    """Return the result of a call that asked nothing.

    Raises:
        ToolRefusedError: the tool refused it.
    """
    if result.is_error:
        raise _refusal(result)
    structured = result.structured_content
    if isinstance(structured, dict):
        return Called(OK, structured)
    return Called(OK, {"content": [part.model_dump(mode="json", exclude_none=True) for part in result.content]})


def _refusal(result: CallToolResult) -> ToolRefusedError:
    told = (result.meta or {}).get(ERROR, {})
    return ToolRefusedError(
        text_of(result), told.get("kind", "refused"), told.get("code", "tool_error"), told.get("wait_s")
    )


def text_of(result: CallToolResult) -> str:
    """Return what a result says, in one text."""
    return "\n".join(part.text for part in result.content if isinstance(part, TextContent))


def asked(row: AskedChange, page_url: str) -> Called:
    """Return an open question: what would be changed, and the link where its person says yes or no."""
    link = f"{page_url}/confirm/{row.id}"
    body = {
        "status": NEEDS_CONFIRMATION,
        "summary": row.text,
        "tool": f"{row.server}.{row.tool}",
        "arguments": row.arguments,
        CONFIRM_URL: link,
        "result_url": f"{link}/result",
        "expires_at": row.expires_at.isoformat(),
    }
    return Called(ACCEPTED, body, {"Location": f"{link}/result"})


def plain(value: Any) -> Any:  # noqa: ANN401 - a result is any JSON
    """Return a result without the marks that tell a model which text others wrote; a program needs none."""
    if isinstance(value, str):
        return value.translate(MARKS)
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items() if name != ABOUT_MARKS}
    return value
