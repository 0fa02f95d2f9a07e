"""What a model reads when a tool fails: the refusal's own line, one line for bad arguments, or a reference."""

import logging
import secrets

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import ValidationError

from storage.errors import ShopError

logger = logging.getLogger(__name__)


def readable(error: ToolError, tool: str) -> ToolError:
    """Return the error to show for a failed call.

    A ShopError speaks for itself. Arguments that do not fit are named with what was expected, without the values sent.
    Anything else is logged whole, and the caller gets a reference number.
    """
    cause = error.__cause__
    while isinstance(cause, ToolError):
        cause = cause.__cause__
    if isinstance(cause, ShopError):
        return ToolError(str(cause))
    if isinstance(cause, ValidationError):
        return ToolError(_arguments(cause))
    if cause is None:
        return error
    reference = secrets.token_hex(4)
    logger.error("Tool %s failed, reference %s", tool, reference, exc_info=cause)
    return ToolError(
        f"{tool} could not be done because of a fault on our side (reference {reference}). Try again later."
    )


def _arguments(error: ValidationError) -> str:
    problems = []
    for item in error.errors(include_input=False, include_url=False):
        name = ".".join(str(part) for part in item["loc"]) or "arguments"
        problems.append(f"{name}: {item['msg'].removeprefix('Value error, ').rstrip('.')}")
    return f"The arguments do not fit. {'; '.join(problems)}."
