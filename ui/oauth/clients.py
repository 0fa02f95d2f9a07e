"""Programs that register themselves: what may be registered, and how a registered one is recognized."""

import hmac
import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from mcp.server.auth.provider import RegistrationError
from mcp.shared.auth import InvalidRedirectUriError, OAuthClientInformationFull
from pydantic import AnyUrl

from storage.characters import shown_name
from storage.db import now
from storage.people.oauth_clients import OAuthClient

MOST_REDIRECTS = 10
LONGEST_REDIRECT = 1_000
LONGEST_SCOPE = 2_000
# Printable ASCII except # and backslash.
PLAIN = re.compile(r"[!\"$-\[\]-~]+")
METHODS = {"none", "client_secret_post", "client_secret_basic"}
# RFC 8252 §7.1 asks for a scheme with a period; these well-known programs registered theirs without one.
PRIVATE_SCHEMES = {"cursor", "vscode", "vscode-insiders", "windsurf", "zed", "claude"}


class ShopClient(OAuthClientInformationFull):
    """A registered program, with this shop's rules for its redirect addresses."""

    def validate_redirect_uri(self, redirect_uri: AnyUrl | None) -> AnyUrl:
        """Return where to redirect the browser: exactly as registered, except for the port on loopback addresses.

        Raises:
            InvalidRedirectUriError: the program did not register it, or it could no longer be registered.
        """
        if redirect_uri is not None and not may_be_sent_to(str(redirect_uri)):
            raise InvalidRedirectUriError("Browsers are not redirected to such a redirect_uri.")
        if redirect_uri is None or redirect_uri in (self.redirect_uris or []):
            return super().validate_redirect_uri(redirect_uri)
        asked = urlsplit(str(redirect_uri))
        # RFC 8252 §7.3: such a program listens on any free port.
        for registered in self.redirect_uris or []:
            known = urlsplit(str(registered))
            if is_loopback(known) and _without_port(known) == _without_port(asked):
                return redirect_uri
        raise InvalidRedirectUriError("This client did not register this redirect_uri.")

    def validate_scope(self, requested_scope: str | None) -> list[str] | None:
        """Return the requested scopes; whether they exist depends on the resource."""
        return None if requested_scope is None else requested_scope.split()


def is_loopback(address: SplitResult) -> bool:
    """Return whether an address is plain HTTP on the browser's own computer."""
    host = address.hostname or ""
    if address.scheme != "http":
        return False
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _without_port(address: SplitResult) -> tuple[str, str | None, str, str]:
    return address.scheme, address.hostname, address.path, address.query


def client_secret(key: str, client_id: str) -> str:
    """Return a program's secret: derived from the shop's key, so that the database holds nothing to steal."""
    return hmac.new(key.encode(), f"oauth client {client_id}".encode(), "sha256").hexdigest()


def kept(client: OAuthClientInformationFull) -> OAuthClient:
    """Return the record to store for a program that registers.

    Raises:
        RegistrationError: this shop does not accept its description.
    """
    redirects = [str(uri) for uri in client.redirect_uris or []]
    if not 1 <= len(redirects) <= MOST_REDIRECTS or not all(map(may_be_sent_to, redirects)):
        raise RegistrationError("invalid_redirect_uri", "Use https, http on localhost, or a private scheme (RFC 8252).")
    method = client.token_endpoint_auth_method or ""
    if method not in METHODS or len(client.scope or "") > LONGEST_SCOPE:
        raise RegistrationError("invalid_client_metadata", "The authentication method or the scope is not supported.")
    grants = [grant for grant in ("authorization_code", "refresh_token") if grant in client.grant_types]
    return OAuthClient(
        id=client.client_id,
        name=shown_name(client.client_name or ""),
        redirect_uris=redirects,
        auth_method=method,
        grant_types=grants,
        scope=client.scope,
        created_at=now(),
    )


def known(client: OAuthClient, key: str) -> ShopClient:
    """Return a program as the OAuth handlers know it."""
    return ShopClient.model_validate(
        {
            "client_id": client.id,
            "client_name": client.name,
            "client_secret": None if client.auth_method == "none" else client_secret(key, client.id),
            "redirect_uris": client.redirect_uris,
            "token_endpoint_auth_method": client.auth_method,
            "grant_types": client.grant_types,
            "scope": client.scope,
        }
    )


def may_be_sent_to(redirect: str) -> bool:
    """Return whether browsers will read an address the way it looks."""
    # Browsers treat a backslash as a slash, and drop line breaks and tabs; non-ASCII characters may be look-alikes, and
    # a program that needs them can percent-encode them.
    if len(redirect) > LONGEST_REDIRECT or not PLAIN.fullmatch(redirect):
        return False
    address = urlsplit(redirect)
    if "@" in address.netloc:
        return False
    if address.scheme in {"http", "https"}:
        return bool(address.hostname) and (address.scheme == "https" or is_loopback(address))
    return "." in address.scheme or address.scheme in PRIVATE_SCHEMES
