"""A shop of a million orders, two lines each, made by SQLite itself."""

import sqlite3
from contextlib import closing
from pathlib import Path

PRODUCTS = 500
CUSTOMERS = 1_000
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
ADDRESS = "'1 Road', '', 'Town', 'CA', 'USA', '12345'"
STATEMENTS = (
    "INSERT INTO customers (id, position, first_name, last_name, email, language, address1, address2, city, state, "
    f"country, zip) {NUMBERS} SELECT 'c' || i, i, 'A', 'B', i || '@example.com', 'en', {ADDRESS} FROM n",
    "INSERT INTO orders (id, customer_id, position, status, currency, ordered_at, address1, address2, city, state, "
    f"country, zip) {NUMBERS} SELECT 'W' || i, 'c' || (i % {CUSTOMERS} + 1), i, CASE i % 3 WHEN 0 THEN 'pending' "
    f"WHEN 1 THEN 'delivered' ELSE 'processed' END, 'USD', '2026-01-01 00:00:00.000000', {ADDRESS} FROM n",
    f"INSERT INTO order_lines (order_id, line, item_id, product_id, name, options, price) {NUMBERS} "
    f"SELECT 'W' || ((i + 1) / 2), i % 2 + 1, 'i' || (i % {PRODUCTS}), 'p' || (i % {PRODUCTS}), "
    f"'Product ' || (i % {PRODUCTS}), '{{}}', i % 10000 FROM n",
)


def fill(file: Path, orders: int) -> None:
    """Fill a migrated, empty shop."""
    with closing(sqlite3.connect(file)) as connection:
        for statement, count in zip(STATEMENTS, (CUSTOMERS, orders, 2 * orders), strict=True):
            connection.execute(statement, {"count": count})
        connection.commit()
