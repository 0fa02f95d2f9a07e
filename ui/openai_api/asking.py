"""Who asks, for what, and what a request says of its conversation besides its messages."""

from typing import Any

from starlette.requests import Request

from ui.logins.keys import on_behalf_of, require_somebody
from ui.logins.person import Person
from ui.logins.visits import person_of
from ui.openai_api.continuing import Hint
from ui.openai_api.refusals import ProgramError
from ui.openai_api.shapes import Asked, ChatRequest, ResponseRequest
from ui.openai_api.side_prompts import offered_anyway

CHAT_HEADERS = ("x-openwebui-chat-id", "x-librechat-conversation-id", "x-chat-id")
"""Where programs tell the id of their chat. It says nothing of whose chat it is: that is the key's."""

RETRIED = "x-stainless-retry-count"
"""What OpenAI's own clients count their tries in."""

LONGEST_CHAT_ID = 200


async def asker_of(request: Request, asked: Asked) -> Person:
    """Return for whom a request is made.

    Raises:
        ShopError: nobody is logged in, or a front names nobody that the shop knows.
    """
    person = await on_behalf_of(request, await person_of(request), asked.user)
    return require_somebody(request, person)


def hint_of(request: Request, asked: Asked, previous: str = "") -> Hint:
    """Return what a request says about its conversation besides its messages."""
    chat = next(filter(None, (request.headers.get(name, "").strip() for name in CHAT_HEADERS)), "")
    named = (asked.metadata.conversation_id if asked.metadata else None) or ""
    return Hint(named, previous, chat[:LONGEST_CHAT_ID], request.headers.get(RETRIED, "0") not in {"", "0"})


def require_only_text(asked: ChatRequest | ResponseRequest) -> None:
    """Do nothing where one plain answer is asked for, which is all the team gives.

    Raises:
        ProgramError: something else is asked for.
    """
    _require_no_tools(asked)
    if isinstance(asked, ResponseRequest):
        wanted, param = None if asked.text is None else asked.text.format, "text.format"
        if asked.background:
            raise ProgramError("A response is never made in the background.", "unsupported_parameter", "background")
    else:
        wanted, param = asked.response_format, "response_format"
        _require_one_answer(asked)
    if wanted is not None and wanted.type != "text":
        raise ProgramError(f"The team answers in plain text; leave out {param}.", "unsupported_value", param)


def _require_one_answer(asked: ChatRequest) -> None:
    if asked.n is not None and asked.n > 1:
        raise ProgramError("The team gives one answer; leave out n, or send 1.", "unsupported_value", "n")
    if asked.functions:
        raise ProgramError("A client's `functions` cannot be called.", "unsupported_parameter", "functions")
    if asked.modalities is not None and asked.modalities != ["text"]:
        raise ProgramError("The team answers in text.", "unsupported_value", "modalities")
    if asked.stream_options is not None and not asked.stream:
        raise ProgramError("stream_options is allowed only with stream.", "invalid_value", "stream_options")


def _require_no_tools(asked: Asked) -> None:
    """Do nothing where a client has no tools that the team could call, or only those that its program always offers."""
    if not asked.tools:
        return
    strange = {_tool(tool) for tool in asked.tools} - offered_anyway()
    if strange or asked.tool_choice not in {None, "auto", "none"}:
        raise ProgramError(
            "The team uses the shop's own tools; a client's `tools` cannot be called.", "unsupported_parameter", "tools"
        )


def _tool(tool: dict[str, Any]) -> str:
    function = tool.get("function")
    return str(function.get("name", "") if isinstance(function, dict) else tool.get("name", ""))
