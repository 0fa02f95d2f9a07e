"""What a question may be about: a few tables without anything personal, each defined as a SELECT over the shop's own.

A query is written against these names alone. The check puts each definition in its table's place, so a column that is
not here cannot be named, whatever the query says.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from storage.shop.money import FOUR_DIGITS, NO_DIGITS, THREE_DIGITS
from storage.shop.orders import CancelReason, OrderStatus, PaymentType
from storage.shop.tickets import TicketCategory, TicketPriority, TicketStatus

PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
TEXT, NUMBER, WHOLE = "text", "double", "bigint"
SQLITE, POSTGRESQL, DUCKDB = "sqlite", "postgres", "duckdb"


@dataclass(frozen=True)
class Column:
    """One column: its type, what it holds in the words of a prompt, and the values it can have, if these are few."""

    type: str
    tells: str = ""
    values: Sequence[str] = ()
    is_money: bool = False


@dataclass(frozen=True)
class Table:
    """One table as a query may use it, and the SELECT that it stands for; "" for a table that is there by itself."""

    columns: Mapping[str, Column]
    select: str = ""


@dataclass(frozen=True)
class Tables:
    """Everything one question may use, in the SQL of one engine."""

    dialect: str
    tables: Mapping[str, Table]
    reads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The columns of the shop's own tables that the definitions read."""
    currencies: int = 1
    """How many currencies its amounts are in."""

    def schema(self) -> dict[str, object]:
        """The tables with their columns' types, as the SQL parser wants them."""
        return {
            name: {column: one.type for column, one in table.columns.items()} for name, table in self.tables.items()
        }

    def told(self) -> str:
        """The tables in the words of a prompt."""
        return "\n".join(_told(name, table) for name, table in self.tables.items())


def _all(values: type[StrEnum]) -> list[str]:
    return [value.value for value in values]


def _told(name: str, table: Table) -> str:
    return "\n".join([f"{name}(", *(f"  {_written(column)} {_of(one)}" for column, one in table.columns.items()), ")"])


def _written(column: str) -> str:
    """Return a column's name as a query has to write it."""
    return column if PLAIN.fullmatch(column) else '"' + column.replace('"', '""') + '"'


def _of(column: Column) -> str:
    values = f"one of {', '.join(map(repr, column.values))}" if column.values else ""
    notes = "; ".join(filter(None, [column.tells, values]))
    return f"{column.type}{f' -- {notes}' if notes else ''}"


def _units(amount: str, currency: str) -> str:
    """Return an amount in minor units as the SQL of one in units of its currency."""
    cases = [("1.0", NO_DIGITS), ("1000.0", THREE_DIGITS), ("10000.0", FOUR_DIGITS)]
    when = " ".join(
        f"WHEN {currency} IN ({', '.join(repr(code) for code in codes.split())}) THEN {amount} / {by}"
        for by, codes in cases
    )
    return f"CASE {when} ELSE {amount} / 100.0 END"


def _day(moment: str, dialect: str, length: int) -> str:
    if dialect == SQLITE:
        return f"substr({moment}, 1, {length})"
    return f"substr(to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD'), 1, {length})"


DAY, MONTH = 10, 7
"""The length of a day and of a month, as in 2026-01-31."""
ID = Column(TEXT)
CURRENCY = Column(TEXT, "ISO 4217")
AMOUNT = Column(NUMBER, "in units of its currency, never in cents", is_money=True)


def _orders(dialect: str) -> Table:
    lines = "(SELECT {} FROM order_lines AS l WHERE l.order_id = o.id)"
    total = lines.format("coalesce(sum(l.price), 0)")
    return Table(
        {
            "order_id": ID,
            "customer_number": Column(WHOLE, "tells customers apart"),
            "status": Column(TEXT, values=_all(OrderStatus)),
            "cancel_reason": Column(TEXT, "NULL unless cancelled", values=_all(CancelReason)),
            "country": Column(TEXT, "where it is delivered"),
            "currency": CURRENCY,
            "total": AMOUNT,
            "items": Column(WHOLE, "how many items are in it"),
            "ordered_on": Column(TEXT, "day, as in '2026-01-31'; may be NULL"),
            "ordered_month": Column(TEXT, "month, as in '2026-01'; may be NULL"),
        },
        "SELECT o.id AS order_id,"
        " (SELECT c.position FROM customers AS c WHERE c.id = o.customer_id) AS customer_number,"
        " o.status AS status, o.cancel_reason AS cancel_reason, o.country AS country, o.currency AS currency,"
        f" {_units(total, 'o.currency')} AS total, {lines.format('count(l.line)')} AS items,"
        f" {_day('o.ordered_at', dialect, DAY)} AS ordered_on,"
        f" {_day('o.ordered_at', dialect, MONTH)} AS ordered_month FROM orders AS o",
    )


