"""Prompts that a user picks from their client's menu: a request to the model, in the caller's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from mcp.server.mcpserver import Context
from mcp.types import (
    GetPromptResult,
    InputRequiredResult,
    ListPromptsResult,
    PromptArgument,
    PromptMessage,
    TextContent,
)
from mcp.types import Prompt as ListedPrompt
from pydantic.fields import FieldInfo

from mcp_servers.runtime.caller import Local
from mcp_servers.runtime.icons import icons_of
from mcp_servers.runtime.offers import CompletionFunction, Prompt, text_in
from mcp_servers.runtime.reading.calls import Call
from mcp_servers.runtime.server import SERVER, ToolServer
from storage.db import Sessions
from storage.errors import ShopError
from storage.tokens import Caller


class NoSuchPromptError(ShopError):
    """There is no such prompt, or the caller lacks its scope; the text is the same for both."""

    def __init__(self) -> None:
        super().__init__("Unknown prompt. prompts/list shows the available ones.")


class UnusablePromptError(TypeError):
    """Two prompts share a name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The prompt {name} cannot be offered: two servers have one with that name.")


class Offered:
    """A prompt of one server, ready to be written."""

    def __init__(self, server: ToolServer, prompt: Prompt, sessions: Sessions) -> None:
        self.prompt = prompt
        self.call = Call(prompt.write, sessions)
        self._server = server

    def allows(self, caller: Caller) -> bool:
        """Return whether this caller may pick it."""
        return f"{self._server.name}:read" in caller.scopes

    def description(self, caller: Caller) -> str:
        """Return what the menu says of it."""
        return text_in(self.prompt.description, caller.language) or self.call.description

    def as_listed(self, caller: Caller) -> ListedPrompt:
        """Return its entry in this caller's menu."""
        return ListedPrompt(
            name=self.call.name,
            title=text_in(self.prompt.title, caller.language),
            description=self.description(caller),
            arguments=[
                PromptArgument(
                    name=argument.name,
                    description=FieldInfo.from_annotation(argument.annotation).description,
                    required=argument.default is argument.empty,
                )
                for argument in self.call.arguments
            ],
            icons=icons_of(self._server.icon) or None,
            _meta={SERVER: self._server.name},
        )


class PromptBook:
    """Every prompt of some servers."""

    def __init__(self, servers: Sequence[ToolServer], sessions: Sessions) -> None:
        self._offered: dict[str, Offered] = {}
        for server in servers:
            for prompt in server.prompts:
                offered = Offered(server, prompt, sessions)
                if offered.call.name in self._offered:
                    raise UnusablePromptError(offered.call.name)
                self._offered[offered.call.name] = offered

    def list(self, caller: Caller) -> ListPromptsResult:
        """Return the menu of this caller."""
        allowed = [offered for offered in self._offered.values() if offered.allows(caller)]
        return ListPromptsResult(prompts=[offered.as_listed(caller) for offered in allowed])

    async def get(
        self, caller: Caller, name: str, arguments: Mapping[str, Any], ctx: Context[Local]
    ) -> GetPromptResult | InputRequiredResult:
        """Return a prompt written out.

        Raises:
            NoSuchPromptError: this caller has none with that name.
            BadArgumentsError: an argument is missing or invalid.
        """
        offered = self._find(caller, name)
        # A client's form sends empty fields as empty text.
        filled = {argument: value for argument, value in arguments.items() if value != ""}
        written = await offered.call(caller, filled, ctx)
        if isinstance(written, InputRequiredResult):
            return written
        if isinstance(written, str):
            written = [PromptMessage(role="user", content=TextContent(type="text", text=written))]
        return GetPromptResult(description=offered.description(caller), messages=list(written))

    def completions(self, caller: Caller, name: str) -> Mapping[str, CompletionFunction]:
        """Return what completes the arguments of a prompt.

        Raises:
            NoSuchPromptError: this caller has none of that name.
        """
        return self._find(caller, name).prompt.completions

    def _find(self, caller: Caller, name: str) -> Offered:
        offered = self._offered.get(name)
        if offered is None or not offered.allows(caller):
            raise NoSuchPromptError
        return offered
