"""Asking the customer: whether their client can show a question, and which sealed question an answer belongs to."""

import hashlib
from collections.abc import Mapping
from contextvars import ContextVar

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.mcpserver import Context
from mcp.server.session import ServerSession
from mcp.types import ElicitResult
from pydantic import BaseModel, ValidationError

from mcp_servers.runtime.caller import Local
from storage.errors import ShopError
from storage.sensitive.masking import masked

STATELESS_SINCE = "2026-07-28"

SAID = "shopdesk/said"
"""In the `_meta` of a call: what a person wrote for arguments that take only some words, by argument."""

MOST_SAID = 2_000
"""Characters of it that are kept."""

_sealed: ContextVar[str | None] = ContextVar("sealed_question", default=None)
_said: ContextVar[Mapping[str, str] | None] = ContextVar("said", default=None)


class TokenRefusedError(ShopError):
    """A client that can show the question may not answer it with a token."""

    def __init__(self) -> None:
        super().__init__("confirm_token is not accepted here. Call without it, and the customer will be asked.")


async def remember_sealed_question(ctx: ServerRequestContext[Local], call_next: CallNext) -> HandlerResult:
    """Middleware, outermost: keep the hash of the sealed state, which names the one question it answers.

    What a person said beside the arguments is kept too, for the audit.
    """
    sealed = (ctx.params or {}).get("requestState") if ctx.method == "tools/call" else None
    _sealed.set(hashlib.sha256(sealed.encode()).hexdigest() if isinstance(sealed, str) else None)
    _said.set(_words((ctx.meta or {}).get(SAID)))
    return await call_next(ctx)


def _words(said: object) -> Mapping[str, str] | None:
    if not isinstance(said, dict):
        return None
    words = {str(name)[:MOST_SAID]: masked(text).text for name, text in said.items() if isinstance(text, str)}
    return {name: text[:MOST_SAID] for name, text in words.items()} or None


def words_said() -> Mapping[str, str] | None:
    """Return what the person wrote for arguments of this request, word for word; None where nothing is told."""
    return _said.get()


def sealed_question() -> str | None:
    """Return the id of the question this request answers, on protocol 2026-07-28."""
    return _sealed.get()


def can_be_asked(ctx: Context[Local]) -> bool:
    """Return whether a tool call's client shows questions and the connection can carry one."""
    return session_can_be_asked(ctx.session, ctx.protocol_version)


def session_can_be_asked(session: ServerSession, protocol_version: str | None) -> bool:
    """Return whether a session's client shows questions and the connection can carry one."""
    capabilities = session.client_capabilities
    if capabilities is None or capabilities.elicitation is None:
        return False
    if capabilities.elicitation.form is None and capabilities.elicitation.url is not None:
        return False
    return (protocol_version or "") >= STATELESS_SINCE or session.can_send_request


def came_unclear(ctx: Context[Local], schema: type[BaseModel]) -> bool:
    """Return whether a client's response says "accept" without the requested content, or is not an answer at all."""
    return any(not _answers(response, schema) for response in (ctx.input_responses or {}).values())


def _answers(response: object, schema: type[BaseModel]) -> bool:
    if not isinstance(response, ElicitResult):
        return False
    if response.action != "accept":
        return True
    try:
        schema.model_validate(response.content)
    except ValidationError:
        return False
    return True
