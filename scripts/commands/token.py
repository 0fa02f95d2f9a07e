"""`shopdesk token`: mint a token for an MCP client."""

from typing import Annotated

import typer

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.build import scopes_of
from storage.settings import CannotStartError, load_settings
from storage.tokens import Caller, audience_of, mint

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class TokenOptionError(CannotStartError):
    """The options do not say who a token is for, or for how long."""


def run(
    customer: Annotated[list[str] | None, typer.Option(help="Mint a token for this customer; may be repeated.")] = None,
    staff: Annotated[bool, typer.Option("--staff", help="Mint a token for staff.")] = False,
    scopes: Annotated[str, typer.Option(help="Scopes, such as 'orders:read orders:write' (default: all).")] = "",
    expires: Annotated[str, typer.Option(help="How long it is valid, such as 30m, 12h or 7d.")] = "12h",
) -> None:
    """Mint a token and print it.

    Examples: `shopdesk token --customer mina_kim_0001`, `shopdesk token --staff --scopes 'orders:read' --expires 30m`.
    """
    if bool(customer) == staff:
        raise TokenOptionError("Say who the token is for: --customer ID or --staff.")
    settings, servers = load_settings(), server_names()
    wanted = frozenset(scopes.replace(",", " ").split()) or scopes_of(servers)
    unknown = sorted(wanted - scopes_of(servers))
    if unknown:
        raise TokenOptionError(f"There is no scope {unknown[0]}. Scopes are <server>:read and <server>:write.")
    audience = audience_of(settings.public_mcp_url, servers)
    callers = [Caller(each, staff=False, scopes=wanted) for each in customer or []]
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
