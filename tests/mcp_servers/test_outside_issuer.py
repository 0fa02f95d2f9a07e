"""Tokens of an outside issuer: whom they let in, and what does not get past."""

import base64
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mcp_servers.runtime.callers import issuer_keys
from mcp_servers.runtime.serving.serve import build_app
from storage.db import Sessions
from storage.settings import Settings
from storage.shop.customers import Customer
from storage.tokens import Caller
from tests.factories import add_customer, add_order
from tests.mcp_servers.issuer import Issuer, new_key, open_issuer
from tests.team.serving import address, listening, serving
from tests.tools_process import client_at, token_of

OLIVIA = "olivia@example.com"
EMAIL: dict[str, object] = {"email": OLIVIA, "email_verified": True}


@dataclass(frozen=True)
class Tools:
    """The orders server, which trusts an issuer, and the customer whose email that issuer knows."""

    settings: Settings
    issuer: Issuer
    customer: Customer

    @property
    def url(self) -> str:
        return f"{self.settings.public_mcp_url}/orders/mcp"

    async def status(self, token: str) -> int:
        """What the server answers to a first message with this token."""
        return (await self.answer(token)).status_code

    async def answer(self, token: str) -> httpx2.Response:
        hello = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream"}
        async with httpx2.AsyncClient() as http:
            return await http.post(self.url, json=hello, headers=headers)


@asynccontextmanager
async def open_tools(settings: Settings, sessions: Sessions, **changed: str) -> AsyncIterator[Tools]:
    customer = await add_customer(sessions, email=OLIVIA)
    listener = listening()
    async with open_issuer() as issuer:
        settings = settings.model_copy(
            update={"public_mcp_url": address(listener), "oidc_issuer": issuer.url, **changed}
        )
        async with serving((build_app(["orders"], settings, sessions), listener)):
            yield Tools(settings, issuer, customer)


async def orders_seen(tools: Tools, token: str) -> set[str]:
    async with client_at(tools.url, token) as client:
        result = await client.call_tool("list_orders", {})
    assert result.structured_content is not None, result.content
    return {order["order_id"] for order in result.structured_content["orders"]}


async def test_a_customer_of_the_issuer_sees_their_own_orders_and_staff_sees_all(
    settings: Settings, sessions: Sessions
) -> None:
    async with open_tools(settings, sessions, oidc_staff="groups=shop-staff") as tools:
        mine = await add_order(sessions, customer_id=tools.customer.id)
        other = await add_order(sessions)
        customers = await orders_seen(tools, tools.issuer.token(tools.url, EMAIL))
        staffs = await orders_seen(tools, tools.issuer.token(tools.url, {"groups": ["x", "shop-staff"]}))

    assert customers == {mine.id}
    assert staffs == {mine.id, other.id}


async def test_the_metadata_of_the_tools_names_the_issuer(settings: Settings, sessions: Sessions) -> None:
    async with open_tools(settings, sessions) as tools, httpx2.AsyncClient() as http:
        base = tools.settings.public_mcp_url
        told = (await http.get(f"{base}/.well-known/oauth-protected-resource/orders/mcp")).json()

    assert told["authorization_servers"] == [tools.issuer.url]


@pytest.mark.parametrize(
    ("changed", "claims", "welcome"),
    [
        ({}, EMAIL, True),
        ({}, EMAIL | {"email_verified": False}, False),
        ({}, EMAIL | {"email_verified": "true"}, False),
        ({}, EMAIL | {"email": "nobody@example.com"}, False),
        ({}, EMAIL | {"aud": "http://127.0.0.1:1/orders/mcp"}, False),
        ({}, EMAIL | {"exp": 1}, False),
        ({}, EMAIL | {"iss": "https://evil.example"}, False),
        ({}, {"groups": "shop-staff"}, False),
        ({"oidc_staff": "groups=shop-staff"}, {"groups": "shop-staff"}, True),
        ({"oidc_staff": "groups=shop-staff"}, {"groups": "shop-staff-not"}, False),
        ({"oidc_audience": "shop-api"}, EMAIL | {"aud": ["other", "shop-api"]}, True),
        ({"oidc_audience": "shop-api"}, EMAIL, False),
        ({"oidc_customer_claim": "shop_id"}, EMAIL, False),
        ({"oidc_customer_claim": "shop_id"}, {"shop_id": "c_olivia"}, False),
        ({"oidc_customer_claim": "shop_id"}, {"shop_id": ["c_1"]}, False),
    ],
)
async def test_a_token_is_held_against_its_audience_time_issuer_and_person(
    settings: Settings, sessions: Sessions, changed: dict[str, str], claims: dict[str, object], welcome: bool
) -> None:
    async with open_tools(settings, sessions, **changed) as tools:
        answered = await tools.status(tools.issuer.token(tools.url, claims))

    assert (answered != 401) is welcome


