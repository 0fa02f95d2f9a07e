"""What can be requested: an address of the shop's tools, and the scopes of the tools there."""

import asyncio
import re
from collections.abc import Sequence

import httpx2
from mcp.server.auth.provider import AuthorizeError
from mcp.shared.auth import ProtectedResourceMetadata
from pydantic import ValidationError

from storage.settings import Settings

TIMEOUT_S = 3
PATH = re.compile(r"(/[a-z0-9_-]{1,60})?/mcp")
METADATA = "/.well-known/oauth-protected-resource"


async def scopes_at(settings: Settings, resource: str) -> list[str]:
    """Return the scopes that the tools at an address publish (RFC 9728).

    Raises:
        AuthorizeError: it is not an address of this shop's tools, or they cannot be reached.
    """
    base = settings.public_mcp_url
    path = resource.removeprefix(base)
    if not resource.startswith(base) or not PATH.fullmatch(path):
        raise AuthorizeError("invalid_target", f"The resource must be one of this shop's, such as {base}/mcp.")
    try:
        async with asyncio.timeout(TIMEOUT_S), httpx2.AsyncClient() as client:
            answer = await client.get(f"{base}{METADATA}{path}")
        if answer.status_code == httpx2.codes.NOT_FOUND:
            raise AuthorizeError("invalid_target", f"There are no tools at {resource}.")
        told = ProtectedResourceMetadata.model_validate_json(answer.raise_for_status().content)
    except (httpx2.HTTPError, TimeoutError, ValidationError) as error:
        raise AuthorizeError("temporarily_unavailable", "The shop's tools cannot be reached. Try again.") from error
    return told.scopes_supported or []


def chosen_scopes(known: Sequence[str], asked: Sequence[str]) -> list[str]:
    """Return the scopes to grant: those the program asks for, or all of them if it names none.

    Raises:
        AuthorizeError: it asks for one that does not exist there.
    """
    if not set(asked) <= set(known):
        raise AuthorizeError("invalid_scope", f"Available scopes: {' '.join(known)}.")
    return [scope for scope in known if not asked or scope in asked]