def _of_orders() -> dict[str, Table]:
    """Return what orders are made of: their lines, and the money that moved for them."""
    return {
        "order_lines": Table(
            {
                "order_id": ID,
                "line": Column(WHOLE, "its number within the order"),
                "product_id": ID,
                "item_id": ID,
                "product": Column(TEXT, "name of the product"),
                "currency": CURRENCY,
                "price": AMOUNT,
            },
            "SELECT l.order_id AS order_id, l.line AS line, l.product_id AS product_id, l.item_id AS item_id,"
            f" l.name AS product, o.currency AS currency, {_units('l.price', 'o.currency')} AS price"
            " FROM order_lines AS l JOIN orders AS o ON o.id = l.order_id",
        ),
        "payments": Table(
            {
                "order_id": ID,
                "type": Column(TEXT, values=_all(PaymentType)),
                "currency": CURRENCY,
                "amount": AMOUNT,
            },
            "SELECT p.order_id AS order_id, p.type AS type, o.currency AS currency,"
            f" {_units('p.amount', 'o.currency')} AS amount FROM payments AS p JOIN orders AS o ON o.id = p.order_id",
        ),
    }


def _catalogue() -> dict[str, Table]:
    """Return what the shop sells."""
    return {
        "products": Table(
            {"product_id": ID, "name": Column(TEXT), "category": Column(TEXT, "may be empty"), "currency": CURRENCY},
            "SELECT p.id AS product_id, p.name AS name, p.category AS category, p.currency AS currency"
            " FROM products AS p",
        ),
        "items": Table(
            {
                "item_id": ID,
                "product_id": ID,
                "product": Column(TEXT, "name of the product"),
                "available": Column(WHOLE, "1 if it can be bought now, otherwise 0"),
                "currency": CURRENCY,
                "price": AMOUNT,
            },
            "SELECT v.item_id AS item_id, v.product_id AS product_id, p.name AS product,"
            " CASE WHEN v.available THEN 1 ELSE 0 END AS available, p.currency AS currency,"
            f" {_units('v.price', 'p.currency')} AS price"
            " FROM variants AS v JOIN products AS p ON p.id = v.product_id",
        ),
    }


def _tickets(dialect: str) -> Table:
    return Table(
        {
            "ticket_id": ID,
            "order_id": Column(TEXT, "may be NULL"),
            "status": Column(TEXT, values=_all(TicketStatus)),
            "category": Column(TEXT, values=_all(TicketCategory)),
            "priority": Column(TEXT, values=_all(TicketPriority)),
            "created_on": Column(TEXT, "day, as in '2026-01-31'"),
            "created_month": Column(TEXT, "month, as in '2026-01'"),
        },
        "SELECT t.id AS ticket_id, t.order_id AS order_id, t.status AS status, t.category AS category,"
        f" t.priority AS priority, {_day('t.created_at', dialect, DAY)} AS created_on,"
        f" {_day('t.created_at', dialect, MONTH)} AS created_month FROM tickets AS t",
    )


READS: Mapping[str, frozenset[str]] = {
    "orders": frozenset({"id", "customer_id", "status", "cancel_reason", "country", "currency", "ordered_at"}),
    "customers": frozenset({"id", "position"}),
    "order_lines": frozenset({"order_id", "line", "product_id", "item_id", "name", "price"}),
    "payments": frozenset({"order_id", "type", "amount"}),
    "products": frozenset({"id", "name", "category", "currency"}),
    "variants": frozenset({"item_id", "product_id", "price", "available"}),
    "tickets": frozenset({"id", "order_id", "status", "category", "priority", "created_at"}),
}
"""What the definitions read of the shop, which SQLite itself is told to allow."""


def of_shop(dialect: str, currencies: int = 1) -> Tables:
    """Return what a question on the shop may use, for SQLite or PostgreSQL; `currencies` is how many it sells in."""
    tables = {"orders": _orders(dialect), **_of_orders(), **_catalogue(), "tickets": _tickets(dialect)}
    return Tables(dialect, tables, READS, currencies)
