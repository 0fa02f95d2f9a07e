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


async def test_the_file_of_the_other_command_and_one_without_rows_are_called_so(
    sessions: Sessions, tmp_path: Path
) -> None:
    await add_shop(sessions)
    orders, products, nothing = (tmp_path / f"{name}.csv" for name in ("orders", "products", "nothing"))
    orders.write_text("order_id,email,name,sku,quantity,price\n1,a@b.example,Ana,M,1,5\n", encoding="utf-8")
    products.write_text("id,name,price,quantity\nM,Mug,5,1\n", encoding="utf-8")
    nothing.write_text("id,name,price\n", encoding="utf-8")

    swapped = [await shopdesk("import", kind, str(path)) for kind, path in (("products", orders), ("orders", products))]
    empty = await shopdesk("import", "products", str(nothing))

    assert [done.code for done in (*swapped, empty)] == [2, 2, 2]
    assert f"has the columns of orders: `shopdesk import orders {orders}` takes them" in swapped[0].complained
    assert f"has the columns of products: `shopdesk import products {products}` takes them" in swapped[1].complained
    assert "has no row below the names of its columns. Nothing was imported." in empty.complained


async def test_what_the_shop_kept_is_said_with_its_line_and_a_till_s_orders_are_left_out(
    sessions: Sessions, tmp_path: Path
) -> None:
    await add_shop(sessions)
    path = tmp_path / "orders_export.csv"
    path.write_text(
        SHOPIFY.replace("Visa,30.00", "Visa,25.00").replace("#1002,bo@example.com", "#1002,"), encoding="utf-8"
    )

    done = await shopdesk("import", "orders", str(path))

    assert done.code == 0
    assert "Left out line 4, column Email: the order '#1002' has no email" in done.said
    told = "of the cancelled order '#1003', $25.00 of $30.00 was refunded; the shop kept $5.00."
    assert f"Note, line 5, column Refunded Amount: {told}" in done.said
