"""A broken tau-bench file is refused in one line that names the bad value's place."""

import json
from pathlib import Path

import pytest

from storage.moving.tau2.file import Tau2FileError, read_tau2
from tests.storage.moving.tau2_shop import LAMP, Json, small_shop, write

REFUND = {"transaction_type": "refund", "amount": 1, "payment_method_id": "credit_card_1"}

BROKEN: list[tuple[list[str | int], object, str]] = [
    (["orders", "#W1", "items", 1, "price"], "49.9", "orders.#W1.items[1].price: this is not an amount of money"),
    (["orders", "#W1", "items", 1, "price"], True, "orders.#W1.items[1].price: this is not an amount of money"),
    (["orders", "#W1", "items", 1, "price"], -1, "orders.#W1.items[1].price: Input should be greater than or equal"),
    (["orders", "#W1", "items", 1, "price"], 1.001, "orders.#W1.items[1].price: 1.001 has more than two decimals"),
    (["orders", "#W1", "items", 1, "price"], 1e300, "orders.#W1.items[1].price: amounts go up to 21474836.47"),
    (["orders", "#W1", "items", 1], None, "orders.#W1.items[1]: Input should be a valid dictionary"),
    (["orders", "#W1", "items", 1], LAMP | {"gift": 1}, "orders.#W1.items[1].gift: Extra inputs are not permitted"),
    (["orders", "#W1", "items", 1, "item_id"], "X9", "orders.#W1.items[1].item_id: product P1 has no item X9"),
    (["orders", "#W1", "items", 1, "item_id"], "L1", "orders.#W1.items[1].item_id: product P1 has no item L1"),
    (["orders", "#W1", "items", 1, "product_id"], "P9", "orders.#W1.items[1].product_id: there is no product P9"),
    (["orders", "#W1", "user_id"], "nobody", "orders.#W1.user_id: there is no user nobody"),
    (["orders", "#W1", "order_id"], "#W9", "orders.#W1.order_id: it is #W9, but it stands under #W1"),
    (["orders", "#W1", "status"], "lost", "orders.#W1.status: 'lost' is not one of pending, processed"),
    (["orders", "#W1", "status"], [], "orders.#W1.status: [] is not one of pending, processed"),
    (["orders", "#W1", "cancel_reason"], "no longer needed", "orders.#W1.cancel_reason: the order is pending"),
    (["orders", "#W1", "cancel_reason"], "bored", "orders.#W1.cancel_reason: Input should be 'no longer needed' or"),
    (["orders", "#W1", "address", "zip"], 10083, "orders.#W1.address.zip: Input should be a valid string"),
    (["orders", "#W1", "address", "city"], "a\0b", "orders.#W1.address.city: the text has a NUL character in it"),
    (["orders", "#W1", "payment_history", 0, "payment_method_id"], "x", "orders.#W1.payment_history[0].payment_metho"),
    (["orders", "#W1", "payment_history"], [REFUND], "orders.#W1.payment_history: payments less refunds are -1.00, bu"),
    (["orders", "#W2", "fulfillments", 0, "item_ids"], ["K1"], "orders.#W2.fulfillments[0].item_ids[0]: the order has"),
    (["orders", "#W3", "return_items"], ["K1", "K1"], "orders.#W3.return_items: the order does not have K1, or not as"),
    (["orders", "#W3", "return_payment_method_id"], "x", "orders.#W3.return_payment_method_id: james_li_1 has no paym"),
    (["orders", "#W3", "exchange_new_items"], ["K2"], "orders.#W3.exchange_new_items: exchange_items and exchange_new"),
    (["users", "mia_kim_2", "orders"], [], "orders.#W2.user_id: users.mia_kim_2.orders does not name this order"),
    (["users", "mia_kim_2", "orders"], ["#W2", "#W9"], "users.mia_kim_2.orders[1]: there is no order #W9"),
    (["users", "mia_kim_2", "orders"], ["#W2", "#W1"], "users.mia_kim_2.orders[1]: order #W1 is james_li_1's"),
    (["users", "mia_kim_2", "orders"], ["#W2", "#W2"], "users.mia_kim_2.orders[1]: #W2 is named twice"),
    (["users", "mia_kim_2", "email"], "JAMES.li@example.com", "users.mia_kim_2.email: JAMES.li@example.com is the em"),
    (["users", "mia_kim_2", "user_id"], "x", "users.mia_kim_2.user_id: it is x, but it stands under mia_kim_2"),
    (
        ["users", "mia_kim_2", "payment_methods", "paypal_1", "balance"],
        5,
        "users.mia_kim_2.payment_methods.paypal_1: a",
    ),
    (["users", "mia_kim_2", "payment_methods", "paypal_1", "source"], "cash", "users.mia_kim_2.payment_methods.paypal"),
    (["products", "P2", "product_id"], "P3", "products.P2.product_id: it is P3, but it stands under P2"),
    (["products", "P2", "variants", "L1", "available"], "yes", "products.P2.variants.L1.available: Input should be a "),
    (["orders"], [], "orders: Input should be a valid dictionary"),
]


