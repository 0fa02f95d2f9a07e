"""Generates a catalogue with any number of products, twelve variants each, in a few SQL statements inside SQLite."""

import asyncio
import sqlite3
from pathlib import Path

from storage.migrate import migrate

ROWS = (
    "products (id, position, name, description, category, keywords, currency) "
    "SELECT printf('p%d', i), i, printf('%s %s %d', kind, style, i), printf('A %s for every day, model %d.', kind, i), "
    "printf('group %d', i % 40), korean, 'USD' FROM numbers, "
    "(SELECT 0 AS k, 'Desk Lamp' AS kind, '램프 조명' AS korean UNION SELECT 1, 'Wireless Earbuds', '이어폰 무선' "
    "UNION SELECT 2, 'Electric Kettle', '전기포트 주전자' UNION SELECT 3, 'Backpack', '가방 백팩') "
    "JOIN (SELECT 0 AS s, 'Classic' AS style UNION SELECT 1, 'Pro') ON s = i % 2 WHERE k = i % 4",
    "variants (item_id, product_id, position, options, price, available) "
    "SELECT printf('p%d-%d', i, n), printf('p%d', i), n, json_object('color', printf('c%d', n % 4), 'size', printf('s%d', n / 4)), "
    "1000 + (i * 37 + n) % 9000, (i + n) % 7 > 0 FROM numbers, variant",
)
WITH = (
    "WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < :products), "
    "variant(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM variant WHERE n < 11)"
)


def make_big_catalogue(path: Path, products: int) -> None:
    """Write a shop with this many products to a new file."""
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA synchronous=OFF")
        for rows in ROWS:
            database.execute(f"{WITH} INSERT INTO {rows}", {"products": products})
        database.commit()
    database.close()
