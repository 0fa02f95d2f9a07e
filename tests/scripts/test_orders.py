"""`shopdesk import orders`, as a person runs it."""

from pathlib import Path

import pytest

from storage.db import Sessions
from storage.owners import Staff
from storage.shop.orders import OrderNotFoundError, get_order
from tests.factories import add_shop
from tests.scripts.command import shopdesk
from tests.storage.moving.purchases.exports import SHOPIFY

# Each test starts the command several times over, a second each.
pytestmark = pytest.mark.slow


async def test_a_dry_run_shows_and_an_import_writes(sessions: Sessions, tmp_path: Path) -> None:
    await add_shop(sessions)
    path = tmp_path / "orders_export.csv"
    path.write_text(SHOPIFY, encoding="utf-8")

    dry = await shopdesk("import", "orders", str(path), "--dry-run")
    async with sessions() as session:
        with pytest.raises(OrderNotFoundError):
            await get_order(session, "#1001", Staff())
    done = await shopdesk("import", "orders", str(path))
    path.write_text(SHOPIFY.replace("10.00,MUG-R", "ten,MUG-R"), encoding="utf-8")
    refused = await shopdesk("import", "orders", str(path))

    assert (dry.code, done.code, refused.code) == (0, 0, 2)
    assert "read as Shopify orders (by its columns" in dry.said
    assert "Nothing was written. It would be: 3 orders added" in dry.said
    assert "3 orders added, 0 brought up to date, 0 as they were; 2 new customers, in " in done.said
    assert "2 items are not in the catalogue, and cannot be exchanged: LAMP, MUG-R." in done.said
    assert "line 2, column Lineitem price: 'ten' is not a price in USD" in refused.complained