def _set(shop: Json, place: list[str | int], value: object) -> None:
    part: object = shop
    for key in place[:-1]:
        part = part[key]  # type: ignore[index] # the place is known to be in the shop
    part[place[-1]] = value  # type: ignore[index] # as above


@pytest.mark.parametrize(("place", "value", "told"), BROKEN)
def test_a_bad_value_is_refused_with_its_place(
    tmp_path: Path, place: list[str | int], value: object, told: str
) -> None:
    shop = small_shop()
    _set(shop, place, value)

    with pytest.raises(Tau2FileError) as refusal:
        read_tau2(write(shop, tmp_path))

    assert f"the shop is as it was. {told}" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_missing_value_is_refused_with_its_place(tmp_path: Path) -> None:
    shop = small_shop()
    del shop["orders"]["#W1"]["items"][1]["price"]

    with pytest.raises(Tau2FileError, match=r"orders\.#W1\.items\[1\]\.price: Field required"):
        read_tau2(write(shop, tmp_path))


def test_an_item_sold_as_two_products_is_refused(tmp_path: Path) -> None:
    shop = small_shop()
    shop["products"]["P2"]["variants"]["K1"] = shop["products"]["P1"]["variants"]["K1"]

    with pytest.raises(Tau2FileError, match=r"products\.P2\.variants\.K1: product P1 has an item of this id already"):
        read_tau2(write(shop, tmp_path))


def test_the_first_of_several_problems_is_told_with_their_number(tmp_path: Path) -> None:
    shop = small_shop()
    for order_id in ("#W2", "#W3"):
        shop["orders"][order_id]["payment_history"] = []

    with pytest.raises(Tau2FileError, match=r"orders\.#W2\.payment_history: .* \(the first of 2 problems\)\."):
        read_tau2(write(shop, tmp_path))


def test_a_key_that_is_there_twice_is_refused_with_its_place(tmp_path: Path) -> None:
    path = write(small_shop(), tmp_path)
    path.write_text(path.read_text().replace('"#W2": {"order_id"', '"#W1": {"order_id"'))

    with pytest.raises(Tau2FileError, match=r"orders\.#W1: this key is there twice"):
        read_tau2(path)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "It is not JSON: Expecting value"),
        (b'{"orders": ', "It is not JSON: Expecting value"),
        (b"\xff\xfe\xff", "It is not JSON: 'utf-16-le' codec can't decode"),
        (b"[" * 200_000, "It is not JSON: maximum recursion depth exceeded"),
        (b'{"products": NaN}', "It is not JSON: NaN is not a number"),
        (b'{"products": %s}' % (b"9" * 5000), "It is not JSON: Exceeds the limit"),
        (b"[]", "the file: Input should be a valid dictionary"),
        (b"{}", "products: Field required"),
        (b'{"products": {}, "users": {}, "orders": {"\\ud800": 1}}', "orders."),
    ],
)
def test_what_is_no_tau_bench_database_is_refused_in_one_line(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "db.json"
    path.write_bytes(content)

    with pytest.raises(Tau2FileError) as refusal:
        read_tau2(path)

    assert told in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Tau2FileError, match=r"It cannot be read: Is a directory\."):
        read_tau2(tmp_path)
    with pytest.raises(Tau2FileError, match=r"It cannot be read: No such file or directory\."):
        read_tau2(tmp_path / "db.json")


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "db.json"
    path.write_text(json.dumps(small_shop()), encoding="utf-8-sig")

    assert len(read_tau2(path).orders) == 3
