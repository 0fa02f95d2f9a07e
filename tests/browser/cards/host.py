"""A program that shows cards: the host's side of the MCP Apps SDK in a page, and an MCP client behind it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from mcp import Client
from mcp.types import CallToolResult, TextResourceContents
from playwright.async_api import Browser, FrameLocator, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.node.programs import node_programs
from tests.team.serving import address, listening, serving

HERE = Path(__file__).parent
CAN: dict[str, Any] = {"openLinks": {}, "serverTools": {}, "serverResources": {}, "message": {"text": {}}}
LOADED_WITHIN_MS = 120_000
# What a host has to allow where a card asks for nothing, and the proxy's own frame.
CLOSED = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "media-src 'self' data:; connect-src 'none'; frame-src 'none'; object-src 'none'; base-uri 'self'"
)


async def _host(_: Request) -> Response:
    return FileResponse(HERE / "host.html")


async def _script(_: Request) -> Response:
    return FileResponse(HERE / "host.js")


async def _sandbox(request: Request) -> Response:
    # Our cards declare no domain, and this host knows none.
    assert json.loads(request.query_params["csp"]) == {"connectDomains": [], "resourceDomains": []}
    return FileResponse(HERE / "sandbox.html", headers={"Content-Security-Policy": CLOSED})


@dataclass(frozen=True)
class Shown:
    """A card in the host's page."""

    page: Page
    result: CallToolResult

    @property
    def card(self) -> FrameLocator:
        """What is inside the card's own frame."""
        return self.page.frame_locator("#card").frame_locator("iframe")

    @property
    def facts(self) -> dict[str, Any]:
        """The structured result that the card was told."""
        return dict(self.result.structured_content or {})

    async def texts(self, selector: str) -> list[str]:
        """The texts of the card's elements, in the order in which they stand there."""
        return [" ".join(text.split()) for text in await self.card.locator(selector).all_text_contents()]

    async def asked(self) -> list[Any]:
        """What the card asked of its host besides reading."""
        found: list[Any] = await self.page.evaluate("window.asked")
        return found


@dataclass(frozen=True)
class Host:
    """The running host: its page, its connection to the shop's tools, and all that the browser asked for and said."""

    page: Page
    client: Client
    sandbox: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    async def show(
        self, tool: str, arguments: dict[str, Any], *, result: CallToolResult | None = None, **context: str
    ) -> Shown:
        """Call a tool and show its card; `result` stands in for the call's own, `context` is the host's."""
        tools = {one.name: one for one in (await self.client.list_tools()).tools}
        uri = (tools[tool].meta or {})["ui"]["resourceUri"]
        [html] = (await self.client.read_resource(uri)).contents
        assert isinstance(html, TextResourceContents)
        result = result or await self.client.call_tool(tool, arguments)
        csp = (html.meta or {})["ui"]["csp"]
        told = {"html": html.text, "csp": csp, "given": arguments, "context": context, "can": CAN}
        told["sandbox"] = f"{self.sandbox}/?csp={json.dumps(csp)}"
        told["result"] = result.model_dump(mode="json", by_alias=True, exclude_none=True)
        self.requests.clear()
        await self.page.evaluate("(told) => window.showCard(told)", told)
        return Shown(self.page, result)

    def asked_outside(self) -> list[str]:
        """What was asked for since the card is shown, besides the host's own sandbox."""
        return [url for url in self.requests if not url.startswith((self.sandbox, "data:", "about:"))]


async def _answer(client: Client, method: str, params: dict[str, Any]) -> object:
    """Pass a card's request on to the shop's tools, as a host may."""
    if method == "resources/read":
        return (await client.read_resource(params["uri"])).model_dump(mode="json", by_alias=True, exclude_none=True)
    called = await client.call_tool(params["name"], params["arguments"])
    return called.model_dump(mode="json", by_alias=True, exclude_none=True)


@asynccontextmanager
async def open_host(browser: Browser, client: Client, *, width: int = 640) -> AsyncIterator[Host]:
    """Open the host's page, with its sandbox on another origin."""
    modules = Mount("/modules", StaticFiles(directory=node_programs().modules))
    page = Starlette(routes=[Route("/", _host), Route("/host.js", _script), modules])
    at, sandbox = listening(), listening()
    async with serving((page, at), (Starlette(routes=[Route("/", _sandbox)]), sandbox)):
        window = await browser.new_context(viewport={"width": width, "height": 900}, locale="en-US")
        # The page loads some two hundred modules, as they are.
        window.set_default_timeout(LOADED_WITHIN_MS)
        host = Host(await window.new_page(), client, address(sandbox))
        host.page.on("request", lambda sent: host.requests.append(sent.url))
        host.page.on("pageerror", lambda error: host.complaints.append(str(error)))
        host.page.on("console", lambda said: host.complaints.append(said.text) if said.type == "error" else None)
        await host.page.expose_function("asks", partial(_answer, client))
        await host.page.goto(address(at))
        await host.page.wait_for_function("window.showCard !== undefined")
        host.complaints.clear()
        yield host
        await window.close()
