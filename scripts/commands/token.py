"""`shopdesk token`: a token for an MCP client, or an API key for a program that calls the page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.build import scopes_of
from storage.characters import cleaned
from storage.settings import CannotStartError, load_settings
from storage.tokens import Caller, audience_of, mint

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from storage.people.api_keys import ApiKey

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
TWELVE_HOURS = "12h"


class TokenOptionError(CannotStartError):
    """The options do not say what to create, or for whom."""


@dataclass(frozen=True)
class Whose:
    """Who a token or a key is for."""

    customers: list[str]
    staff: bool
    front: bool


def run(
    customer: Annotated[
        list[str] | None, typer.Option(help="For this customer; a key takes an email too; for tokens, may be repeated.")
    ] = None,
    staff: Annotated[bool, typer.Option("--staff", help="For staff.")] = False,
    scopes: Annotated[str, typer.Option(help="A token's scopes, such as 'orders:read orders:write' (all).")] = "",
    expires: Annotated[str, typer.Option(help="How long a token is valid, such as 30m, 12h or 7d.")] = TWELVE_HOURS,
    api_key: Annotated[bool, typer.Option("--api-key", help="Make an API key, valid until it is revoked.")] = False,
    trusted_front: Annotated[
        bool,
        typer.Option("--trusted-front", help="A key for a program of many customers, which names one per request."),
    ] = False,
    name: Annotated[str, typer.Option(help="What the key is for, as --list shows it.")] = "",
    list_: Annotated[
        bool, typer.Option("--list", help="Print every API key, tab-separated, without its text.")
    ] = False,
    revoke: Annotated[str, typer.Option(metavar="ID", help="Revoke the API key with this id.")] = "",
) -> None:
    """Print a token for an MCP client, or an API key for a program that calls the page.

    Examples: `shopdesk token --customer mina_kim_1002`, `shopdesk token --staff --scopes 'orders:read' --expires 30m`,
    `shopdesk token --api-key --customer mina.kim@example.com --name phone`, `shopdesk token --api-key --staff`,
    `shopdesk token --api-key --staff --trusted-front --name 'Open WebUI'`, `shopdesk token --list`,
    `shopdesk token --revoke k_2f81c09d3a7e`.
    """
    whose = Whose(customer or [], staff, trusted_front)
    asked = [option for option in (api_key, list_, revoke) if option]
    if len(asked) > 1:
        raise TokenOptionError("Choose one of --api-key, --list and --revoke ID.")
    if asked and (scopes or expires != TWELVE_HOURS):
        raise TokenOptionError("API keys have no --scopes and no --expires: they are valid until --revoke ID.")
    if api_key:
        _print_key(whose, name)
    elif whose.front or name:
        raise TokenOptionError("Only API keys have --trusted-front and --name: add --api-key.")
    elif asked and (whose.customers or staff):
        raise TokenOptionError("--list and --revoke ID take no --customer and no --staff.")
    elif list_:
        asyncio.run(_list_keys())
    elif revoke:
        typer.echo(cleaned(asyncio.run(_revoke_key(revoke))))
    else:
        _print_tokens(whose, scopes, expires)


def _print_tokens(whose: Whose, scopes: str, expires: str) -> None:
    if bool(whose.customers) == whose.staff:
        raise TokenOptionError("Say who the token is for: --customer ID or --staff.")
    if emails := [one for one in whose.customers if "@" in one]:
        raise TokenOptionError(f"A token is for a customer's id, such as mina_kim_1002, and not for {emails[0]}.")
    settings, servers = load_settings(), server_names()
    wanted = frozenset(scopes.replace(",", " ").split()) or scopes_of(servers)
    unknown = sorted(wanted - scopes_of(servers))
    if unknown:
        raise TokenOptionError(f"There is no scope {unknown[0]}. Scopes are <server>:read and <server>:write.")
    audience = audience_of(settings.public_mcp_url, servers)
    callers = [Caller(each, staff=False, scopes=wanted) for each in whose.customers]
    for caller in callers or [Caller("staff", staff=True, scopes=wanted)]:
        typer.echo(mint(settings.secret, caller, audience=audience, expires_s=seconds(expires)))


def seconds(duration: str) -> int:
    """Return a duration such as '30m' in seconds.

    Raises:
        TokenOptionError: it is not a whole number followed by s, m, h or d.
    """
    number, unit = duration[:-1], duration[-1:]
    if not number.isdecimal() or unit not in UNITS:
        raise TokenOptionError(f"--expires {duration} is not a duration. Use a number and s, m, h or d, such as 30m.")
    return int(number) * UNITS[unit]


def _print_key(whose: Whose, name: str) -> None:
    if len(whose.customers) + (whose.staff or whose.front) != 1:
        raise TokenOptionError("Say who the key is for: one --customer ID, --staff, or --staff --trusted-front.")
    told, key = asyncio.run(_make_key(whose, name))
    typer.echo(cleaned(told))
    typer.echo(key)


@asynccontextmanager
async def _changing() -> AsyncIterator["AsyncSession"]:
    # The tables take half a second to import, which a token for an MCP client need not wait for.
    from storage.db import open_sessions, writing
    from storage.errors import ShopError
    from storage.migrate import require_shop

    url = load_settings().database
    await require_shop(url)
    try:
        async with open_sessions(url) as sessions, writing(sessions) as session:
            yield session
    except ShopError as error:
        raise TokenOptionError(str(error)) from error


async def _make_key(whose: Whose, name: str) -> tuple[str, str]:
    from storage.people.api_keys import make_key
    from storage.shop.customers import find_customer_meant

    async with _changing() as session:
        customer_id = whose.customers[0] if whose.customers else None
        if customer_id and (found := await find_customer_meant(session, customer_id)) is not None:
            customer_id = found.id
        row, key = await make_key(session, customer_id, trusted_front=whose.front, name=name)
    return f"{row.id}: a key for {_owner(row)}. It is shown only now; keep it like a password.", key


async def _list_keys() -> None:
    from storage.db import open_sessions
    from storage.migrate import require_shop
    from storage.people.api_keys import list_keys

    url = load_settings().database
    await require_shop(url)
    async with open_sessions(url) as sessions, sessions() as session:
        async for key in list_keys(session):
            used = "never used" if key.last_used_at is None else f"used {key.last_used_at:%Y-%m-%d %H:%M}"
            state = "valid" if key.revoked_at is None else f"revoked {key.revoked_at:%Y-%m-%d %H:%M}"
            made = f"made {key.created_at:%Y-%m-%d %H:%M}"
            typer.echo(cleaned("\t".join((key.id, _owner(key), key.name, made, used, state))))


async def _revoke_key(key_id: str) -> str:
    from storage.people.api_keys import revoke_key

    async with _changing() as session:
        key = await revoke_key(session, key_id)
    return f"{key.id} ({_owner(key)}) is revoked: whoever has it is refused from now on."


def _owner(key: "ApiKey") -> str:
    if key.customer_id is not None:
        return f"customer {key.customer_id}"
    return "staff" if key.staff else "a trusted front"
