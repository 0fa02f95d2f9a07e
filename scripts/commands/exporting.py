"""`shopdesk export`: write the shop's data for another program."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer
from rich.console import Console
from typer.core import TyperGroup

from scripts.files.csv_columns import CSV_FILES
from scripts.files.progress import counting
from scripts.files.whole_files import whole_file, whole_folder
from storage.settings import load_settings

if TYPE_CHECKING:
    from scripts.training.export import Report
    from storage.moving.contents import Counts


class CsvUnlessNamed(TyperGroup):
    """`shopdesk export DIR` is `shopdesk export csv DIR`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - typer's own types are private
        """Treat a first word that is not a command as the folder."""
        named = args[0] in self.commands or args[0].startswith("-")
        return super().resolve_command(ctx, args if named else ["csv", *args])


app = typer.Typer(no_args_is_help=True, cls=CsvUnlessNamed)

STDOUT = Path("-")


@app.callback()
def exporting() -> None:
    """Write the shop's data for another program. `shopdesk export DIR` is `shopdesk export csv DIR`."""


@app.command()
def tau2(
    file: Annotated[Path, typer.Argument(help="Where to write the database, as JSON; - means standard output.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> None:
    """Write a tau-bench retail database, which `shopdesk import tau2` can load again.

    It contains customers, products and orders; tickets, chats, logins and Korean search words are not included.

    Examples: [bold]shopdesk export tau2 db.json[/bold] · [bold]shopdesk export tau2 - | jq .orders[/bold]
    """
    console = Console(highlight=False, soft_wrap=True, stderr=file == STDOUT)
    began = time.monotonic()
    with console.status("Reading the shop"):
        if file == STDOUT:
            counts, database = asyncio.run(_read())
            _write_json(sys.stdout, database)
        else:
            with whole_file(file, force=force) as opened:
                counts, database = asyncio.run(_read())
                _write_json(opened, database)
    console.print(
        f"Exported {counts.customers:,} customers, {counts.products:,} products ({counts.variants:,} variants) and "
        f"{counts.orders:,} orders to {'standard output' if file == STDOUT else file} "
        f"in {time.monotonic() - began:.1f} s. Tickets, chats and logins are not included."
    )


async def _read() -> "tuple[Counts, dict[str, Any]]":
    # The tables take half a second to import, which `shopdesk --help` need not wait for.
    from storage.db import open_sessions
    from storage.migrate import require_shop
    from storage.moving.contents import count_contents
    from storage.moving.snapshot import at_one_moment
    from storage.moving.tau2.export import export_tau2

    url = load_settings().database
    await require_shop(url)
    async with open_sessions(url) as sessions, at_one_moment(sessions) as session:
        return await count_contents(session), await export_tau2(session)


def _write_json(file: TextIO, database: dict[str, Any]) -> None:
    json.dump(database, file, ensure_ascii=False, indent=2)
    file.write("\n")


@app.command(epilog=CSV_FILES)
def csv(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write; it appears once it is complete.")],
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier export.")] = False,
) -> None:
    """Write CSV files, one per table, which `shopdesk import csv` can load again.

    They contain customers, products, orders and tickets, but not logins, chats, pictures or the audit log
    (docs/backup.md).

    Examples: [bold]shopdesk export csv exported[/bold] · [bold]shopdesk export exported --force[/bold]
    """
    console = Console(highlight=False, soft_wrap=True)
    began = time.monotonic()
    counts = asyncio.run(_export_csv(console, folder, force=force))
    console.print(
        f"Exported {counts} to {folder} in {time.monotonic() - began:.1f} s. "
        "Chats, pictures and logins are not included."
    )


async def _export_csv(console: Console, folder: Path, *, force: bool) -> "Counts":
    from storage.db import open_sessions
    from storage.migrate import require_shop
    from storage.moving.contents import count_contents
    from storage.moving.csv_files.export import count_rows, export_csv
    from storage.moving.csv_files.layout import SHEETS
    from storage.moving.snapshot import at_one_moment

    url = load_settings().database
    await require_shop(url)
    names = [sheet.name for sheet in SHEETS]
    async with open_sessions(url) as sessions, at_one_moment(sessions) as session:
        with (
            whole_folder(folder, names, force=force) as unfinished,
            counting(console, "Exporting", "rows", await count_rows(session)) as advance,
        ):
            await export_csv(session, unfinished, advance)
        return await count_contents(session)


@app.command("training-data")
def training_data(
    file: Annotated[Path, typer.Argument(help="Where to write the lines, as JSONL.")],
    with_stand_in: Annotated[
        bool, typer.Option("--with-stand-in", help="Also what the stand-in answered: to try this without a model.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> None:
    """Write good conversations as training data: what each model was asked, and what it answered, with its tool calls.

    Left out are conversations that failed, were stopped or disliked, went to a person, or in which a model had to be
    asked again; how many, and why, is said. Personal data that the shop knows, and whatever looks like an email, a
    telephone, a card or an order, is replaced by invented values. What customers wrote of others is not recognized:
    read the file before you give it to anybody. docs/models.md says how to train on it.

    Examples: [bold]shopdesk export training-data chats.jsonl[/bold]
    """
    console = Console(highlight=False, soft_wrap=True)
    report = asyncio.run(_export_training_data(console, file, with_stand_in=with_stand_in, force=force))
    roles = ", ".join(f"{role} {count:,}" for role, count in sorted(report.lines.items()))
    console.print(
        f"Exported {report.conversations:,} conversations as {report.lines.total():,} lines to {file}"
        f"{f' ({roles})' if roles else ''}."
    )
    for why, count in report.left_out.most_common():
        console.print(f"Left out {count:,}: {why}.")


async def _export_training_data(console: Console, file: Path, *, with_stand_in: bool, force: bool) -> "Report":
    from scripts.training.export import export
    from storage.chats.conversations import list_ids
    from storage.db import open_sessions
    from storage.migrate import require_shop
    from storage.moving.snapshot import at_one_moment

    url = load_settings().database
    await require_shop(url)
    async with open_sessions(url) as sessions, at_one_moment(sessions) as session:
        with (
            whole_file(file, force=force) as opened,
            counting(console, "Reading", "conversations", len(await list_ids(session))) as advance,
        ):
            return await export(session, opened, advance, with_stand_in=with_stand_in)
