"""`shopdesk import`: load another shop's data, or products and orders alone."""

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from scripts.files.csv_columns import CSV_FILES
from scripts.files.orders_file import WantedOrders, take_orders
from scripts.files.products_file import Wanted, take_products
from scripts.files.progress import ALL_OR_NOTHING, counting
from scripts.files.reviews_file import take_reviews
from storage.characters import cleaned
from storage.settings import CannotStartError, load_settings
from storage.shop.spelling import stored_email

if TYPE_CHECKING:
    from storage.moving.contents import Counts, Rows

NEXT_STEP = (
    "Staff logins were kept, except the demo's; `shopdesk user add EMAIL --staff` creates one. "
    "Start everything with `scripts/start` or `shopdesk up`."
)


class NotSaidWhatError(CannotStartError):
    """A file was named, and not what it holds."""

    def __init__(self, path: Path) -> None:
        ways = (
            "csv {0}" if path.is_dir() else "products {0}, shopdesk import orders {0}, or shopdesk import reviews {0}"
        )
        super().__init__(f"Say what {path} holds: shopdesk import {ways.format(path)}")


class SaysWhat(TyperGroup):
    """The commands of `shopdesk import`; a file in place of one is answered with those that take it."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - typer's own types are private
        """Find the command that is named."""
        if args[0] not in self.commands and (path := Path(args[0]).expanduser()).exists():
            raise NotSaidWhatError(path)
        return super().resolve_command(ctx, args)


app = typer.Typer(no_args_is_help=True, cls=SaysWhat, help="Load another shop's data, or products and orders alone.")


@app.callback()
def importing() -> None:
    """Load another shop's data, replacing this shop's; or products and orders alone, into this shop."""


@app.command()
def tau2(
    file: Annotated[Path, typer.Argument(help="The database, as JSON.")],
    replace: Annotated[bool, typer.Option("--replace", help="Delete the shop's current data.")] = False,
    password: Annotated[
        str | None, typer.Option(help="Password for every customer; without it, no customer can log in.")
    ] = None,
) -> None:
    """Load a tau-bench retail database (customers, products and orders), all or nothing.

    The shop's customers, orders, tickets, chats and pictures are deleted; staff logins are kept.

    Examples: [bold]shopdesk import tau2 db.json --password demo-pass[/bold] · [bold]shopdesk import tau2 db.json
    --replace[/bold]
    """
    # The tables take half a second to import, which `shopdesk --help` need not wait for.
    from storage.moving.tau2.file import read_tau2
    from storage.moving.tau2.load import prepare

    _refuse_empty(password)
    console = Console(highlight=False, soft_wrap=True)
    began = time.monotonic()
    with console.status(f"Reading {file}"):
        database = read_tau2(file)
        rows = prepare(database, password)
    counts = asyncio.run(_load(console, rows, replace=replace))
    console.print(f"Imported {file}: {counts}, in {time.monotonic() - began:.1f} s.")
    console.print(_who_can_log_in([user.email for user in database.users.values()], password))
    console.print(NEXT_STEP)


@app.command(epilog=CSV_FILES)
def csv(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder with the files.")],
    replace: Annotated[bool, typer.Option("--replace", help="Delete the shop's current data.")] = False,
    password: Annotated[
        str | None, typer.Option(help="Password for every customer; without it, no customer can log in.")
    ] = None,
) -> None:
    """Load a folder of CSV files, one per table, of any size: all or nothing.

    The shop's customers, orders, tickets, chats and pictures are deleted; staff logins are kept.

    Examples: [bold]shopdesk import csv exported --password demo-pass[/bold] · [bold]shopdesk import csv exported
    --replace[/bold]
    """
    _refuse_empty(password)
    console = Console(highlight=False, soft_wrap=True)
    began = time.monotonic()
    counts = asyncio.run(_load_csv(console, folder, password, replace=replace))
    console.print(f"Imported {folder}: {counts}, in {time.monotonic() - began:.1f} s.")
    console.print(_who_can_log_in([], password))
    console.print(NEXT_STEP)


async def _load_csv(console: Console, folder: Path, password: str | None, *, replace: bool) -> "Counts":
    # The tables take half a second to import, which `shopdesk --help` need not wait for.
    from storage.db import open_sessions
    from storage.migrate import migrate
    from storage.moving.csv_files.load import load_csv
    from storage.moving.csv_files.rows import check_files, count_lines

    check_files(folder)
    url = load_settings().database
    await migrate(url)
    async with open_sessions(url) as sessions:
        with counting(console, "Importing", "lines", count_lines(folder), stopped=ALL_OR_NOTHING) as advance:
            return await load_csv(sessions, folder, password=password, replace=replace, on_progress=advance)


@app.command()
def products(
    file: Annotated[Path, typer.Argument(help="The products, as CSV, JSON Lines (.jsonl) or .parquet.")],
    map_: Annotated[
        str | None,
        typer.Option(
            "--map",
            metavar="NAME|FILE.toml",
            help="Which column is which: shopify, woocommerce, cafe24, smartstore, plain, or a file of your own. "
            "Without it, the file's columns tell.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show ten products and every problem, and write nothing.")
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Change what can be read only as another value, and list it.")
    ] = False,
    currency: Annotated[str | None, typer.Option(help="Currency of a shop that is empty so far, such as USD.")] = None,
) -> None:
    """Add or update products, all or nothing; what the file does not name stays, and so do orders and customers.

    A product is found by its id or handle, or by its items' SKUs. Items keep their ids, so that orders find them.

    Examples: [bold]shopdesk import products products_export.csv --dry-run[/bold] · [bold]shopdesk import products
    products.jsonl[/bold] · [bold]shopdesk import products stock.csv --map ours.toml --fix[/bold]
    """
    console = Console(highlight=False, soft_wrap=True)
    wanted = Wanted(file, map=map_, currency=currency, fix=fix, dry_run=dry_run)
    raise typer.Exit(take_products(console, wanted))


@app.command()
def orders(
    file: Annotated[Path, typer.Argument(help="The orders, as CSV or JSON Lines (.jsonl), a row per item.")],
    map_: Annotated[
        str | None,
        typer.Option(
            "--map",
            metavar="NAME|FILE.toml",
            help="Which column is which: shopify, woocommerce, cafe24, smartstore, plain, or a file of your own. "
            "Without it, the file's columns tell.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show ten orders and every problem, and write nothing.")
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Read decimal commas, and list them; nothing is rounded.")] = False,
    currency: Annotated[str | None, typer.Option(help="Currency of a shop that is empty so far, such as USD.")] = None,
) -> None:
    """Add orders and the customers who bought, all or nothing; orders that the shop has are brought up to date.

    Import the products first, so that each order's items are those of the catalogue. Customers are known by email.

    Examples: [bold]shopdesk import orders orders_export.csv --dry-run[/bold] · [bold]shopdesk import orders
    orders.jsonl[/bold] · [bold]shopdesk import orders week.csv --map ours.toml[/bold]
    """
    console = Console(highlight=False, soft_wrap=True)
    raise typer.Exit(take_orders(console, WantedOrders(file, map=map_, currency=currency, fix=fix, dry_run=dry_run)))


@app.command()
def reviews(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Reviews, as .parquet, .jsonl or .jsonl.gz; all at once.")
    ],
) -> None:
    """Count reviews of products, any number of them: how many, how many stars, what they praise, a few quotes.

    The sums of products that the files name are replaced; others stay. Interrupted, the same command goes on.

    Examples: [bold]shopdesk import reviews reviews.parquet[/bold] · [bold]shopdesk import reviews 2025.jsonl.gz
    2026.jsonl.gz[/bold]
    """
    take_reviews(Console(highlight=False, soft_wrap=True), files)


class ImageRefusedError(CannotStartError):
    """The file is not a picture the shop accepts, or there is no such customer."""

    def __init__(self, file: Path, reason: Exception) -> None:
        super().__init__(f"{file} was not imported. {reason}")


@app.command()
def image(
    file: Annotated[Path, typer.Argument(help="A PNG, JPEG, WebP or GIF picture of at most 10 MB.")],
    customer: Annotated[str | None, typer.Option(help="Id of the customer it belongs to (default: staff).")] = None,
    product: Annotated[
        str | None, typer.Option(help="Id of the product it shows; customers' photos are compared with it.")
    ] = None,
) -> None:
    """Store a picture so that tools can look at it, and print its id.

    Examples: [bold]shopdesk import image parcel.jpg --customer mina_kim_1234[/bold] · [bold]shopdesk import image
    shelf.png[/bold] · [bold]shopdesk import image lamp.jpg --product 2100120000[/bold]
    """
    if customer is not None and product is not None:
        raise typer.BadParameter("a picture belongs to a customer or a product, not both", param_hint="--product")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ImageRefusedError(file, OSError(f"It cannot be read: {error.strerror}.")) from error
    typer.echo(cleaned(asyncio.run(_keep(file, content, customer, product))))


async def _keep(file: Path, content: bytes, customer_id: str | None, product_id: str | None) -> str:
    from storage.db import open_sessions, writing
    from storage.errors import ShopError
    from storage.migrate import require_shop
    from storage.pictures.pictures import keep_picture, read_picture
    from storage.pictures.product_pictures import keep_product_picture, marks_for
    from storage.shop.customers import get_customer

    url = load_settings().database
    await require_shop(url)
    try:
        picture = await read_picture(content)
        marks = None if product_id is None else await marks_for(picture)
        async with open_sessions(url) as sessions, writing(sessions) as session:
            if product_id is not None and marks is not None:
                return await keep_product_picture(session, product_id, picture, marks)
            if customer_id is not None:
                await get_customer(session, customer_id)
            return (await keep_picture(session, picture, owner="staff", customer_id=customer_id)).id
    except ShopError as error:
        raise ImageRefusedError(file, error) from error


def _refuse_empty(password: str | None) -> None:
    if password is not None and not password:
        raise typer.BadParameter("a password cannot be empty", param_hint="--password")


def _who_can_log_in(emails: list[str], password: str | None) -> str:
    if password is None:
        return "No customer can log in. To allow that, run this again with --replace --password TEXT."
    such_as = f", such as {stored_email(emails[0])}" if emails else ""
    return f"Every customer can log in with that password{such_as}."


async def _load(console: Console, rows: "Rows", *, replace: bool) -> "Counts":
    from storage.db import open_sessions
    from storage.migrate import migrate
    from storage.moving.contents import count_rows
    from storage.moving.tau2.load import load

    url = load_settings().database
    await migrate(url)
    async with open_sessions(url) as sessions:
        with counting(console, "Importing", "rows", count_rows(rows), stopped=ALL_OR_NOTHING) as advance:
            return await load(sessions, rows, replace=replace, on_progress=advance)
