"""`shopdesk export`: write the shop's data for another program."""

import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from storage.settings import CannotStartError, load_settings

if TYPE_CHECKING:
    from storage.contents import Counts

app = typer.Typer(no_args_is_help=True)


class FileNotWrittenError(CannotStartError):
    """The file cannot be written there."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"{path} was not written: {error.strerror}. Choose a file in a folder that you may write to.")


@app.callback()
def exporting() -> None:
    """Write the shop's data for another program."""


@app.command()
def tau2(file: Annotated[Path, typer.Argument(help="Where to write the database, as JSON.")]) -> None:
    """Write a tau-bench retail database, which `shopdesk import tau2` reads back to the same shop.

    Customers, products and orders are in it; tickets, chats, logins and Korean search words have no place there.

    Example: [bold]shopdesk export tau2 db.json[/bold]
    """
    console = Console(highlight=False, soft_wrap=True)
    began = time.monotonic()
    with console.status("Reading the shop"):
        counts, database = asyncio.run(_read())
        _write(file, database)
    console.print(
        f"Exported {counts.customers:,} customers, {counts.products:,} products ({counts.variants:,} variants) and "
        f"{counts.orders:,} orders to {file} in {time.monotonic() - began:.1f} s. "
        "Tickets, chats and logins are not in it."
    )


async def _read() -> "tuple[Counts, dict[str, Any]]":
    # The tables take half a second to import, which `shopdesk --help` need not wait for.
    from storage.contents import count_contents
    from storage.db import open_sessions
    from storage.migrate import require_shop
    from storage.tau2.export import export_tau2

    url = load_settings().database
    await require_shop(url)
    async with open_sessions(url) as sessions, sessions() as session:
        return await count_contents(session), await export_tau2(session)


def _write(path: Path, database: dict[str, Any]) -> None:
    # A file beside the old one takes its place at the end, so that an export that was cut off leaves the old one.
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".shopdesk-export-") as folder:
            unfinished = Path(folder) / path.name
            with unfinished.open("w", encoding="utf-8") as file:
                json.dump(database, file, ensure_ascii=False, indent=2)
            unfinished.replace(path)
    except OSError as error:
        raise FileNotWrittenError(path, error) from error
