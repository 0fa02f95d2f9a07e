"""Verifying a request's bearer token for the server it was sent to."""

import time
from functools import lru_cache

from mcp.server.auth.provider import TokenVerifier
from mcp.server.auth.settings import AuthSettings

from mcp_servers.runtime.caller import ShopToken
from mcp_servers.runtime.callers.outside import OutsideIssuer
from storage.tokens import LEEWAY_S, InvalidTokenError, verify_until

# Verifying a token takes longer than looking up an order, and a client keeps sending the same one.
REMEMBERED = 1_000


class ShopVerifier(TokenVerifier):
    """Accepts unexpired tokens for this server's address: the shop's own, and an external issuer's."""

    def __init__(self, secret: str, address: str, outside: OutsideIssuer | None) -> None:
        self._secret = secret
        self._address = address
        self._outside = outside
        self._read = lru_cache(REMEMBERED)(self._read_token)

    async def verify_token(self, token: str) -> ShopToken | None:
        """Return the token with its caller, or None, which the SDK answers with 401."""
        if self._outside is not None and self._outside.issued(token):
            return await self._from_outside(self._outside, token)
        try:
            read = self._read(token)
        except InvalidTokenError:
            return None
        return read if read.expires_at > time.time() else None

    async def _from_outside(self, outside: OutsideIssuer, token: str) -> ShopToken | None:
        read = await outside.read(token, self._address)
        if read is None:
            return None
        return ShopToken(
            token=token,
            client_id=read.client_id,
            subject=read.caller.subject,
            scopes=sorted(read.caller.scopes),
            expires_at=read.expires_at + LEEWAY_S,
            resource=self._address,
            caller=read.caller,
        )

    def _read_token(self, token: str) -> ShopToken:
        caller, expires_at = verify_until(self._secret, token, audience=self._address)
        return ShopToken(
            token=token,
            client_id=caller.subject,
            subject=caller.subject,
            scopes=sorted(caller.scopes),
            expires_at=expires_at + LEEWAY_S,
            resource=self._address,
            caller=caller,
        )


def auth_settings(issuer: str, address: str) -> AuthSettings:
    """Return what the SDK needs to guard one server.

    Args:
        issuer: who issues tokens: the page, which owns accounts and login, or the external issuer.
        address: the URL at which clients reach this server.
    """
    # As text: an AnyHttpUrl would add a "/" that is not in the issuer's own metadata.
    return AuthSettings.model_validate(
        {
            "issuer_url": issuer,
            "resource_server_url": address,
            "required_scopes": [],
            "validate_token_resource": True,
        }
    )
