"""Orders and tickets by their ids as people type them, and never those of somebody else."""

import unicodedata

import pytest

from storage.db import Sessions
from storage.owners import CustomerOnly, Staff
from storage.shop.customers import find_customer_meant
from storage.shop.orders import OrderNotFoundError, get_order
from storage.shop.products import get_product, get_product_of_item
from storage.shop.spelling import alike, meant
from storage.shop.tickets import get_ticket
from tests.factories import add_customer, add_order, add_product, add_ticket, variant

TYPED = [
    "W1000538",
    "w1000538",
    "#w1000538",
    " #W1000538 ",
    "# W1000538",
    "＃Ｗ１０００５３８",
    "ｗ１０００５３８",
    "W1000538\u200b",
    "\ufeffW1000538",
    "W 1000538",
    "W-1000538",
    "W\u00a01000\u2011538",
    "W\u22121000538",
    "\tW1000538\r\n",
    "W1000538\ufe0f",
    "W1000\u034f538",
    "\u3164W1000538\u115f",
    "W1000538\u2800",
    "#\ufe0fW1000538\ufffc",
    "W1000538\U000e0101",
]


async def found(sessions: Sessions, typed: str) -> str:
    async with sessions() as session:
        return (await get_order(session, typed, Staff())).id


@pytest.mark.parametrize("typed", TYPED, ids=ascii)
async def test_an_order_is_found_however_its_id_is_typed(sessions: Sessions, typed: str) -> None:
    await add_order(sessions, id="#W1000538")

    assert await found(sessions, typed) == "#W1000538"


@pytest.mark.parametrize(("stored", "typed"), [("abc-12", "ABC-12"), ("A 12", "A 12"), ("1042", "＃1042")])
async def test_an_imported_id_of_another_form_is_found_too(sessions: Sessions, stored: str, typed: str) -> None:
    await add_order(sessions, id=stored)

    assert await found(sessions, typed) == stored


async def test_the_id_as_it_is_typed_comes_first(sessions: Sessions) -> None:
    for stored in ("W7", "w7", "#W7"):
        await add_order(sessions, id=stored)

    assert [await found(sessions, typed) for typed in ("w7", "W7", "#W7", "#w7", "Ｗ7")] == [
        "w7",
        "W7",
        "#W7",
        "w7",
        "W7",
    ]


async def test_another_number_is_not_taken_for_it_and_nobody_finds_somebody_elses(sessions: Sessions) -> None:
    await add_order(sessions, id="#W1000538")
    stranger = CustomerOnly((await add_customer(sessions)).id)

    async with sessions() as session:
        for typed, whose in (
            ("W100053", Staff()),
            ("W10005380", Staff()),
            ("1000538", Staff()),
            ("w1000538", stranger),
        ):
            with pytest.raises(OrderNotFoundError):
                await get_order(session, typed, whose)


@pytest.mark.parametrize("typed", ["t00001234", " T00001234", "Ｔ００００１２３４", "T 0000 1234", "#T00001234"])
async def test_a_ticket_is_found_however_its_id_is_typed(sessions: Sessions, typed: str) -> None:
    await add_ticket(sessions, id="T00001234")

    async with sessions() as session:
        assert (await get_ticket(session, typed, Staff())).id == "T00001234"


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Ord-77aB", "ord-77ab"),
        ("Ord-77aB", "ORD77AB"),
        (unicodedata.normalize("NFD", "주문-12"), "주문-12"),
        ("주문-12", unicodedata.normalize("NFD", "주문 12")),
        ("20261129-0000123", "２０２６１１２９ 0000123"),
        ("Straße-7", "STRASSE-7"),
        ("#w1042", "W 1042"),
        ("W1042", "#w1042"),
        ("mug/red", " Mug/Red\u200b"),
    ],
    ids=ascii,
)
async def test_orders_products_items_tickets_and_customers_are_found_however_their_ids_are_stored_and_typed(
    sessions: Sessions, stored: str, typed: str
) -> None:
    customer = await add_customer(sessions, id=stored)
    await add_order(sessions, id=stored, customer_id=customer.id)
    await add_ticket(sessions, id=stored, customer_id=customer.id)
    await add_product(sessions, id=stored, variants=[variant(item_id=stored)])

    async with sessions() as session:
        by_item = await get_product_of_item(session, typed)
        found = [
            await get_order(session, typed, Staff()),
            await get_ticket(session, typed, Staff()),
            await get_product(session, typed),
            await find_customer_meant(session, typed),
        ]

    assert [None if each is None else each.id for each in (by_item, *found)] == [stored] * 5


@pytest.mark.parametrize(
    ("stored", "typed", "found"),
    [
        (["W1O42"], "W1042", None),
        (["A1l"], "A11", None),
        (["A-11-1"], "A-1-11", None),
        (["A-11-1", "A-1-11"], "A111", None),
        (["aB1", "Ab1"], "ab1", None),
        (["aB1", "Ab1"], "aB1", "aB1"),
        (["#1042", "1042"], "1042", "1042"),
        (["#1042", "1042"], "＃1042", "#1042"),
        (["İ1"], "I1", None),
        ([], "W1", None),
    ],
    ids=ascii,
)
def test_one_id_is_never_taken_for_another(stored: list[str], typed: str, found: str | None) -> None:
    assert meant(typed, stored) == found


def test_ids_that_nobody_could_tell_apart_are_named_together() -> None:
    assert list(alike(["mug-1", "cup", "Mug-1", "mug 1", "ｍug-1\u200b"])) == [
        ("mug-1", "Mug-1"),
        ("mug-1", "ｍug-1\u200b"),
    ]