async def test_a_customer_may_be_named_by_their_id_in_the_shop(settings: Settings, sessions: Sessions) -> None:
    async with open_tools(settings, sessions, oidc_customer_claim="shop_id") as tools:
        mine = await add_order(sessions, customer_id=tools.customer.id)
        seen = await orders_seen(tools, tools.issuer.token(tools.url, {"shop_id": tools.customer.id}))

    assert seen == {mine.id}


def _forged(tools: Tools, algorithm: str) -> str:
    """A token signed with what everybody can read: the public key as a shared one, or nothing."""
    claims = jwt.decode(tools.issuer.token(tools.url, EMAIL), options={"verify_signature": False})
    if algorithm == "none":
        return jwt.encode(claims, "", algorithm="none", headers={"kid": "first"})
    pem = tools.issuer.keys["first"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    # PyJWT itself refuses to sign with such a key.
    part = [
        base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=")
        for each in ({"alg": "HS256", "typ": "JWT", "kid": "first"}, claims)
    ]
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(".".join(part).encode(), pem)
    return ".".join([*part, base64.urlsafe_b64encode(signature).decode().rstrip("=")])


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
async def test_a_token_signed_with_the_public_key_or_with_nothing_is_refused(
    settings: Settings, sessions: Sessions, algorithm: str
) -> None:
    async with open_tools(settings, sessions) as tools:
        assert await tools.status(_forged(tools, algorithm)) == 401


async def test_the_shop_s_own_key_signs_no_token_of_the_issuer(settings: Settings, sessions: Sessions) -> None:
    async with open_tools(settings, sessions) as tools:
        claims = jwt.decode(tools.issuer.token(tools.url, EMAIL), options={"verify_signature": False})
        assert await tools.status(jwt.encode(claims, settings.secret, algorithm="HS256")) == 401


async def test_a_new_key_is_found_and_an_unknown_one_does_not_make_the_shop_ask_again_and_again(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_tools(settings, sessions) as tools:
        mine = await add_order(sessions, customer_id=tools.customer.id)
        before = await orders_seen(tools, tools.issuer.token(tools.url, EMAIL))
        tools.issuer.keys["stolen"] = new_key()
        stolen = tools.issuer.token(tools.url, EMAIL, key="stolen")
        del tools.issuer.keys["stolen"]
        refused = {await tools.status(stolen) for _ in range(5)}
        asked = tools.issuer.asked
        monkeypatch.setattr(issuer_keys, "RETRY_S", 0)
        tools.issuer.keys = {"second": new_key()}
        after = await orders_seen(tools, tools.issuer.token(tools.url, EMAIL, key="second"))

    assert (before, after) == ({mine.id}, {mine.id})
    assert (refused, asked) == ({401}, 1)


async def test_while_the_issuer_is_away_its_tokens_get_503_and_the_shop_s_own_still_work(
    settings: Settings, sessions: Sessions, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuer_keys, "RETRY_S", 0)
    async with open_tools(settings, sessions) as tools:
        own = token_of(tools.settings, Caller(tools.customer.id, False, frozenset({"orders:read"})))
        tools.issuer.away = True
        with caplog.at_level(logging.WARNING):
            away = await tools.answer(tools.issuer.token(tools.url, EMAIL))
        seen = await orders_seen(tools, own)
        tools.issuer.away = False
        back = await orders_seen(tools, tools.issuer.token(tools.url, EMAIL))

    assert (away.status_code, away.json()["error"], "retry-after" in away.headers) == (
        503,
        "temporarily_unavailable",
        True,
    )
    assert "neither OpenID nor OAuth metadata" in caplog.text
    assert (seen, back) == (set(), set())


@pytest.mark.parametrize("token", ["-", "x", "a.b.c", "eyJhbGciOiJSUzI1NiIsImtpZCI6MX0.e30.AA"])
async def test_a_broken_token_is_a_401_and_no_fault(settings: Settings, sessions: Sessions, token: str) -> None:
    async with open_tools(settings, sessions) as tools:
        assert await tools.status(token) == 401
