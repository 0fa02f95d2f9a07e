"""Each system's export becomes products of the shop, and what the shop has stays what orders know it as."""

from pathlib import Path

import pytest

from storage.db import Sessions
from storage.moving.catalogues.files import ProductsFileError
from storage.shop.products import ProductNotFoundError
from tests.factories import add_product, add_shop, variant
from tests.storage.moving.catalogues.exports import (
    CAFE24,
    SHOPIFY,
    SMARTSTORE,
    WOOCOMMERCE,
    drafts_of,
    load,
    product_of,
    told,
    write,
)


async def test_a_shopify_export(sessions: Sessions, tmp_path: Path) -> None:
    await load(sessions, write(tmp_path, "products_export.csv", SHOPIFY), "USD")

    mug, card = await product_of(sessions, "mug"), await product_of(sessions, "card")
    assert (mug.name, mug.category, mug.keywords) == ("Stone Mug", "Mugs", "tea, coffee")
    assert mug.description == "Holds 300 ml.\nOven & microwave"
    assert [told(each) for each in mug.variants] == [
        ("MUG-G", {"Color": "Grey"}, 102450, True),
        ("MUG-B", {"Color": "Blue"}, 2400, False),
    ]
    assert [told(each) for each in card.variants] == [("card", {}, 1000, False)]


async def test_a_woocommerce_export(sessions: Sessions, tmp_path: Path) -> None:
    await load(sessions, write(tmp_path, "wc.csv", WOOCOMMERCE, "utf-8-sig"), "EUR")

    tee, cap = await product_of(sessions, "10"), await product_of(sessions, "13")
    assert (tee.description, tee.category) == ("Short", "Clothing > Tees")
    assert [told(each) for each in tee.variants] == [
        ("TEE-S", {"Size": "S"}, 1500, True),
        ("12", {"Size": "M"}, 1999, False),
    ]
    assert cap.description == "A cap\nWool 80 %"
    assert [told(each) for each in cap.variants] == [("CAP", {}, 900, True)]


def test_what_is_sold_elsewhere_or_only_in_parts_is_left_out_and_said(tmp_path: Path) -> None:
    drafts = drafts_of(write(tmp_path, "wc.csv", WOOCOMMERCE), "EUR")

    assert (drafts.problems, [each.id for each in drafts.products]) == ([], ["10", "13"])
    assert [str(each) for each in drafts.left] == [
        "line 6: 'Insurance' is nothing that is sold by itself",
        "line 7: 'Tee and cap' is nothing that is sold by itself",
    ]


async def test_names_in_another_language_are_taken_and_kept(sessions: Sessions, tmp_path: Path) -> None:
    columns = "id,name,name_ko,price"
    await load(sessions, write(tmp_path, "both.csv", f"{columns}\nlamp,Desk Lamp,책상 스탠드,49\nmug,Mug,,9\n"), "USD")
    await load(sessions, write(tmp_path, "one.csv", "id,name,price\nlamp,Desk Lamp,45\n"), "USD")
    await load(sessions, write(tmp_path, "cafe24.csv", "상품코드,상품명,영문 상품명,판매가\nP1,양말,Socks,3\n"), "USD")

    lamp, mug, socks = [await product_of(sessions, one) for one in ("lamp", "mug", "P1")]
    assert (lamp.names, mug.names, socks.names) == ({"ko": "책상 스탠드"}, {}, {"en": "Socks"})
    assert [lamp.name_in(each) for each in ("en", "ko")] == ["Desk Lamp", "책상 스탠드"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949"])
async def test_korean_exports(sessions: Sessions, tmp_path: Path, encoding: str) -> None:
    await load(sessions, write(tmp_path, "cafe24.csv", CAFE24, encoding), "KRW")
    await load(sessions, write(tmp_path, "smartstore.csv", SMARTSTORE, encoding), "KRW")

    shirt, socks = await product_of(sessions, "P00000AA"), await product_of(sessions, "P00000AB")
    assert shirt.description == "마 100%"
    assert [each.item_id for each in shirt.variants] == [
        "SHIRT/블랙/S",
        "SHIRT/블랙/M",
        "SHIRT/화이트/S",
        "SHIRT/화이트/M",
    ]
    assert {each.price for each in shirt.variants} == {39000}
    assert [told(each) for each in socks.variants] == [("P00000AB", {}, 3000, False)]
    rice = await product_of(sessions, "RICE")
    assert [told(each) for each in rice.variants] == [
        ("RICE/10kg", {"무게": "10kg"}, 32000, True),
        ("RICE/20kg", {"무게": "20kg"}, 62000, False),
    ]


async def test_items_keep_the_ids_that_orders_refer_to(sessions: Sessions, tmp_path: Path) -> None:
    await add_shop(sessions)
    black, white, old = [
        variant(each, options={"color": color})
        for each, color in (("1001", "black"), ("1002", "white"), ("1003", "old"))
    ]
    await add_product(sessions, id="77", name="Mug", variants=[black, white, old])
    await add_product(sessions, id="78", name="Lamp")
    lamp = await product_of(sessions, "78")
    lines = '{"id": "mug", "name": "Mug", "price": 12.5, "variants": [{"sku": "1001", "options": {"color": "black"}}, \
{"options": {"color": "white"}, "available": false}, {"options": {"color": "red"}}]}\n'
    path = write(tmp_path, "products.jsonl", lines)

    plan = await load(sessions, path, "USD")
    again = await load(sessions, path, "USD")

    mug = await product_of(sessions, "77")
    assert {each.item_id: (each.price, each.available) for each in mug.variants} == {
        "1001": (1250, True),
        "1002": (1250, False),
        "mug/red": (1250, True),
        "1003": (old.price, False),
    }
    assert (plan.added, plan.updated, plan.gone) == (0, 1, 1)
    assert (again.added, again.updated, again.same) == (0, 0, 1)
    assert [told(each) for each in (await product_of(sessions, "78")).variants] == [
        told(each) for each in lamp.variants
    ]


async def test_an_item_of_another_product_stops_everything(sessions: Sessions, tmp_path: Path) -> None:
    await add_shop(sessions)
    await add_product(sessions, id="77", name="Mug", variants=[variant("1001")])
    await add_product(sessions, id="78", name="Lamp", variants=[variant("2001")])
    path = write(tmp_path, "p.csv", "id,name,price,item_id\nnew,New,1,\n78,Lamp,1,1001\n")

    with pytest.raises(ProductsFileError, match=r"line 3: the item '1001' belongs to the shop's product '77'"):
        await load(sessions, path, "USD")

    with pytest.raises(ProductNotFoundError):
        await product_of(sessions, "new")


PROBLEMS = """id,name,price,available,options,,
A,Kettle ,"1,299.00",TRUE,,,
B,,12,,,,
C,Lamp,cheap,,,,
D,Lamp,"12,50",,,,
E,Lamp,1.999,maybe,,,
1.23E+12,Lamp,5,,,,
F,Lamp,5,,black,,
A,Kettle,5,,,,
,,,,,,
"""


def test_every_problem_is_told_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, "p.csv", PROBLEMS)

    found, fixed = drafts_of(path, "USD"), drafts_of(path, "USD", fix=True)

    assert [str(each).split(":")[0] for each in found.problems] == [
        "line 3, column name",
        "line 4, column price",
        "line 5, column price",
        "line 6, column price",
        "line 6, column available",
        "line 7, column id",
        "line 8, column options",
        "line 9",
    ]
    assert str(found.problems[2]) == "line 5, column price: '12,50' has a decimal comma (--fix makes it 12.50)"
    assert [each.fix for each in fixed.fixed] == ["12.50", "2.00"]
    assert not any(each.fix for each in fixed.problems)


