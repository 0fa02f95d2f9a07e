"""Clients that open addresses for their user: a question's link goes to them as a URL elicitation.

https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation#url-mode-elicitation-requests: the client
says only whether its user went there. What the user answered is on the page, and is waited for here for a moment.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import anyio
from mcp.server.mcpserver import Context
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ElicitRequest,
    ElicitRequestURLParams,
    ElicitResult,
    InputRequiredResult,
)

from mcp_servers.runtime.caller import Local
from mcp_servers.runtime.tools.confirming.question import STATELESS_SINCE, can_be_asked
from mcp_servers.runtime.tools.confirming.ways import ASKED, LINK, meta_of
from mcp_servers.runtime.tools.progress import ticking
from storage.db import Sessions, reading, writing
from storage.people.asked_changes import get_change, withdraw

WAIT_S = 15.0
"""How long a call waits for the page once its user went there: a call ends within 20 seconds."""

LOOK_EACH_S = 0.5
KEY = "confirm_url"

Result = CallToolResult | InputRequiredResult


@dataclass(frozen=True)
class ByUrl:
    """Asks by URL what a tool's result would ask by a link."""

    sessions: Sessions

    async def asked(
        self, ctx: Context[Local], params: CallToolRequestParams, result: Result, again: Callable[[], Awaitable[Result]]
    ) -> Result:
        """Return what the client is told in place of a link.

        Args:
            ctx: the call's context.
            params: the call, with what the client answered, on protocol 2026-07-28.
            result: what the tool returned.
            again: makes the call again, to learn what came of the question.
        """
        told = _question_in(result)
        if told is None or not _opens_addresses(ctx):
            return result
        link = str(told["confirm_url"])
        change_id = link.rpartition("/")[2]
        if (ctx.protocol_version or "") >= STATELESS_SINCE:
            answer = (params.input_responses or {}).get(KEY)
            if not isinstance(answer, ElicitResult):
                wanted = ElicitRequestURLParams(message=str(told["summary"]), url=link)
                return InputRequiredResult(
                    input_requests={KEY: ElicitRequest(params=wanted)}, request_state=f"{KEY} {change_id}"
                )
            action = answer.action
        else:
            action = (await ctx.elicit_url(str(told["summary"]), link, change_id)).action
        if action == "accept":
            await self._answered(ctx, change_id)
        else:
            async with writing(self.sessions) as session:
                await withdraw(session, change_id)
        return await again()

    async def _answered(self, ctx: Context[Local], change_id: str) -> None:
        """Wait until the question has its answer, for a while; a client of before 2026-07-28 is told when it has."""
        async with ticking(ctx):
            with anyio.move_on_after(WAIT_S):
                # The answer comes by the database, from whichever process the page is.
                while await self._is_open(change_id):  # noqa: ASYNC110
                    await anyio.sleep(LOOK_EACH_S)
                if (ctx.protocol_version or "") < STATELESS_SINCE:
                    await ctx.session.send_elicit_complete(change_id, ctx.request_id)

    async def _is_open(self, change_id: str) -> bool:
        async with reading(self.sessions) as session:
            return (await get_change(session, change_id)).is_open


def _question_in(result: Result) -> Mapping[str, Any] | None:
    told = result.structured_content if isinstance(result, CallToolResult) else None
    return told if isinstance(told, Mapping) and told.get("confirm_url") else None


def _opens_addresses(ctx: Context[Local]) -> bool:
    """Whether the client opens addresses and cannot show a question; one that can is asked in place."""
    if LINK in meta_of(ctx) or ASKED in meta_of(ctx) or can_be_asked(ctx):
        return False
    capabilities = ctx.session.client_capabilities
    if capabilities is None or capabilities.elicitation is None or capabilities.elicitation.url is None:
        return False
    return (ctx.protocol_version or "") >= STATELESS_SINCE or ctx.session.can_send_request
