"""A shop whose page and tools are served over HTTP, a program that connects to it, and its user at the browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from mcp.client.auth import OAuthClientProvider, TokenStorage
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientInformationFull, OAuthClientMetadata, OAuthToken
from pydantic import AnyUrl

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.serve import build_app as build_tools
from storage.db import Sessions
from storage.people.accounts import Account
from storage.process.strangers import Network
from storage.settings import Settings
from team.desk.desk import open_desk
from tests.conftest import SECRET
from tests.team.serving import address, listening, serving
from ui.app import build_app
from ui.logins.login import COOKIE, login_token

BACK = "http://127.0.0.1:33418/callback"


@asynccontextmanager
async def open_shop(settings: Settings, sessions: Sessions, network: Network | None = None) -> AsyncIterator[Settings]:
    """Serve the page and the tools; yields the settings with their addresses."""
    tools, page = listening(), listening()
    settings = settings.model_copy(update={"public_mcp_url": address(tools), "public_ui_url": address(page)})
    async with open_desk(settings, sessions) as desk:
        tool_app = build_tools(server_names(), settings, sessions)
        page_app = build_app(settings, sessions, desk)
        page_app.state.parts.network = network or page_app.state.parts.network
        async with serving((tool_app, tools), (page_app, page)):
            yield settings


@dataclass
class Kept(TokenStorage):
    """What a program remembers between its starts."""

    tokens: OAuthToken | None = None
    client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


@dataclass
class Person:
    """Somebody at a browser, who decides about each program that asks."""

    settings: Settings
    account: Account
    says_yes: bool = True
    asked: list[dict[str, Any]] = field(default_factory=list)
    answer: AuthorizationCodeResult | None = None

    async def open(self, url: str) -> None:
        """Follow a program's link and decide; keeps what the program is sent back with."""
        async with self.browser() as browser:
            page = await browser.get(url)
            assert page.is_redirect, page.text
            back = await self.decide(browser, page.headers["location"])
        told = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
        self.answer = AuthorizationCodeResult(code=told["code"], state=told.get("state"), iss=told.get("iss"))

    async def decide(self, browser: httpx2.AsyncClient, page: str) -> str:
        """Say yes or no on the consent page, and return where that leads."""
        request = parse_qs(urlsplit(page).query)["request"][0]
        described = await browser.get("/api/consent", params={"request": request})
        assert described.status_code == 200, described.text
        self.asked.append(described.json())
        decision = {"request": request, "shown": described.json()["shown"], "yes": self.says_yes}
        decided = await browser.post("/api/consent", json=decision)
        assert decided.status_code == 200, decided.text
        return str(decided.json()["redirect"])

    def browser(self) -> httpx2.AsyncClient:
        """A browser of theirs, logged in."""
        cookies = {COOKIE: login_token(self.account, SECRET)}
        return httpx2.AsyncClient(base_url=self.settings.public_ui_url, cookies=cookies)

    async def answered(self) -> AuthorizationCodeResult:
        """What the program was sent back with."""
        assert self.answer is not None
        return self.answer


def program(url: str, kept: Kept, person: Person, described_at: str | None = None) -> OAuthClientProvider:
    """The SDK's own OAuth client, as a program that connects to `url` uses it."""
    return OAuthClientProvider(
        server_url=url,
        client_metadata=OAuthClientMetadata(
            redirect_uris=[AnyUrl(BACK)], client_name="A test program", token_endpoint_auth_method="none"
        ),
        storage=kept,
        redirect_handler=person.open,
        callback_handler=person.answered,
        client_metadata_url=described_at,
    )
