"""`shopdesk seed`: write the demo shop."""

import asyncio
import time
from typing import Annotated

import typer
from rich.console import Console

from storage.moving.demo_data.files import read
from storage.settings import CannotStartError, Settings, load_settings

SCENARIOS = "\n".join(f"[bold]{name}[/bold]: {told['about']}\n" for name, told in read("scenarios.toml").items())


class OptionsDoNotGoTogetherError(CannotStartError):
    """A scenario is added to the existing shop, so it cannot be combined with --replace."""

    def __init__(self) -> None:
        super().__init__("A scenario replaces nothing but itself. Use either --scenario or --replace.")


def run(
    replace: Annotated[bool, typer.Option("--replace", help="Delete the shop's current data.")] = False,
    scenario: Annotated[
        str | None, typer.Option(help="Make what this test needs: a customer of its own in the demo shop.")
    ] = None,
) -> None:
    """Write the demo shop."""
    settings = load_settings()
    if scenario is None:
        asyncio.run(_seed(settings, replace=replace))
    elif replace:
        raise OptionsDoNotGoTogetherError
    else:
        asyncio.run(_make(settings, scenario))


run.__doc__ = f"""Write the demo shop: customers, products, orders and tickets that are the same every time.

Replaces an empty shop or the untouched demo; any other shop only with --replace. With --scenario it adds one customer
with the orders that a test needs, and says how to try it; made again, the scenario is as it was. It refuses in a shop
with imported data.

Examples: [bold]shopdesk seed[/bold] · [bold]shopdesk seed --replace[/bold] · [bold]shopdesk seed --scenario
pending-order[/bold]

Scenarios:

{SCENARIOS}"""


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


async def _make(settings: Settings, name: str) -> None:
    from storage.db import open_sessions
    from storage.migrate import migrate
    from storage.moving.demo import PASSWORD
    from storage.moving.scenarios import make_scenario

    await migrate(settings.database)
    async with open_sessions(settings.database) as sessions:
        made = await make_scenario(sessions, name)
    told = {
        "Scenario": f"{name}: {made.about}",
        "Customer": made.customer_id,
        "Orders" if len(made.order_ids) > 1 else "Order": ", ".join(made.order_ids),
        "Log in": f"{made.email}, password {PASSWORD}" if made.logs_in else "do not: chat as a visitor",
    }
    if made.image_id is not None:
        # On the page, testers attach a file; a program refers to the picture by its id.
        file = settings.shopdesk_home / f"{name}.png"
        file.write_bytes(made.photo)
        told |= {"Picture": f"{made.image_id}, also in {file}"}
    told |= {"Say": " · ".join(made.say), **({"Then say": made.then} if made.then else {})}
    console = Console(highlight=False, soft_wrap=True, markup=False)
    for label, value in told.items():
        console.print(f"{label:<10}{value}")
