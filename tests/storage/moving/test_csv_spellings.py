"""Ids in CSV files: a reference in another spelling finds its row, and two rows alike are told with both lines."""

import unicodedata
from pathlib import Path

import pytest

from storage.db import Sessions
from storage.owners import Staff
from storage.shop.orders import get_order
from tests.storage.moving.csv_shop import change, load_files, refusal, write_files

DECOMPOSED = unicodedata.normalize("NFD", "민아")


async def test_references_in_another_spelling_find_their_rows(sessions: Sessions, tmp_path: Path) -> None:
    folder = write_files(tmp_path)
    for name, text in (("customers", "\nmina,"), ("orders", "W1,mina"), ("tickets", "T1,mina")):
        spelled = DECOMPOSED if name == "customers" else "민아"
        change(folder, name, text, text.replace("mina", spelled))
    change(folder, "orders", "W2,mina", f"W2,{DECOMPOSED}\u200b")
    methods = folder / "payment_methods.csv"
    methods.write_text(methods.read_text("utf-8").replace("mina,", "민아,"), "utf-8")
    change(folder, "order_lines", "W2,1,K1", " w2,1,K1")
    change(folder, "payments", "W2,1", "Ｗ2,1")
    change(folder, "variants", "P1,K2", "p1,K2")

    await load_files(sessions, folder)

    async with sessions() as session:
        found = await get_order(session, "w2", Staff())
    assert (found.id, found.customer_id, found.lines[0].item_id) == ("W2", DECOMPOSED, "K1")
    assert [payment.amount for payment in found.payments] == [4990]


async def test_items_and_methods_in_another_spelling_are_those_of_the_order(sessions: Sessions, tmp_path: Path) -> None:
    folder = write_files(tmp_path)
    change(folder, "orders", 'USD,,"[""K1""]",gift', 'USD,,"[""k1""]",\u200bGIFT')
    change(folder, "order_lines", "W1,2,K1,P1", "W1,2,Ｋ1,p1")
    change(folder, "shipments", 'W2,1,"[""357962501027""]","[""K1""]"', 'w2,1,"[""357962501027""]","[""k-1""]"')
    change(folder, "payments", "4990,card", "4990,Card")

    await load_files(sessions, folder)

    async with sessions() as session:
        found, other = [await get_order(session, order_id, Staff()) for order_id in ("W2", "W1")]
    assert (found.return_item_ids, found.return_payment_method_id) == (["K1"], "gift")
    assert [parcel.item_ids for parcel in found.shipments] == [["K1"]]
    assert [payment.payment_method_id for payment in found.payments] == ["card"]
    assert [(line.item_id, line.product_id) for line in other.lines] == [("K1", "P1"), ("K1", "P1")]


async def test_items_in_exchange_in_another_spelling_are_those_of_the_catalogue(
    sessions: Sessions, tmp_path: Path
) -> None:
    folder = write_files(tmp_path)
    change(folder, "orders", "return_item_ids,return_payment_method_id", "exchange_item_ids,exchange_new_item_ids")
    change(folder, "orders", 'return requested,USD,,"[""K1""]",gift', 'exchange requested,USD,,"[""k1""]","[""k-2""]"')

    await load_files(sessions, folder)

    async with sessions() as session:
        found = await get_order(session, "W2", Staff())
    assert (found.exchange_item_ids, found.exchange_new_item_ids) == (["K1"], ["K2"])


async def test_an_item_that_the_order_has_less_often_is_told_in_any_spelling(
    sessions: Sessions, tmp_path: Path
) -> None:
    folder = write_files(tmp_path)
    change(folder, "orders", 'USD,,"[""K1""]",gift', 'USD,,"[""k1"", ""K1""]",gift')

    assert "the order does not have K1 in order_lines.csv, or not as often" in await refusal(sessions, folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "variants",
            "P1,K2",
            "P1,k1",
            "variants.csv line 3, column item_id: 'k1' is 'K1' of line 2 in another spelling",
        ),
        ("orders", "\nW2,", "\nｗ1,", "orders.csv line 3, column id: 'ｗ1' is 'W1' of line 2 in another spelling"),
        ("customers", "\nadam,", "\nMina,", "customers.csv line 3, column id: 'Mina' is 'mina' of line 2 in another"),
    ],
)
async def test_two_ids_that_nobody_could_tell_apart_are_told_with_both_lines(
    sessions: Sessions, tmp_path: Path, name: str, old: str, new: str, told: str
) -> None:
    folder = write_files(tmp_path)
    change(folder, name, old, new)
    _follow(folder, name)

    assert told in await refusal(sessions, folder)


def _follow(folder: Path, name: str) -> None:
    """Let the other files refer to the row that has a new id."""
    moves = {"customers": ("adam,card", "Mina,card"), "orders": ("W2,1", "ｗ1,1")}
    if name not in moves:
        return
    old, new = moves[name]
    for path in folder.iterdir():
        text = path.read_text("utf-8").replace("mina,W2", "mina,ｗ1")
        path.write_text(text.replace(f"\n{old}", f"\n{new}"), "utf-8")
