"""The files and their columns, in reading order: a row comes after the rows it refers to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from storage.db import Base
from storage.moving.csv_files.cells import (
    AMOUNT,
    BOOLEAN,
    CURRENCY,
    DAY,
    DIFFERENCE,
    EMAIL,
    FOUR,
    IDS,
    LANGUAGE,
    MOMENT,
    NAMES,
    NUMBER,
    OPTIONS,
    TEXT,
    Column,
    choice_of,
)
from storage.moving.postcodes import lost_zero
from storage.shop.customers import ADDRESS_FIELDS, Customer, PaymentKind, PaymentMethod
from storage.shop.orders import CancelReason, Order, OrderLine, OrderStatus, Payment, PaymentType, Shipment
from storage.shop.products import Product, Variant
from storage.shop.tickets import EntryKind, Ticket, TicketCategory, TicketEntry, TicketPriority, TicketStatus
from storage.words.languages import ENGLISH

Row = dict[str, Any]
Trouble = tuple[str, str]
"""A column, and what is wrong in it."""


@dataclass(frozen=True)
class Sheet:
    """One file: the table it contains, and its columns. `check` finds cells that contradict each other."""

    model: type[Base]
    columns: tuple[Column, ...]
    check: Callable[[Row], Trouble | None] = lambda _row: None

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"{self.model.__tablename__}.csv"

    @property
    def table(self) -> Table:
        """The table it contains."""
        return self.model.metadata.tables[self.model.__tablename__]


def _check_address(row: Row) -> Trouble | None:
    problem = lost_zero(row["zip"], row["country"])
    return None if problem is None else ("zip", problem)


def _check_method(row: Row) -> Trouble | None:
    is_gift_card = row["kind"] is PaymentKind.GIFT_CARD
    if is_gift_card == (row["balance"] is not None):
        return None
    return "balance", "a gift card has a balance, and nothing else has one"


def _check_order(row: Row) -> Trouble | None:
    if row["cancel_reason"] is not None and row["status"] is not OrderStatus.CANCELLED:
        return "cancel_reason", f"the order is {row['status']}, not cancelled"
    if len(row["exchange_item_ids"] or ()) != len(row["exchange_new_item_ids"] or ()):
        return "exchange_new_item_ids", "it has not as many items as exchange_item_ids"
    return _check_address(row)


def _check_shipment(row: Row) -> Trouble | None:
    shipped, expected = row["shipped_on"], row["expected_on"]
    if shipped is None or expected is None or shipped <= expected:
        return None
    return "expected_on", f"it is before shipped_on, {shipped}"


ADDRESS = tuple(Column(name, TEXT, "") for name in ADDRESS_FIELDS)

SHEETS = (
    Sheet(
        Customer,
        (
            Column("id", TEXT),
            Column("first_name", TEXT, ""),
            Column("last_name", TEXT, ""),
            Column("email", EMAIL),
            Column("language", LANGUAGE, ENGLISH),
            *ADDRESS,
        ),
        _check_address,
    ),
    Sheet(
        PaymentMethod,
        (
            Column("customer_id", TEXT),
            Column("id", TEXT),
            Column("kind", choice_of(PaymentKind)),
            Column("brand", TEXT, None),
            Column("last_four", FOUR, None),
            Column("balance", AMOUNT, None),
        ),
        _check_method,
    ),
    Sheet(
        Product,
        (
            Column("id", TEXT),
            Column("name", TEXT),
            Column("names", NAMES, {}),
            Column("description", TEXT, ""),
            Column("category", TEXT, ""),
            Column("keywords", TEXT, ""),
            Column("currency", CURRENCY),
        ),
    ),
    Sheet(
        Variant,
        (
            Column("product_id", TEXT),
            Column("item_id", TEXT),
            Column("options", OPTIONS),
            Column("price", AMOUNT),
            Column("available", BOOLEAN),
        ),
    ),
    Sheet(
        Order,
        (
            Column("id", TEXT),
            Column("customer_id", TEXT),
            Column("status", choice_of(OrderStatus)),
            Column("currency", CURRENCY),
            Column("ordered_at", MOMENT, None),
            *ADDRESS,
            Column("cancel_reason", choice_of(CancelReason), None),
            Column("return_item_ids", IDS, None),
            Column("return_payment_method_id", TEXT, None),
            Column("exchange_item_ids", IDS, None),
            Column("exchange_new_item_ids", IDS, None),
            Column("exchange_payment_method_id", TEXT, None),
            Column("exchange_price_difference", DIFFERENCE, None),
        ),
        _check_order,
    ),
    Sheet(
        OrderLine,
        (
            Column("order_id", TEXT),
            Column("line", NUMBER),
            Column("item_id", TEXT),
            Column("product_id", TEXT),
            Column("name", TEXT, ""),
            Column("options", OPTIONS),
            Column("price", AMOUNT),
        ),
    ),
    Sheet(
        Shipment,
        (
            Column("order_id", TEXT),
            Column("number", NUMBER),
            Column("tracking_ids", IDS),
            Column("item_ids", IDS),
            Column("carrier", TEXT, None),
            Column("shipped_on", DAY, None),
            Column("expected_on", DAY, None),
        ),
        _check_shipment,
    ),
    Sheet(
        Payment,
        (
            Column("order_id", TEXT),
            Column("number", NUMBER),
            Column("type", choice_of(PaymentType)),
            Column("amount", AMOUNT),
            Column("payment_method_id", TEXT),
        ),
    ),
    Sheet(
        Ticket,
        (
            Column("id", TEXT),
            Column("customer_id", TEXT, None),
            Column("order_id", TEXT, None),
            Column("subject", TEXT, ""),
            Column("status", choice_of(TicketStatus)),
            Column("category", choice_of(TicketCategory)),
            Column("priority", choice_of(TicketPriority)),
            Column("created_at", MOMENT),
        ),
    ),
    Sheet(
        TicketEntry,
        (
            Column("ticket_id", TEXT),
            Column("number", NUMBER),
            Column("at", MOMENT),
            Column("by", TEXT),
            Column("kind", choice_of(EntryKind)),
            Column("text", TEXT, ""),
        ),
    ),
)
