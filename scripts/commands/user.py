"""`shopdesk user`: who can log in."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from storage.characters import cleaned
from storage.settings import CannotStartError, load_settings
from storage.shop.spelling import stored_email

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

app = typer.Typer(no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="Email to log in with.")]


class UserError(CannotStartError):
    """The account cannot be created, changed or removed."""


@app.callback()
def user() -> None:
    """Create, list, change and remove the accounts of staff and customers."""


@app.command()
def add(
    email: Email,
    staff: Annotated[bool, typer.Option("--staff", help="Create a staff account.")] = False,
    customer: Annotated[str | None, typer.Option(help="Create an account for the customer with this id.")] = None,
    name: Annotated[str, typer.Option(help="Name (default: the customer's, or the part before the @).")] = "",
    password: Annotated[
        str | None, typer.Option(help="Password (default: prompted for, or read from standard input).")
    ] = None,
) -> None:
    """Create an account, including the first staff account.

    Examples: [bold]shopdesk user add dana@shop.example --staff[/bold] · [bold]shopdesk user add mina@example.com
    --customer mina_kim_1002 < password.txt[/bold]
    """
    if staff == (customer is not None):
        raise UserError("Say whose account it is: --staff or --customer ID.")
    typer.echo(cleaned(asyncio.run(_add(email, customer, name, _ask() if password is None else password))))


@app.command("list")
def list_() -> None:
    """Print every account on its own line, tab-separated: email, role, name."""
    asyncio.run(_list())


@app.command()
def password(
    email: Email,
    new: Annotated[
        str | None,
        typer.Option("--password", help="Password (default: prompted for, or read from standard input)."),
    ] = None,
) -> None:
    """Change a password. This logs the account out everywhere, and its programs must be approved again.

    Example: [bold]shopdesk user password dana@shop.example[/bold]
    """
    typer.echo(asyncio.run(_password(email, _ask() if new is None else new)))


@app.command()
def remove(email: Email) -> None:
    """Remove an account and its chats; the customer record is kept.

    Example: [bold]shopdesk user remove dana@shop.example[/bold]
    """
    typer.echo(cleaned(asyncio.run(_remove(email))))


def _ask() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


@asynccontextmanager
async def _changing() -> AsyncIterator["AsyncSession"]:
    # The tables take half a second to import, which `shopdesk --help` need not wait for.
    from storage.db import open_sessions, writing
    from storage.errors import ShopError
    from storage.migrate import require_shop

    url = load_settings().database
    await require_shop(url)
    try:
        async with open_sessions(url) as sessions, writing(sessions) as session:
            yield session
    except ShopError as error:
        raise UserError(str(error)) from error


async def _add(email: str, customer_id: str | None, name: str, password: str) -> str:
    from storage.people.registration import register

    async with _changing() as session:
        account = await register(session, email, password, name=name, customer_id=customer_id)
    whose = "staff" if account.staff else f"customer {account.customer_id}"
    return f"{account.email} ({account.name}) can log in as {whose}."


async def _password(email: str, new: str) -> str:
    from storage.people.registration import change_password

    async with _changing() as session:
        programs = await change_password(session, email, new)
    ended = f"Every existing login has ended; programs disconnected: {programs}."
    return f"{stored_email(email)} has a new password. {ended}"


async def _list() -> None:
    from storage.db import open_sessions
    from storage.migrate import require_shop
    from storage.people.registration import list_accounts

    url = load_settings().database
    await require_shop(url)
    async with open_sessions(url) as sessions, sessions() as session:
        async for account in list_accounts(session):
            whose = "staff" if account.staff else f"customer {account.customer_id}"
            typer.echo(cleaned(f"{account.email}\t{whose}\t{account.name}"))


async def _remove(email: str) -> str:
    from storage.people.registration import remove_account

    async with _changing() as session:
        chats = await remove_account(session, email)
    return f"{email} can no longer log in; {chats:,} chats were deleted with the account."
