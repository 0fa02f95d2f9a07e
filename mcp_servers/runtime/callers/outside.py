"""Tokens from an external issuer: verified with its public keys, and mapped to a customer or staff of this shop."""

import logging
from dataclasses import dataclass
from typing import Any

import jwt

from mcp_servers.runtime.callers.issuer_keys import IssuerKeys
from storage.db import Sessions, reading
from storage.settings import Settings
from storage.shop.customers import CustomerNotFoundError, find_customers, get_customer
from storage.tokens import LEEWAY_S, Caller

logger = logging.getLogger(__name__)

# Only asymmetric signatures: with a shared-key algorithm, the public key could be used to forge one.
ALGORITHMS = [*(f"{kind}{size}" for kind in ("RS", "PS", "ES") for size in (256, 384, 512)), "EdDSA"]


@dataclass(frozen=True)
class OutsideToken:
    """Who an external issuer's token identifies, and until when, in seconds since the epoch."""

    caller: Caller
    expires_at: int
    client_id: str


class OutsideIssuer:
    """The issuer in `OIDC_ISSUER`, and whom its tokens identify in this shop."""

    def __init__(self, settings: Settings, sessions: Sessions) -> None:
        self._settings = settings
        self._sessions = sessions
        self._keys = IssuerKeys(settings.oidc_issuer)

    def issued(self, token: str) -> bool:
        """Return whether a token claims to be this issuer's; nothing has been verified yet."""
        try:
            _key_id(token)
            issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
        except jwt.InvalidTokenError:
            return False
        return str(issuer).rstrip("/") == self._settings.oidc_issuer.rstrip("/")

    async def require(self, token: str) -> None:
        """Check that the issuer's keys are available.

        Raises:
            IssuerAwayError: they are not.
        """
        await self._keys.find(_key_id(token))

    async def read(self, token: str, address: str) -> OutsideToken | None:
        """Return whom a token identifies at this address of the shop, or None, logging the reason.

        Raises:
            IssuerAwayError: the issuer's keys are unavailable.
        """
        key = await self._keys.find(_key_id(token))
        try:
            if key is None:
                raise jwt.InvalidKeyError("it is signed with a key the issuer does not list")
            claims = self._verified(token, key, self._settings.oidc_audience or address)
        except jwt.PyJWTError as error:
            logger.warning("A token from %s was rejected: %s", self._keys.named, error)
            return None
        caller = await self._caller(claims)
        if caller is None:
            logger.warning("A token from %s names nobody in this shop (OIDC_CUSTOMER_CLAIM)", self._keys.named)
            return None
        client_id = str(claims.get("azp") or claims.get("client_id") or claims["sub"])
        return OutsideToken(caller, int(claims["exp"]), client_id)

    def _verified(self, token: str, key: jwt.PyJWK, audience: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=ALGORITHMS,
            audience=audience,
            issuer=self._keys.named,
            leeway=LEEWAY_S,
            options={"require": ["iss", "sub", "aud", "exp"]},
        )
        return claims

    async def _caller(self, claims: dict[str, Any]) -> Caller | None:
        scopes = _scopes(claims)
        if self._is_staff(claims):
            return Caller(str(claims["sub"]), staff=True, scopes=scopes)
        claim = self._settings.oidc_customer_claim
        named = claims.get(claim)
        # Anybody can put somebody else's email in a profile: it counts only once the issuer has verified it.
        if not isinstance(named, str) or (claim == "email" and claims.get("email_verified") is not True):
            return None
        async with reading(self._sessions) as session:
            if claim == "email":
                found = await find_customers(session, email=named)
                customer = found[0] if found else None
            else:
                try:
                    customer = await get_customer(session, named)
                except CustomerNotFoundError:
                    customer = None
        return None if customer is None else Caller(customer.id, staff=False, scopes=scopes, language=customer.language)

    def _is_staff(self, claims: dict[str, Any]) -> bool:
        claim, _, wanted = self._settings.oidc_staff.partition("=")
        if not wanted:
            return False
        held = claims.get(claim)
        return wanted in held if isinstance(held, list) else held == wanted


def _key_id(token: str) -> str | None:
    key_id = jwt.get_unverified_header(token).get("kid")
    return None if key_id is None else str(key_id)


def _scopes(claims: dict[str, Any]) -> frozenset[str]:
    # RFC 9068 has `scope`, a space-separated string; some issuers write `scp`, a list or a string.
    held = claims.get("scope", claims.get("scp", ""))
    return frozenset(map(str, held)) if isinstance(held, list) else frozenset(str(held).split())
