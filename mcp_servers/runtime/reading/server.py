"""The half of an MCP server that is no tool: resources, prompts and completions, as each caller may see them."""

from collections.abc import Sequence
from typing import Any

from mcp.server import MCPServer
from mcp.server.context import ServerRequestContext
from mcp.server.mcpserver import Context
from mcp.types import (
    CompleteRequestParams,
    CompleteResult,
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
from mcp_servers.runtime.reading.completion import completed
from mcp_servers.runtime.reading.prompts import PromptBook
from mcp_servers.runtime.reading.resources import Shelf
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.tools.errors import protocol_errors
from storage.db import Sessions

ICON = "🛎"
"""Of several servers together."""

Request = ServerRequestContext[Local]


class ReadingServer(MCPServer[Local]):
    """An MCP server that shows each caller their own resources and prompts."""

    def __init__(self, name: str, *, servers: Sequence[ToolServer], sessions: Sessions, **options: Any) -> None:  # noqa: ANN401 - the SDK's own options
        icon = servers[0].icon if len(servers) == 1 else ICON
        super().__init__(name, icons=icons_of(icon) or None, **options)
        self._shelf = Shelf(servers, sessions)
        self._prompts = PromptBook(servers, sessions)
        self._sessions = sessions
        # The SDK's own decorator does not hand over the request, and so not the caller.
        self._lowlevel_server.add_request_handler("completion/complete", CompleteRequestParams, self._handle_complete)

    async def _handle_list_resources(self, ctx: Request, params: PaginatedRequestParams | None) -> ListResourcesResult:
        with protocol_errors(ctx):
            return await self._shelf.list(caller_of(ctx.lifespan_context), params.cursor if params else None)

    async def _handle_list_resource_templates(
        self, ctx: Request, params: PaginatedRequestParams | None
    ) -> ListResourceTemplatesResult:
        return self._shelf.templates(caller_of(ctx.lifespan_context))

    async def _handle_read_resource(self, ctx: Request, params: ReadResourceRequestParams) -> ReadResourceResult:
        with protocol_errors(ctx):
            return await self._shelf.read(caller_of(ctx.lifespan_context), str(params.uri))

    async def _handle_list_prompts(self, ctx: Request, params: PaginatedRequestParams | None) -> ListPromptsResult:
        return self._prompts.list(caller_of(ctx.lifespan_context))

    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None, context: Context[Local, Any] | None = None
    ) -> GetPromptResult | InputRequiredResult:
        """Write a prompt out.

        Raises:
            MCPError: there is none of this name, or an argument does not fit.
        """
        ctx = context or Context(mcp_server=self)
        request = ctx.request_context
        with protocol_errors(request):
            return await self._prompts.get(caller_of(request.lifespan_context), name, arguments or {}, ctx)

    async def _handle_complete(self, ctx: Request, params: CompleteRequestParams) -> CompleteResult:
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
