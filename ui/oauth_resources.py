"""What can be asked for: the addresses of the shop's tools, and the scopes each of them knows."""

import asyncio

import httpx2
from mcp.server.auth.provider import AuthorizeError

from storage.settings import Settings
from storage.tokens import audience_of

TIMEOUT_S = 3


async def scopes_by_resource(settings: Settings) -> dict[str, list[str]]:
    """Return each address of the tools with its scopes, as the tool servers list themselves now.

    Raises:
        AuthorizeError: the tool servers cannot be reached.
    """
    try:
        async with asyncio.timeout(TIMEOUT_S), httpx2.AsyncClient() as client:
            answer = (await client.get(f"{settings.public_mcp_url}/servers")).raise_for_status()
            servers = [str(server) for server in answer.json()["servers"]]
    except (httpx2.HTTPError, TimeoutError, ValueError, KeyError) as error:
        raise AuthorizeError("temporarily_unavailable", "The shop's tools cannot be reached. Try again.") from error
    together, *alone = audience_of(settings.public_mcp_url, servers)
    offered = [servers, *([server] for server in servers)]
    return {address: _scopes(of) for address, of in zip([together, *alone], offered, strict=True)}


def _scopes(servers: list[str]) -> list[str]:
    return [f"{server}:{kind}" for server in servers for kind in ("read", "write")]


def granted(resources: dict[str, list[str]], resource: str | None, asked: list[str] | None) -> tuple[str, list[str]]:
    """Return the resource and the scopes a program is to be let into: what it asks for, or all of the resource's.

    Raises:
        AuthorizeError: the resource is not one of this shop's, or a scope not one of the resource's.
    """
    address = (resource or "").removesuffix("/")
    if address not in resources:
        raise AuthorizeError(
            "invalid_target", f"Name one of this shop's as the resource, such as {next(iter(resources))}."
        )
    unknown = sorted(set(asked or []) - set(resources[address]))
    if unknown:
        raise AuthorizeError("invalid_scope", f"{address} has these scopes: {' '.join(resources[address])}.")
    return address, [scope for scope in resources[address] if not asked or scope in asked]
