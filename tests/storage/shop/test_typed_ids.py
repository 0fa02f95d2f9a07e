"""Orders and tickets by their ids as people type them, and never those of somebody else."""

import pytest

from storage.db import Sessions
from storage.owners import CustomerOnly, Staff
from storage.shop.orders import OrderNotFoundError, get_order
from storage.shop.tickets import get_ticket
from storage.shop.typed_ids import spellings
from tests.factories import add_customer, add_order, add_ticket

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


def test_an_id_as_the_shop_stores_it_is_the_first_guess() -> None:
    assert spellings("#W1042") == ["#W1042", "W1042", "#w1042", "w1042"]
    assert spellings("W1042") == ["W1042", "#W1042", "w1042", "#w1042"]
