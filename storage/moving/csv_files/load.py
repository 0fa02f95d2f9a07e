"""Loads CSV files into the shop, in one transaction and bounded memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import Base, Sessions
from storage.moving.contents import Counts, Progress, count_contents, replacing
from storage.moving.csv_files.agreement import find_foreign_methods, find_strange_items, require_agreement
from storage.moving.csv_files.conflicts import Problem, find_conflict
from storage.moving.csv_files.layout import SHEETS, Sheet
from storage.moving.csv_files.rows import CsvError, Numbered, check_files, read_batches, read_rows
from storage.moving.csv_files.spellings import (
    require_told_apart,
    respell,
    respell_lines,
    respell_methods,
    respell_order,
    respell_references,
)
from storage.people.accounts import Account, hash_password
from storage.people.logins import make_logins, refuse_emails_of_staff
from storage.shop.customers import Customer
from storage.shop.orders import Order, OrderLine, Payment, Shipment
from storage.shop.products import Product
from storage.shop.shop import Origin

BATCH = 1000
# The currency of gift cards in a shop without products and orders.
CURRENCY_OF_NOTHING = "USD"


async def load_csv(
    sessions: Sessions, folder: Path, *, password: str | None, replace: bool, on_progress: Progress
) -> Counts:
    """Replace the shop's data with the folder's rows, all or nothing. Staff logins and the audit log stay.

    The password, if given, is set for every customer, hashed once; `on_progress` receives the number of lines done,
    and 0 before they take effect.

    Raises:
        CsvError: a file or a row is invalid.
        ShopInUseError: the shop is neither empty nor the untouched demo, and `replace` is not set.
        EmailOfStaffError: a customer would log in with a staff member's email.
    """
    check_files(folder)
    password_hash = None if password is None else hash_password(password)
    currency = _find_currency(folder)
    async with replacing(sessions, Origin.IMPORTED, currency, replace=replace) as session:
        for sheet in SHEETS:
            loading = _Loading(session, folder / sheet.name, sheet, currency, password_hash)
            done = 1
            on_progress(done)
            for batch in read_batches(folder, sheet, BATCH):
                await loading.write(batch)
                on_progress(batch[-1][0] - done)
                done = batch[-1][0]
        await require_told_apart(session, folder)
        await require_agreement(session, folder)
        counts = await count_contents(session)
        on_progress(0)
        return counts


def _find_currency(folder: Path) -> str:
    for sheet in SHEETS:
        if sheet.model in (Product, Order):
            first = next(read_rows(folder, sheet), None)
            if first is not None:
                return str(first[1]["currency"])
    return CURRENCY_OF_NOTHING


@dataclass
class _Loading:
    """Loads one file into its table; positions continue from batch to batch."""

    session: AsyncSession
    path: Path
    sheet: Sheet
    currency: str
    password_hash: str | None
    written: int = 0

    async def write(self, batch: Sequence[Numbered]) -> None:
        """Write a batch, or say which of its rows conflicts with others."""
        model = self.sheet.model
        self._complete(batch)
        if model is Payment:
            await self._name_customers(batch)
        if model is Customer and self.password_hash is not None:
            await refuse_emails_of_staff(self.session, [row["email"] for _, row in batch])
        strange = await self._respell(batch)
        await self._insert(batch)
        self._refuse(strange)
        if model is Customer and self.password_hash is not None:
            await self._execute(Account, make_logins([row for _, row in batch], self.password_hash))
        if model is Order:
            self._refuse(await find_foreign_methods(self.session, batch))

    async def _respell(self, batch: Sequence[Numbered]) -> Problem | None:
        """Write as other files spell it what the database does not check; return a parcel's item that is nowhere."""
        model = self.sheet.model
        if model is Order:
            await respell_order(self.session, batch)
        if model is OrderLine:
            await respell_lines(self.session, batch)
        return await find_strange_items(self.session, batch) if model is Shipment else None

    def _complete(self, batch: Sequence[Numbered]) -> None:
        positioned = "position" in self.sheet.table.columns
        for line, row in batch:
            if row.get("currency", self.currency) != self.currency:
                problem = f"{row['currency']} is a second currency; the first is {self.currency}, and a shop has one"
                raise CsvError(self.path, problem, line=line, column="currency")
            self.written += 1
            if positioned:
                row["position"] = self.written

    async def _name_customers(self, batch: Sequence[Numbered]) -> None:
        await respell(self.session, Order.metadata.tables[Order.__tablename__].columns["id"], "order_id", batch)
        wanted = {row["order_id"] for _, row in batch}
        orders = select(Order.id, Order.customer_id).where(Order.id.in_(wanted))
        customer_of = {order.id: order.customer_id for order in await self.session.execute(orders)}
        for line, row in batch:
            customer_id = customer_of.get(row["order_id"])
            if customer_id is None:
                self._refuse((line, "order_id", f"there is no {row['order_id']} in orders.csv"))
            row["customer_id"] = customer_id

    async def _insert(self, batch: Sequence[Numbered]) -> None:
        try:
            async with self.session.begin_nested():
                await self._execute(self.sheet.model, [row for _, row in batch])
        except IntegrityError as error:
            if await respell_references(self.session, self.sheet.table, batch) or (
                self.sheet.model is Payment and await respell_methods(self.session, ["payment_method_id"], batch)
            ):
                await self._insert(batch)
                return
            self._refuse(await find_conflict(self.session, self.path.parent, self.sheet, batch), error)
            raise

    async def _execute(self, model: type[Base], rows: Sequence[dict[str, object]]) -> None:
        connection = await self.session.connection()
        await connection.execute(insert(model), list(rows))

    def _refuse(self, problem: Problem | None, error: Exception | None = None) -> None:
        if problem is not None:
            line, column, text = problem
            raise CsvError(self.path, text, line=line, column=column) from error
