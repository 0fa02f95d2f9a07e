"""`shopdesk seed`: write the demo shop."""

import asyncio
import time
from typing import Annotated

import typer
from rich.console import Console

from storage.settings import Settings, load_settings


def run(
    replace: Annotated[bool, typer.Option("--replace", help="Delete the shop's current data.")] = False,
) -> None:
    """Write the demo shop: customers, products, orders and tickets that are the same every time.

    Replaces an empty shop or the untouched demo; any other shop only with --replace.

    Examples: [bold]shopdesk seed[/bold] · [bold]shopdesk seed --replace[/bold]
    """
    asyncio.run(_seed(load_settings(), replace=replace))


async def _seed(settings: Settings, *, replace: bool) -> None:
    # The tables and the migrations take half a second to import, which `shopdesk --help` need not wait for.
    from storage.db import open_sessions
    from storage.migrate import migrate
    from storage.moving.demo import KNOWN_EMAILS, PASSWORD, STAFF_EMAIL, seed_demo

    began = time.monotonic()
    await migrate(settings.database)
    async with open_sessions(settings.database) as sessions:
        counts = await seed_demo(sessions, replace=replace)
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"The demo shop is ready: {counts}, in {time.monotonic() - began:.1f} s.")
    console.print(
        f"Log in as {' or '.join(KNOWN_EMAILS)}, or as {STAFF_EMAIL} for staff, with the password {PASSWORD}."
    )
    console.print("Start everything with `scripts/start` or `shopdesk up`.")
