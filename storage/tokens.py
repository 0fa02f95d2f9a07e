"""Tokens: short-lived, signed by the shop, saying who may call which tool server."""

import hmac
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import jwt

from storage.owners import CustomerOnly, Nobody, Staff, Whose

ISSUER = "shopdesk"
ALGORITHM = "HS256"
LEEWAY_S = 30
"""How far two machines' clocks may differ; applied to every time in a token or a seal."""
VISITOR = "visitor:"
"""Prefix of a visitor's subject. No customer id starts with it: the database rejects that."""


class InvalidTokenError(Exception):
    """The token is not ours, is for another server, or has expired."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The token is not valid: {reason}. Create a new one with `shopdesk token`.")


@dataclass(frozen=True)
class Caller:
    """Who is calling: one customer, or staff. `conversation` names the chat the token was minted in.

    `as_of`, in seconds since 1970, makes a caller of the past: they see the shop as it was, and change nothing.
    """

    subject: str
    staff: bool
    scopes: frozenset[str]
    conversation: str | None = None
    language: str = "en"
    as_of: float | None = None

    @property
    def customer_id(self) -> str | None:
        """The customer, or None for staff. This is their identity; `whose` says what they may read."""
        return None if self.staff else self.subject

    @property
    def kind(self) -> Literal["staff", "customer", "visitor"]:
        """What sort of caller this is, as logs and traces tell it: it names nobody."""
        if self.staff:
            return "staff"
        return "visitor" if self.subject.startswith(VISITOR) else "customer"

    @property
    def whose(self) -> Whose:
        """Whose rows the caller may read."""
        if self.staff:
            return Staff()
        return Nobody() if self.subject.startswith(VISITOR) else CustomerOnly(self.subject)


def mint(secret: str, caller: Caller, *, audience: Sequence[str], expires_s: float) -> str:
    """Return a signed token for a caller.

    Args:
        secret: the shop's key.
        caller: who the token identifies.
        audience: the addresses of the servers it is for.
        expires_s: seconds until it expires.
    """
    at = time.time()
    claims = {
        "iss": ISSUER,
        "sub": caller.subject,
        "aud": list(audience),
        "iat": int(at),
        "exp": int(at + expires_s),
        "jti": secrets.token_urlsafe(12),
        "scope": " ".join(sorted(caller.scopes)),
        "staff": caller.staff,
        "lang": caller.language,
    }
    if caller.conversation is not None:
        claims["conversation"] = caller.conversation
    if caller.as_of is not None:
        claims["as_of"] = caller.as_of
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def verify(secret: str, token: str, *, audience: str) -> Caller:
    """Return who a token identifies, if it is ours, for this audience, and has not expired.

    Raises:
        InvalidTokenError: it is not.
    """
    return verify_until(secret, token, audience=audience)[0]


def verify_until(secret: str, token: str, *, audience: str) -> tuple[Caller, int]:
    """Return who a token identifies, as `verify` does, and when it expires, in seconds since the epoch.

    Raises:
        InvalidTokenError: it is not ours, not for this audience, or has expired.
    """
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=audience,
            issuer=ISSUER,
            leeway=LEEWAY_S,
            options={"require": ["iss", "sub", "aud", "exp", "jti"]},
        )
    except jwt.InvalidTokenError as error:
        raise InvalidTokenError(str(error)) from error
    caller = Caller(
        subject=claims["sub"],
        staff=claims.get("staff") is True,
        scopes=frozenset(claims.get("scope", "").split()),
        conversation=claims.get("conversation"),
        language=claims.get("lang", "en"),
        as_of=claims.get("as_of"),
    )
    return caller, int(claims["exp"])


def audience_of(public_url: str, servers: Sequence[str]) -> list[str]:
    """Return the audience that a token needs for these servers, separately and all together."""
    return [f"{public_url}/mcp", *(f"{public_url}/{server}/mcp" for server in servers)]


def proof_of_shop(secret: str, nonce: str) -> str:
    """Return what only a process with this shop's key can answer to a nonce, and is worth nothing for anything else."""
    return hmac.new(secret.encode(), f"shopdesk page {nonce}".encode(), "sha256").hexdigest()
