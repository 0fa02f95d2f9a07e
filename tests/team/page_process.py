"""The page and its desk as a process of their own, beside tools and models, and a customer who uses it over HTTP."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.serve import build_app as build_tools
from storage.db import Sessions
from storage.settings import Settings
from team.standin.server import build_app as build_model
from tests.factories import PASSWORD
from tests.processes import free_port, process
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import MODELS, NAMES, Around, nothing

LOOKS_EVERY_S = 0.1
ACCEPTED = 202


@asynccontextmanager
async def behind_the_page(
    settings: Settings, sessions: Sessions, delay_ms: float, around: Around = nothing
) -> AsyncIterator[dict[str, str]]:
    """Serve the tools and both models, with something around each; yields what a page's environment says of them."""
    tools, *models = listening(), listening(), listening()
    settings = settings.model_copy(update={"public_mcp_url": address(tools)})
    (settings.shopdesk_home / "models.toml").write_text(MODELS.read_text())
    played = [
        (around(number, build_model(name, delay_ms=delay_ms)), listener)
        for number, (name, listener) in enumerate(zip(NAMES, models, strict=True), start=1)
    ]
    async with serving((around(0, build_tools(server_names(), settings, sessions)), tools), *played):
        yield {
            "PUBLIC_MCP_URL": address(tools),
            "MODEL1_BASE_URL": f"{address(models[0])}/v1",
            "MODEL2_BASE_URL": f"{address(models[1])}/v1",
        }


@asynccontextmanager
async def page_process(
    environment: dict[str, str], port: int = 0, log: Path | None = None
) -> AsyncIterator[tuple[str, Process]]:
    """Run `python -m ui`; yields its address and the process."""
    port = port or free_port()
    at = f"http://127.0.0.1:{port}"
    here = environment | {"UI_PORT": str(port), "PUBLIC_UI_URL": at}
    async with process(["-m", "ui"], here, ready=f"{at}/static/app.js", log=log) as started:
        yield at, started


@dataclass
class Visit:
    """A customer at a page, as the page sees them: it keeps a cookie, and reads the steps."""

    page: str
    chat: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    async def log_in(self, email: str) -> None:
        answer = await self._request("POST", "/auth/login", {"email": email, "password": PASSWORD})
        self.cookies = dict(answer.cookies)
        self.chat = (await self._request("POST", "/api/conversations", {})).json()["id"]

    async def post(self, what: str, body: dict[str, Any]) -> httpx2.Response:
        """Send something to the conversation."""
        return await self._request("POST", f"/api/conversations/{self.chat}/{what}", body)

    async def say(self, text: str) -> int:
        return (await self.post("messages", {"text": text, "image_ids": []})).status_code

    async def press(self, question_id: str, *, yes: bool = True) -> int:
        return (await self.post(f"confirmations/{question_id}", {"yes": yes})).status_code

    async def steps(self) -> list[dict[str, Any]]:
        """Every stored step: its kind beside its data."""
        exported = (await self._request("GET", f"/api/conversations/{self.chat}/export")).json()
        return [{"kind": event["kind"], "seq": event["seq"], **event["data"]} for event in exported["events"]]

    @asynccontextmanager
    async def listening(self, after: int = 0) -> AsyncIterator[Callable[[str], Awaitable[None]]]:
        """Follow the steps as the page does; yields what waits for the next one of a kind, tokens too."""
        where = f"/api/conversations/{self.chat}/events?after={after}"
        async with (
            httpx2.AsyncClient(base_url=self.page, cookies=self.cookies, timeout=30) as http,
            http.stream("GET", where) as stream,
        ):
            lines = stream.aiter_lines()

            async def came(kind: str) -> None:
                while await anext(lines) != f"event: {kind}":
                    continue

            yield came

    async def ended(self, after: int = 0) -> dict[str, Any]:
        """Wait for the end of a turn after that step, and return it."""
        while True:
            ends = [step for step in await self.steps() if step["kind"] == "turn_ended" and step["seq"] > after]
            if ends:
                return ends[0]
            await asyncio.sleep(LOOKS_EVERY_S)

    async def _request(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx2.Response:
        async with httpx2.AsyncClient(base_url=self.page, cookies=self.cookies, timeout=20) as http:
            answer = await http.request(method, path, json=body, headers={"Origin": self.page})
        if answer.status_code in {502, 503, 504} and "json" not in answer.headers.get("content-type", ""):
            raise httpx2.RemoteProtocolError(f"a proxy answered {answer.status_code}: the page behind it is away")
        return answer
