"""Verifying the bearer token of a request against the one server it came to."""

import time
from functools import lru_cache

from mcp.server.auth.provider import TokenVerifier
from mcp.server.auth.settings import AuthSettings

from mcp_servers.runtime.caller import ShopToken
from storage.tokens import InvalidTokenError, verify_until

# Reading a token takes longer than looking up an order, and a client sends the same one again and again.
REMEMBERED = 1_000


class ShopVerifier(TokenVerifier):
    """Accepts the shop's own tokens that name this server's address in their audience and have not expired."""

    def __init__(self, secret: str, address: str) -> None:
        self._secret = secret
        self._address = address
        self._read = lru_cache(REMEMBERED)(self._read_token)

    async def verify_token(self, token: str) -> ShopToken | None:
        """Return the token with its caller, or None, which the SDK answers with 401."""
        try:
            read = self._read(token)
        except InvalidTokenError:
            return None
        return read if read.expires_at > time.time() else None

    def _read_token(self, token: str) -> ShopToken:
        caller, expires_at = verify_until(self._secret, token, audience=self._address)
        return ShopToken(
            token=token,
            client_id=caller.subject,
            subject=caller.subject,
            scopes=sorted(caller.scopes),
            expires_at=expires_at,
            resource=self._address,
            caller=caller,
        )


def auth_settings(issuer: str, address: str) -> AuthSettings:
    """Return what the SDK needs to guard one server.

    Args:
        issuer: the address of the page, which owns accounts and login.
        address: the address of this server, as clients reach it.
    """
    # Given as text: an AnyHttpUrl made here would add a "/" that no client finds in the issuer's own metadata.
    return AuthSettings.model_validate(
        {
            "issuer_url": issuer,
            "resource_server_url": address,
            "required_scopes": [],
            "validate_token_resource": True,
        }
    )
