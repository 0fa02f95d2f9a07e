"""Programs that describe themselves at a URL, which is their client id (Client ID Metadata Documents).

Source: draft-ietf-oauth-client-id-metadata-document, as MCP's authorization of 2025-11-25 asks for it.
"""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from mcp.server.auth.provider import RegistrationError
from mcp.shared.auth import OAuthClientInformationFull
from pydantic import ValidationError

from storage.db import Sessions, now, writing
from storage.people.oauth_clients import OAuthClient, find_client, keep_described
from storage.process.strangers import Network, StrangerError
from ui.oauth.clients import PLAIN, kept, may_be_sent_to

FRESH_FOR = timedelta(hours=1)
"""How long a description counts before a new connection has it fetched again."""

LONGEST = 500
DOTS = re.compile(r"/\.\.?(?:/|\Z)")


class BadDescriptionError(Exception):
    """The program's description cannot be used; the message is one sentence for its developer."""


def is_described(client_id: str) -> bool:
    """Return whether a client id is the address of a description, right or wrong: no registered one looks like this."""
    return "://" in client_id


def origin(client_id: str) -> str:
    """Return the host that vouches for a program by its description; empty for one that registered itself."""
    return (urlsplit(client_id).hostname or "") if is_described(client_id) else ""


async def is_known(sessions: Sessions, client_id: str) -> bool:
    """Return whether a description was fetched not long ago."""
    async with sessions() as session:
        client = await find_client(session, client_id)
    return client is not None and client.created_at > now() - FRESH_FOR


async def meet(sessions: Sessions, network: Network, client_id: str) -> None:
    """Fetch and keep a program's description.

    Raises:
        BadDescriptionError: its address is not one to fetch, nothing is there, or it is no description of it.
    """
    _check(client_id)
    try:
        found = await network.fetch_json(client_id)
    except StrangerError as error:
        raise BadDescriptionError(str(error)) from error
    client = _read(client_id, found)
    async with writing(sessions) as session:
        await keep_described(session, client)


def _check(client_id: str) -> None:
    try:
        address = urlsplit(client_id)
        port = address.port
    except ValueError as error:
        raise BadDescriptionError("The client_id is no URL.") from error
    plain = len(client_id) <= LONGEST and PLAIN.fullmatch(client_id) and "@" not in address.netloc
    if address.scheme != "https" or not address.hostname or port is not None or not plain:
        raise BadDescriptionError("A client_id that is a URL begins with https:// and has no user, port or fragment.")
    if address.path in {"", "/"} or DOTS.search(address.path):
        raise BadDescriptionError("A client_id that is a URL has a path, without dot segments.")


def _read(client_id: str, found: object) -> OAuthClient:
    if not isinstance(found, dict) or found.get("client_id") != client_id:
        raise BadDescriptionError(f"{client_id} does not hold a description with this client_id.")
    method = found.get("token_endpoint_auth_method", "none")
    if method != "none" or any(name.startswith("client_secret") for name in found):
        raise BadDescriptionError("A program with a description has no secret: its authentication method is none.")
    redirects = found.get("redirect_uris")
    if not isinstance(redirects, list) or not all(isinstance(each, str) and may_be_sent_to(each) for each in redirects):
        raise BadDescriptionError("No browser is sent to such redirect_uris.")
    try:
        return kept(OAuthClientInformationFull.model_validate(found | {"token_endpoint_auth_method": method}))
    except ValidationError as error:
        raise BadDescriptionError(f"The description at {client_id} has fields of the wrong kind.") from error
    except RegistrationError as error:
        raise BadDescriptionError(error.error_description or error.error) from error
