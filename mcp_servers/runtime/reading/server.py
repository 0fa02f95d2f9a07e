"""An MCP server's resources, prompts and completions, as each caller may see them."""

from collections.abc import Sequence
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.mcpserver import Context
from mcp.types import (
    CompleteRequestParams,
    CompleteResult,
    GetPromptRequestParams,
    GetPromptResult,
    InputRequiredResult,
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    PaginatedRequestParams,
    PromptReference,
    ReadResourceRequestParams,
    ReadResourceResult,
)

from mcp_servers.runtime.caller import Local, caller_of
from mcp_servers.runtime.icons import icons_of
from mcp_servers.runtime.reading.cards import EXTENSION, Cards
from mcp_servers.runtime.reading.completion import completed
from mcp_servers.runtime.reading.prompts import PromptBook
from mcp_servers.runtime.reading.resources import Shelf
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.tools.errors import protocol_errors
from mcp_servers.runtime.words import WORDS
from storage.db import Sessions

ICON = "🛎"
"""Of several servers together."""

Request = ServerRequestContext[Local]


class ReadingServer(Server[Local]):
    """An MCP server that shows each caller their own resources and prompts.

    It is the SDK's server without decorators, whose handlers get the request itself, and so the caller and the page.
    """

    def __init__(self, name: str, *, servers: Sequence[ToolServer], sessions: Sessions, **options: Any) -> None:  # noqa: ANN401 - the SDK's own options
        # What reads messages takes longer to load than the first who is told one should wait.
        WORDS.read()
        icon = servers[0].icon if len(servers) == 1 else ICON
        super().__init__(
            name,
            icons=icons_of(icon) or None,
            on_list_resources=self.list_resources,
            on_list_resource_templates=self.list_resource_templates,
            on_read_resource=self.read_resource,
            on_list_prompts=self.list_prompts,
            on_get_prompt=self.get_prompt,
            on_completion=self.complete,
            **options,
        )
        self.cards = Cards(servers)
        self.extensions |= EXTENSION
        self._shelf = Shelf(servers, sessions)
        self._prompts = PromptBook(servers, sessions)
        self._sessions = sessions

    async def list_resources(self, ctx: Request, params: PaginatedRequestParams | None) -> ListResourcesResult:
        """Return a page of what the caller can read."""
        with protocol_errors(ctx):
            return await self._shelf.list(caller_of(ctx.lifespan_context), params.cursor if params else None)

    async def list_resource_templates(
        self, ctx: Request, params: PaginatedRequestParams | None
    ) -> ListResourceTemplatesResult:
        """Return the templates of what the caller can read."""
        return self._shelf.templates(caller_of(ctx.lifespan_context))

    async def read_resource(self, ctx: Request, params: ReadResourceRequestParams) -> ReadResourceResult:
        """Return what is at a URI.

        Raises:
            MCPError: there is nothing there that the caller can read.
        """
        with protocol_errors(ctx):
            uri = str(params.uri)
            card = await self.cards.read(uri)
            return card or await self._shelf.read(caller_of(ctx.lifespan_context), uri)

    async def list_prompts(self, ctx: Request, params: PaginatedRequestParams | None) -> ListPromptsResult:
        """Return the prompts the caller may have written out."""
        return self._prompts.list(caller_of(ctx.lifespan_context))

    async def get_prompt(self, ctx: Request, params: GetPromptRequestParams) -> GetPromptResult | InputRequiredResult:
        """Write a prompt out.

        Raises:
            MCPError: there is none with this name, or an argument is invalid.
        """
        context = Context[Local](request_context=ctx, input_params=params)
        with protocol_errors(ctx):
            caller = caller_of(ctx.lifespan_context)
            return await self._prompts.get(caller, params.name, params.arguments or {}, context)

    async def complete(self, ctx: Request, params: CompleteRequestParams) -> CompleteResult:
        """Return the values for what was typed so far into an argument.

        Raises:
            MCPError: the caller has no such prompt or template.
        """
        caller = caller_of(ctx.lifespan_context)
        with protocol_errors(ctx):
            if isinstance(params.ref, PromptReference):
                functions = self._prompts.completions(caller, params.ref.name)
            else:
                functions = self._shelf.completions(caller, params.ref.uri)
            argument = params.argument
            return CompleteResult(
                completion=await completed(functions, self._sessions, caller, argument.name, argument.value)
            )
