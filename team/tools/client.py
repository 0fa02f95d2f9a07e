"""One customer's MCP client for the tool servers: it signs each request with their token and runs in its own task."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Mapping
from importlib.metadata import version
from typing import Any, TypeVar, cast

import httpx2
from mcp import Client, MCPError
from mcp.client.context import ClientRequestContext
from mcp.client.streamable_http import streamable_http_client
from mcp.types import (
    CallToolRequest,
    CallToolRequestParams,
    CallToolResult,
    ElicitRequestParams,
    ElicitResult,
    Implementation,
    InputRequiredResult,
    InputResponses,
    RequestParamsMeta,
    Tool,
)
from pydantic import TypeAdapter

from storage.tokens import Caller
from storage.traces.tracing import nobodys
from team.pool import Borrowed

PROTOCOL = "2026-07-28"
OURSELVES = Implementation(name="shopdesk", title="Shopdesk", version=version("shopdesk"))
"""How the audit names the chat, where a customer answers there."""

TIMEOUT = httpx2.Timeout(30, connect=5, read=300)
CALL_S = 25
"""A tool times out by itself within 20 seconds: a server that has not answered by now is stuck."""
CONNECTION_CLOSED = -32000

RESULT: TypeAdapter[CallToolResult | InputRequiredResult] = TypeAdapter(CallToolResult | InputRequiredResult)

T = TypeVar("T")


class ServerUnreachableError(Exception):
    """The tool servers do not answer, or the connection broke during a call."""

    def __init__(self, url: str) -> None:
        super().__init__(f"The tool servers at {url} cannot be reached.")


class ServerSlowError(ServerUnreachableError):
    """The tool servers accepted a request but did not answer it in time."""


class Bearer(httpx2.Auth):
    """Mints a token for each request, so that an expired one is never sent."""

    def __init__(self, mint: Callable[[], str]) -> None:
        self.mint = mint

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        """Sign the request."""
        request.headers["Authorization"] = f"Bearer {self.mint()}"
        yield request


class CustomerClient:
    """The client of one conversation. It is opened when needed, and reopened after its connection breaks."""

    def __init__(
        self, url: str, pool: httpx2.AsyncHTTPTransport, caller: Caller, mint: Callable[[Caller], str]
    ) -> None:
        self.url = url
        self.pool = pool
        self.caller = caller
        self.mint = mint
        self.calls = 0
        self._ready: asyncio.Future[Client] | None = None
        self._owner: asyncio.Task[None] | None = None
        self._leave = asyncio.Event()

    async def call_tool(
        self,
        name: str,
        arguments: dict[str, Any],
        *,
        request_state: str | None = None,
        input_responses: InputResponses | None = None,
        meta: Mapping[str, Any] | None = None,
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool once; a question is returned as it is. `meta` is sent to the server along with the arguments.

        Raises:
            ServerUnreachableError: there was no answer; whether the call was carried out is unknown.
            ServerSlowError: there was none in time.
            MCPError: the server rejected the request itself.
        """
        return await self._ask(
            # Not `session.call_tool`: each client would first list all tools, only to check results against the schemas
            # that the servers have just used to produce them.
            lambda client: client.session.send_request(
                CallToolRequest(
                    params=CallToolRequestParams(
                        name=name,
                        arguments=arguments,
                        request_state=request_state,
                        input_responses=input_responses,
                        _meta=None if meta is None else cast(RequestParamsMeta, dict(meta)),
                    )
                ),
                RESULT,
            )
        )

    async def list_tools(self) -> list[Tool]:
        """Return every tool this customer may call.

        Raises:
            ServerUnreachableError: there was no answer.
        """
        listed = await self._ask(lambda client: client.list_tools())
        found = list(listed.tools)
        while (cursor := listed.next_cursor) is not None:
            listed = await self._ask(lambda client, at=cursor: client.list_tools(cursor=at))  # type: ignore[misc]
            found += listed.tools
        return found

    async def close(self) -> None:
        """End the client's task."""
        self._leave.set()
        if self._owner is not None:
            await asyncio.wait({self._owner})

    async def _ask(self, request: Callable[[Client], Awaitable[T]]) -> T:
        self.calls += 1
        try:
            try:
                async with asyncio.timeout(CALL_S):
                    client, owner = await self._open()
                    work = asyncio.ensure_future(request(client))
                    await _first_of(work, owner)
            except TimeoutError as error:
                raise ServerSlowError(self.url) from error
            if not work.done() or work.cancelled() or owner.done() or _closed(work.exception()):
                raise ServerUnreachableError(self.url) from (None if work.cancelled() else work.exception())
            return work.result()
        finally:
            self.calls -= 1

    async def _open(self) -> tuple[Client, asyncio.Task[None]]:
        # anyio requires a client to be exited in the task that entered it, and the client outlives a single turn.
        if self._owner is None or self._owner.done() or self._ready is None:
            self._leave = asyncio.Event()
            self._ready = asyncio.get_running_loop().create_future()
            self._owner = asyncio.create_task(self._own(self._ready, self._leave), context=nobodys())
            self._owner.add_done_callback(_retrieved)
        # Whoever comes while it is being opened waits for the same one.
        ready, owner = self._ready, self._owner
        opened: set[asyncio.Future[Any]] = {ready, owner}
        await asyncio.wait(opened, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            raise ServerUnreachableError(self.url) from owner.exception()
        return ready.result(), owner

    async def _own(self, ready: asyncio.Future[Client], leave: asyncio.Event) -> None:
        auth = Bearer(lambda: self.mint(self.caller))
        async with (
            httpx2.AsyncClient(transport=Borrowed(self.pool), auth=auth, timeout=TIMEOUT) as http,
            Client(
                streamable_http_client(self.url, http_client=http),
                mode=PROTOCOL,
                client_info=OURSELVES,
                elicitation_callback=_never,
            ) as client,
        ):
            ready.set_result(client)
            await leave.wait()


async def _never(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
    raise RuntimeError("the desk asks the customer, not the client")


async def _first_of(work: asyncio.Future[Any], owner: asyncio.Task[None]) -> None:
    try:
        await asyncio.wait({work, owner}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        if not work.done():
            work.cancel()
            await asyncio.wait({work})


def _closed(error: BaseException | None) -> bool:
    return isinstance(error, MCPError) and error.code == CONNECTION_CLOSED


def _retrieved(owner: asyncio.Task[None]) -> None:
    # Whoever waits for the client raises their own error, so keep asyncio from reporting this one.
    if not owner.cancelled():
        owner.exception()
