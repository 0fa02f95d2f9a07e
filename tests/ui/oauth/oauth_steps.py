"""The steps of a connection one by one, for tests that take a wrong one."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2

from storage.db import Sessions
from storage.process.strangers import Network
from storage.settings import Settings
from tests.ui.oauth.oauth_shop import BACK, Person, open_shop
from tests.ui.visitor import add_customer_account

VERIFIER = "v" * 64
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
Answer = dict[str, Any]


@dataclass
class Steps:
    """A program and its user, at a shop that is served over HTTP."""

    shop: Settings
    person: Person
    http: httpx2.AsyncClient
    client: Answer

    async def register(self, **changed: object) -> httpx2.Response:
        metadata = {"redirect_uris": [BACK], "client_name": "A program", "token_endpoint_auth_method": "none"}
        return await self.http.post("/register", json=metadata | changed)

    def link(self, **changed: str | None) -> str:
        """The address the program opens in the browser; None leaves a parameter out."""
        usual: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.client["client_id"],
            "redirect_uri": BACK,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "resource": f"{self.shop.public_mcp_url}/mcp",
            "state": "s1",
        }
        told = {name: value for name, value in (usual | changed).items() if value is not None}
        return f"{self.shop.public_ui_url}/authorize?{urlencode(told)}"

    async def code(self, **changed: str | None) -> str:
        """The code after a yes."""
        await self.person.open(self.link(**changed))
        return (await self.person.answered()).code

    async def token(self, **told: str) -> httpx2.Response:
        return await self.http.post("/token", data={"client_id": self.client["client_id"], **told})

    async def exchange(self, code: str, **changed: str) -> httpx2.Response:
        usual = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
        return await self.token(**(usual | changed))

    async def refresh(self, token: str, **more: str) -> httpx2.Response:
        return await self.token(grant_type="refresh_token", refresh_token=token, **more)

    async def tokens(self, **changed: str | None) -> Answer:
        """The tokens of a whole connection."""
        answer = await self.exchange(await self.code(**changed))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def sealed(self, **changed: str | None) -> str:
        """The request as the consent page gets it."""
        answer = await self.http.get(self.link(**changed))
        return parse_qs(urlsplit(answer.headers["location"]).query)["request"][0]


@asynccontextmanager
async def connecting(settings: Settings, sessions: Sessions, **metadata: object) -> AsyncIterator[Steps]:
    """A shop, a customer with a login, and a program that has registered."""
    async with connecting_over(None, settings, sessions, metadata) as steps:
        yield steps


@asynccontextmanager
async def connecting_over(
    network: Network | None, settings: Settings, sessions: Sessions, metadata: Answer
) -> AsyncIterator[Steps]:
    """The same, at a shop that reaches strangers over this network."""
    account = await add_customer_account(sessions)
    async with open_shop(settings, sessions, network) as shop, httpx2.AsyncClient(base_url=shop.public_ui_url) as http:
        steps = Steps(shop, Person(shop, account), http, {})
        registered = await steps.register(**metadata)
        assert registered.status_code == 201, registered.text
        steps.client = registered.json()
        yield steps
