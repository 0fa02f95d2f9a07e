"""What a model reads when a tool fails: the error's own line, one line for bad arguments, or a reference number."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from mcp import MCPError
from mcp.server.context import ServerRequestContext
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.types import INTERNAL_ERROR, INVALID_PARAMS
from pydantic import ValidationError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError

from mcp_servers.runtime.caller import Local
from mcp_servers.runtime.failures import FAULT, INVALID_ARGUMENTS, meta_of
from mcp_servers.runtime.tools import bad_arguments
from mcp_servers.runtime.tools.confirming.question import STATELESS_SINCE
from mcp_servers.runtime.untrusted import neutral
from storage.errors import NotFoundError, ShopError
from storage.outages import OUTAGES, DatabaseBusyError
from storage.process.limits import LimitError

RESOURCE_NOT_FOUND = -32002
"""Before protocol 2026-07-28, which says INVALID_PARAMS."""

logger = logging.getLogger(__name__)


class RefusedError(ToolError):
    """An error with a ShopError's text; `limit` names the limit that was exceeded, if any."""

    def __init__(self, refusal: ShopError) -> None:
        self.meta = meta_of(refusal)
        self.limit = refusal.limit if isinstance(refusal, LimitError) else None
        super().__init__(neutral(str(refusal)))


class BadArgumentsError(ToolError):
    """The arguments have another shape than the tool's."""

    meta = INVALID_ARGUMENTS


class FaultError(ToolError):
    """An internal error: the log has it under the reference in its text."""

    meta = FAULT


def readable(error: ToolError, tool: str) -> ToolError:
    """Return the error to show for a failed call.

    A ShopError speaks for itself. Invalid arguments are named with what was expected, without the values sent.
    Anything else is logged in full, and the caller gets a reference number.
    """
    inner, cause = error, error.__cause__
    while isinstance(cause, ToolError):
        inner, cause = cause, cause.__cause__
    if isinstance(cause, ShopError):
        return RefusedError(cause)
    # A view that does not match its rows is a ValidationError too, but not because of the arguments.
    if isinstance(cause, ValidationError) and not isinstance(inner, UnexpectedToolError):
        return BadArgumentsError(bad_arguments.told(cause))
    if isinstance(cause, NoConnectionFreeError):
        return RefusedError(DatabaseBusyError("every connection is in use"))
    if cause is None:
        return error
    return FaultError(_fault(cause, f"Tool {tool}", f"{tool} could not be done"))


@contextmanager
def protocol_errors(ctx: ServerRequestContext[Local]) -> Iterator[None]:
    """Turn failures of a resource, a prompt or a completion into protocol errors.

    Raises:
        MCPError: with the same text as for a tool.
    """
    try:
        yield
    except NotFoundError as error:
        code = INVALID_PARAMS if ctx.protocol_version >= STATELESS_SINCE else RESOURCE_NOT_FOUND
        raise MCPError(code=code, message=neutral(str(error)), data={"uri": (ctx.params or {}).get("uri")}) from error
    except OUTAGES as error:
        raise MCPError(code=INTERNAL_ERROR, message=neutral(str(error))) from error
    except ShopError as error:
        raise MCPError(code=INVALID_PARAMS, message=neutral(str(error))) from error
    except NoConnectionFreeError as error:
        busy = DatabaseBusyError("every connection is in use")
        raise MCPError(code=INTERNAL_ERROR, message=str(busy)) from error
    except MCPError:
        raise
    except Exception as error:
        raise MCPError(code=INTERNAL_ERROR, message=_fault(error, ctx.method, "This could not be done")) from error


def _fault(error: BaseException, what: str, told: str) -> str:
    reference = secrets.token_hex(4)
    logger.error("%s failed, reference %s", what, reference, exc_info=error)
    return f"{told} because of an error on our side (reference {reference}). Try again later."
