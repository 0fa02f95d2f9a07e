"""`shopdesk import products`, as a person runs it."""

from pathlib import Path

import pytest

from storage.db import Sessions
from storage.settings import Settings
from storage.shop.products import ProductNotFoundError
from tests.factories import add_shop
from tests.scripts.command import shopdesk
from tests.storage.moving.catalogues.exports import SHOPIFY, product_of, write

# Each test starts the command several times over, a second each.
pytestmark = pytest.mark.slow


async def test_a_dry_run_shows_and_an_import_writes(sessions: Sessions, tmp_path: Path) -> None:
    await add_shop(sessions)
    path = write(tmp_path, "export.csv", SHOPIFY)

    dry = await shopdesk("import", "products", str(path), "--dry-run")
    with pytest.raises(ProductNotFoundError):
        await product_of(sessions, "mug")
    done = await shopdesk("import", "products", str(path))

    assert (dry.code, done.code) == (0, 0)
    assert "read as Shopify (by its columns" in dry.said
    assert "Nothing was written. It would be: 2 products added" in dry.said
    assert "2 products added, 0 updated, 0 as they were (3 items), in " in done.said
    assert (await product_of(sessions, "mug")).name == "Stone Mug"


async def test_a_dry_run_needs_no_shop_and_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setenv("SHOPDESK_HOME", str(tmp_path / "new"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    path = write(tmp_path, "export.csv", SHOPIFY)

    dry = await shopdesk("import", "products", str(path), "--dry-run", "--currency", "USD")

    assert (dry.code, dry.complained) == (0, "")
    assert "Nothing was written. It would be: 2 products added" in dry.said
    assert not (tmp_path / "new" / "shop.db").exists()


async def test_problems_are_told_once_and_listed_by_a_dry_run(sessions: Sessions, tmp_path: Path) -> None:
    await add_shop(sessions)
    path = write(tmp_path, "export.csv", SHOPIFY.replace("24.00", '"24,5"').replace("10.00", "free"))

    refused = await shopdesk("import", "products", str(path))
    dry = await shopdesk("import", "products", str(path), "--dry-run", "--fix")

    assert refused.code == 2
    assert refused.complained.count("\n") == 1
    assert " line 2, column Variant Price: " not in refused.complained
    assert "1 more problem: --dry-run lists all. Nothing was imported" in refused.complained
    assert dry.code == 1
    assert "Would change line 3, column Variant Price" in dry.said
    assert "Problem: line 5, column Variant Price: 'free' is not a price in USD" in dry.said


async def test_the_report_says_which_price_was_taken(sessions: Sessions, tmp_path: Path) -> None:
    await add_shop(sessions)
    woo = "ID,Name,Regular price,Sale price,Date sale price starts,Date sale price ends\n"
    woo += "1,Cap,9,8,,\n2,Hat,9,8,,2020-01-31\n3,Bag,9,,,\n4,Mug,9,7,,2999-01-31\n"
    shopify = SHOPIFY.replace("Image Src", "Variant Compare At Price")

    sale = await shopdesk("import", "products", str(write(tmp_path, "wc.csv", woo)), "--dry-run")
    before = await shopdesk("import", "products", str(write(tmp_path, "s.csv", shopify)), "--dry-run")
    other = await shopdesk(
        "import", "products", str(write(tmp_path, "p.csv", "id,name,price,special_price\nA,Cap,9,8\n")), "--dry-run"
    )

    assert (
        "Prices: 2 from 'Sale price', 2 from 'Regular price' (1 whose sale is over). "
        "On 2999-01-31 a sale begins or ends; import again then." in sale.said
    )
    assert (
        "'Variant Compare At Price' is what it cost before, and not taken; customers pay 'Variant Price'."
        in before.said
    )
    assert "Of these, special_price may be a price, too" in other.said
