"""Generates a shop with any number of orders, in a few SQL statements inside SQLite: a million take half a minute."""

import asyncio
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from storage.migrate import migrate
from storage.shop.spelling import folded_id, folded_name

ORDERS_EACH = 5

# One line each, and nothing in it comes from outside: the sizes are bound parameters.
STREET = "'12 Maple Street', 'Apt 3', 'Portland', 'OR', 'USA', printf('%05d', i % 100000)"
CUSTOMER = "printf('customer_%d', i % :customers)"
FIRST_NAME = "printf('First%d', i % 1000)"
LAST_NAME = "'Last' || i"
CARD = "printf('credit_card_%d', i % :customers)"
ORDER = "printf('#W%07d', i)"
ADDRESS = "address1, address2, city, state, country, zip"
ROWS = (
    f"customers (id, folded_id, position, first_name, last_name, folded_name, email, language, {ADDRESS}) "
    f"SELECT {CUSTOMER}, folded_id({CUSTOMER}), i, {FIRST_NAME}, {LAST_NAME}, folded_name({FIRST_NAME}, {LAST_NAME}), "
    f"'customer.' || i || '@example.com', 'en', {STREET} "
    "FROM numbers WHERE i < :customers",
    "payment_methods (customer_id, id, position, kind, brand, last_four, balance) "
    f"SELECT {CUSTOMER}, {CARD}, 0, 'credit_card', 'visa', '9212', NULL FROM numbers WHERE i < :customers",
    f"orders (id, folded_id, customer_id, position, status, currency, ordered_at, cancel_reason, {ADDRESS}) "
    f"SELECT {ORDER}, folded_id({ORDER}), {CUSTOMER}, i, "
    "CASE i / :customers WHEN 0 THEN 'pending' WHEN 1 THEN 'processed' WHEN 4 THEN 'cancelled' ELSE 'delivered' END, "
    "'USD', '2026-03-02 09:30:00.000000', CASE i / :customers WHEN 4 THEN 'no longer needed' END, "
    f"{STREET} FROM numbers WHERE i < :orders",
    "order_lines (order_id, line, item_id, product_id, name, options, price) "
    f"SELECT {ORDER}, line.n, printf('item_%d', i % 500), printf('product_%d', i % 50), "
    """printf('Desk Lamp %d', i % 50), '{"color": "black", "size": "large"}', 1000 + i % 5000 """
    "FROM numbers, (SELECT 1 AS n UNION ALL SELECT 2) AS line WHERE i < :orders",
    "shipments (order_id, number, tracking_ids, item_ids) "
    f"SELECT {ORDER}, 1, json_array('tracking_' || i), json_array(printf('item_%d', i % 500)) "
    "FROM numbers WHERE i < :orders AND i / :customers BETWEEN 1 AND 3",
    "payments (order_id, number, customer_id, type, amount, payment_method_id) "
    f"SELECT {ORDER}, 1, {CUSTOMER}, 'payment', 2 * (1000 + i % 5000), {CARD} FROM numbers WHERE i < :orders",
)
NUMBERS = "WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < :orders)"


@dataclass(frozen=True)
class BigShop:
    """The numbers of orders and customers; order number n belongs to customer n modulo the number of customers."""

    orders: int

    @property
    def customers(self) -> int:
        """How many customers share the orders."""
        return self.orders // ORDERS_EACH

    def customer(self, number: int) -> str:
        """Return the customer of the order with this number."""
        return f"customer_{number % self.customers}"

    def order(self, number: int) -> str:
        """Return the id of the order with this number."""
        return f"#W{number:07d}"


def make_big_shop(path: Path, shop: BigShop) -> None:
    """Write a shop of this size to a new file."""
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    with sqlite3.connect(path) as database:
        # Nothing is lost if this is interrupted: the file is created anew.
        database.execute("PRAGMA synchronous=OFF")
        for name, arguments, fold in (("folded_id", 1, folded_id), ("folded_name", 2, folded_name)):
            database.create_function(name, arguments, fold, deterministic=True)
        for rows in ROWS:
            database.execute(f"{NUMBERS} INSERT INTO {rows}", {"orders": shop.orders, "customers": shop.customers})
        database.commit()
    database.close()
