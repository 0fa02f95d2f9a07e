"""Telling clients that listen: a question's link is a resource that is updated when its person has answered.

On protocol 2026-07-28 a client names it in `subscriptions/listen`, whose answer is the stream of what happens.
"""

import anyio
from mcp.server.context import ServerRequestContext
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ResourceUpdated
from mcp.types import SubscriptionsListenRequestParams, SubscriptionsListenResult

from mcp_servers.runtime.caller import Local, caller_of
from storage.db import Sessions, reading
from storage.people.asked_changes import find_asked
from storage.tokens import Caller

LOOK_EACH_S = 0.5
MOST = 100
"""Questions that one stream is told of."""


class Listening(ListenHandler):
    """Serves listening clients, and looks for them whether their questions were answered, by whatever process."""

    def __init__(self, changes: InMemorySubscriptionBus, sessions: Sessions, links: str) -> None:
        super().__init__(changes)
        self._changes = changes
        self._questions = sessions
        self._links = links

    async def __call__(
        self, ctx: ServerRequestContext[Local], params: SubscriptionsListenRequestParams
    ) -> SubscriptionsListenResult:
        """Serve one stream until its client leaves."""
        named = [uri for uri in params.notifications.resource_subscriptions or () if uri.startswith(self._links)]
        async with anyio.create_task_group() as besides:
            if named:
                besides.start_soon(self._look, caller_of(ctx.lifespan_context), named[:MOST])
            result = await super().__call__(ctx, params)
            besides.cancel_scope.cancel()
        return result

    async def _look(self, caller: Caller, links: list[str]) -> None:
        waiting = {link.removeprefix(self._links): link for link in links}
        while waiting:
            await anyio.sleep(LOOK_EACH_S)
            async with reading(self._questions) as session:
                rows = await find_asked(session, caller, list(waiting))
            for row in rows:
                if not row.is_open and (row.answer is None or row.outcome is not None):
                    await self._changes.publish(ResourceUpdated(waiting.pop(row.id)))
