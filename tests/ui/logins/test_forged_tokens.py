"""A table of access tokens that nobody gave, each refused, whatever cookie comes with it."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from storage.tokens import Caller, mint
from tests.conftest import SECRET
from tests.ui.doors.programs import program
from tests.ui.logins.stage import Stage, conversations
from ui.logins.login import (
    ACCESS_AUDIENCE,
    AUDIENCE,
    COOKIE,
    VISITOR_AUDIENCE,
    login_token,
    password_mark,
    signed_token,
)


def signed(claims: dict[str, Any], key: Any = SECRET, algorithm: str = "HS256") -> str:  # noqa: ANN401 - a key of any kind
    return jwt.encode(claims, key, algorithm=algorithm)


def by_hand(claims: dict[str, Any], algorithm: str, key: bytes | None, hash: str = "sha256") -> str:
    """A token that no library makes: signed with a key that is none, or by nobody."""
    parts = [json.dumps(part).encode() for part in ({"alg": algorithm, "typ": "JWT"}, claims)]
    told = ".".join(map(_base64, parts))
    return f"{told}." if key is None else f"{told}.{_base64(hmac.digest(key, told.encode(), hash))}"


def _base64(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def with_another_body(stage: Stage) -> str:
    """The attacker's own token, whose claims were exchanged for the victim's."""
    head, _, seal = signed(stage.claims(sub=stage.attacker.id)).split(".")
    return ".".join((head, signed(stage.claims()).split(".")[1], seal))


def of_an_rsa_key(stage: Stage) -> str:
    return signed(stage.claims(), rsa.generate_private_key(public_exponent=65537, key_size=2048), "RS256")


def of_a_tool(stage: Stage) -> str:
    caller = Caller(str(stage.victim.customer_id), False, frozenset({"orders:read"}))
    return mint(SECRET, caller, audience=[ACCESS_AUDIENCE, AUDIENCE], expires_s=600)


FORGED: dict[str, Callable[[Stage], str]] = {
    "alg none": lambda stage: by_hand(stage.claims(), "none", None),
    "no seal": lambda stage: by_hand(stage.claims(), "HS256", None),
    "another key": lambda stage: signed(stage.claims(), "another key, which is long enough for this hash"),
    "an empty key": lambda stage: by_hand(stage.claims(), "HS256", b""),
    "an RSA key": of_an_rsa_key,
    "another hash": lambda stage: by_hand(stage.claims(), "HS512", SECRET.encode(), "sha512"),
    "another body": with_another_body,
    "another audience": lambda stage: signed(stage.claims(aud="http://127.0.0.1:8100/mcp")),
    "no audience": lambda stage: signed(stage.claims(aud=None)),
    "another issuer": lambda stage: signed(stage.claims(iss="shopdesk")),
    "no end": lambda stage: signed(stage.claims(exp=None)),
    "expired": lambda stage: signed(stage.claims(exp=int(time.time()) - 40)),
    "no password mark": lambda stage: signed(stage.claims(pwd="")),
    "the attacker's password mark": lambda stage: signed(stage.claims(pwd=password_mark(stage.attacker, SECRET))),
    "an account that is none": lambda stage: signed(stage.claims(sub="u_none")),
    "a tool's token": of_a_tool,
    "the page's cookie": lambda stage: login_token(stage.victim, SECRET),
    "a visit's cookie": lambda stage: signed_token(stage.victim.id, SECRET, VISITOR_AUDIENCE, login_id="v"),
    "a customer's id": lambda stage: str(stage.victim.customer_id),
    "a key that was made up": lambda _: "sk-shopdesk-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "nothing": lambda _: "",
}


async def test_the_token_that_the_forged_ones_are_made_of_is_good(stage: Stage) -> None:
    assert (await stage.begin(signed(stage.claims()))).status_code == 201


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("beside", ["no cookie", "the attacker's cookie"])
async def test_a_forged_token_is_refused(stage: Stage, forged: str, beside: str) -> None:
    cookies = {} if beside == "no cookie" else {COOKIE: login_token(stage.attacker, SECRET)}

    async with program(stage.app, FORGED[forged](stage)) as client:
        client.cookies.update(cookies)
        answer = await client.post("/api/conversations")

    assert (answer.status_code, answer.json()["code"]) == (401, "bad_bearer")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert await conversations(stage) == 0
