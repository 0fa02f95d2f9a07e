"""What a model reads when a tool fails: the refusal's own line, one line for bad arguments, or a reference."""

import logging
import secrets

from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from pydantic import ValidationError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError

from mcp_servers.runtime import bad_arguments
from mcp_servers.runtime.limits import LimitError
from storage.errors import ShopError
from storage.outages import DatabaseBusyError

logger = logging.getLogger(__name__)


class RefusedError(ToolError):
    """A refusal in the words of a ShopError; `limit` names the limit it met, if it was one."""

    def __init__(self, refusal: ShopError) -> None:
        self.limit = refusal.limit if isinstance(refusal, LimitError) else None
        super().__init__(str(refusal))


class FaultError(ToolError):
    """A fault of ours, not a refusal: the log has it under the reference in its text."""


def readable(error: ToolError, tool: str) -> ToolError:
    """Return the error to show for a failed call.

    A ShopError speaks for itself. Arguments that do not fit are named with what was expected, without the values sent.
    Anything else is logged whole, and the caller gets a reference number.
    """
    inner, cause = error, error.__cause__
    while isinstance(cause, ToolError):
        inner, cause = cause, cause.__cause__
    if isinstance(cause, ShopError):
        return RefusedError(cause)
    # A view that does not fit its rows is a ValidationError too, but no argument's fault.
    if isinstance(cause, ValidationError) and not isinstance(inner, UnexpectedToolError):
        return ToolError(bad_arguments.told(cause))
    if isinstance(cause, NoConnectionFreeError):
        return RefusedError(DatabaseBusyError("every connection is in use"))
    if cause is None:
        return error
    reference = secrets.token_hex(4)
    logger.error("Tool %s failed, reference %s", tool, reference, exc_info=cause)
    return FaultError(
        f"{tool} could not be done because of a fault on our side (reference {reference}). Try again later."
    )