@pytest.mark.parametrize(
    ("currency", "cell", "amount"),
    [
        ("KRW", "12,000", 12000),
        ("KRW", "₩12,000", 12000),
        ("KRW", "12000.00", 12000),
        ("KWD", "41.2", 41200),
        ("USD", " $1,000 ", 100000),
        ("KRW", "1 200", 1200),
        ("EUR", "1'249.90", 124990),
        ("KWD", "1,234", None),
        ("USD", "-5", None),
        ("USD", "€5", None),
        ("USD", "1,23,456", None),
    ],
)
def test_prices_as_people_write_them(tmp_path: Path, currency: str, cell: str, amount: int | None) -> None:
    drafts = drafts_of(write(tmp_path, "p.csv", f'id,name,price\nA,Kettle,"{cell}"\n'), currency)

    assert [each.price for product in drafts.products for each in product.variants] == [amount] * (amount is not None)
    assert len(drafts.problems) == (amount is None)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("p.csv", "id,name,price\nA,Lamp,5\nB,La\0mp,5\n", "line 3: there is a character in name"),
        ("p.jsonl", '{"id": "A", "name": "\\ud800", "price": 5}\n', "line 1: there is a character in name"),
        ("p.jsonl", '{"id": "A", "name": "Lamp", "price": 5}\n[]\n', "line 2: one JSON object per line"),
        ("p.csv", 'id,name,price\nA,"Lamp,5\n', "this is not CSV"),
        ("p.csv", "id,name,price\nA,Lamp,5,6\n", "line 2: the row has 4 cells"),
    ],
)
def test_what_is_no_file_of_products_is_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(ProductsFileError, match=said):
        drafts_of(write(tmp_path, name, text), "USD")


async def test_ids_and_options_in_another_spelling_are_the_shops_own(sessions: Sessions, tmp_path: Path) -> None:
    await add_shop(sessions)
    sold = [variant("MUG-R", options={"Color": "Red"}), variant("mug/blue", options={"Color": "Blue"})]
    await add_product(sessions, id="Mug", name="Mug", variants=sold)
    text = "id,item_id,name,price,options\n"
    text += 'ｍｕｇ,mug-r,Mug,5,"{""color"": ""red ""}"\nｍｕｇ,,Mug,6,"{""COLOR"": ""blue""}"\n'

    await load(sessions, write(tmp_path, "p.csv", text), "USD")

    mug = await product_of(sessions, "Mug")
    assert [(each.item_id, each.price) for each in mug.variants] == [("MUG-R", 500), ("mug/blue", 600)]


def test_two_products_or_items_that_nobody_could_tell_apart_are_told_with_both_lines(tmp_path: Path) -> None:
    text = "id,item_id,name,price\nMug,A1,Mug,5\nCup,a1,Cup,5\nmug,B1,Mug,5\n"

    drafts = drafts_of(write(tmp_path, "p.csv", text), "USD")

    assert [str(problem) for problem in drafts.problems] == [
        "line 3: the item 'a1' stands on line 2 already, as 'A1'",
        "line 4, column id: 'mug' is 'Mug' of line 2 in another spelling; write one",
    ]
