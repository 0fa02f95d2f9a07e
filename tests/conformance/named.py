"""A server of our runtime with the names the suite calls: `python -m tests.conformance.named PORT`."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import uvicorn
from mcp.server.context import ServerRequestContext
from mcp.server.streamable_http import EventCallback, EventId, EventMessage, EventStore, StreamId
from mcp.types import (
    EmptyResult,
    JSONRPCMessage,
    SetLevelRequestParams,
    SubscribeRequestParams,
    UnsubscribeRequestParams,
)
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from mcp_servers.runtime.caller import Local
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.serving.build import ShopServer, make_server
from mcp_servers.runtime.serving.open_routes import allowed_callers
from storage.db import Sessions, open_sessions
from storage.settings import Settings, load_settings
from storage.tokens import Caller
from tests.conformance import content, forms, rounds, shelf

NAME = "named"
RETRY_MS = 100
EVERY_KEYWORD = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}
"""The keywords the suite looks for; no tool of a shop has them, since small models fail on them."""


class Events(EventStore):
    """Keeps what streams sent, so that a client that comes back gets the rest."""

    def __init__(self) -> None:
        self._sent: list[tuple[StreamId, JSONRPCMessage | None]] = []

    async def store_event(self, stream_id: StreamId, message: JSONRPCMessage | None) -> EventId:
        """Keep one; its id is its place."""
        self._sent.append((stream_id, message))
        return str(len(self._sent) - 1)

    async def replay_events_after(self, last_event_id: EventId, send_callback: EventCallback) -> StreamId | None:
        """Send what came after on the same stream."""
        last = int(last_event_id)
        stream = self._sent[last][0]
        for place, (of, message) in enumerate(self._sent):
            if place > last and of == stream and message is not None:
                await send_callback(EventMessage(message, str(place)))
        return stream


def build_server(settings: Settings, sessions: Sessions) -> ShopServer:
    """Return the server; what no server of the shop has comes in by the SDK's own door."""
    named = ToolServer(
        NAME,
        title="Named",
        instructions="",
        reads=[*content.TOOLS, *forms.TOOLS, *rounds.TOOLS],
        resources=shelf.RESOURCES,
        prompts=shelf.PROMPTS,
    )
    who = Caller("suite", staff=True, scopes=frozenset({f"{NAME}:read"}))
    server = make_server(NAME, [named], settings, sessions, local=who)
    tool = server.tools["json_schema_2020_12_tool"]
    assert tool is not None
    tool.parameters = EVERY_KEYWORD
    for method, params in (
        ("logging/setLevel", SetLevelRequestParams),
        ("resources/subscribe", SubscribeRequestParams),
        ("resources/unsubscribe", UnsubscribeRequestParams),
    ):
        server.add_request_handler(method, params, _noted)
    return server


async def _noted(_ctx: ServerRequestContext[Local], _params: object) -> EmptyResult:
    return EmptyResult()


async def _ready(_: Request) -> Response:
    return JSONResponse({"ok": True})


async def serve(port: int) -> None:
    """Serve it at /mcp of this port until interrupted."""
    settings = load_settings().model_copy(update={"public_mcp_url": f"http://127.0.0.1:{port}"})
    async with open_sessions(settings.database) as sessions:
        server = build_server(settings, sessions)
        inner = server.streamable_http_app(
            event_store=Events(), retry_interval=RETRY_MS, transport_security=allowed_callers(settings)
        )

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            async with server.session_manager.run():
                yield

        app = Starlette(routes=[Route("/health", _ready), Mount("/", app=inner)], lifespan=lifespan)
        await uvicorn.Server(uvicorn.Config(app, port=port, http="h11", log_level="warning")).serve()


if __name__ == "__main__":
    anyio.run(serve, int(sys.argv[1]))
