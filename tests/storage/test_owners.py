"""Whose rows are read is said in each call: nobody's access opens by leaving it out."""

import inspect
import typing
from collections.abc import Awaitable, Callable
from importlib import import_module
from pkgutil import walk_packages

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

import storage
from storage.db import Sessions
from storage.errors import NotFoundError
from storage.owners import CustomerOnly, Nobody, Staff, Whose
from storage.people.accounts import Account
from storage.people.chats import list_chats
from storage.pictures.images import get_image, list_image_ids
from storage.shop.orders import find_order_id, get_order, list_order_ids, list_orders
from storage.shop.tickets import get_ticket, list_tickets
from storage.tokens import VISITOR, Caller
from tests.factories import add_conversation, add_customer, add_image, add_order, add_ticket

READS = ("get_", "find_", "list_", "show_")
"""How the name of a query begins; what begins otherwise writes, and takes the customer as a fact of its new row."""
OWNERS = ("whose", "customer_id", "owner_id", "owner")


async def order_ids_meant(session: AsyncSession, whose: Whose) -> list[str]:
    found = await find_order_id(session, "w1", whose)
    return [] if found is None else [found]


Read = Callable[[AsyncSession, Whose], Awaitable[object]]
ONE: dict[str, Read] = {
    "#W1": lambda session, whose: get_order(session, "#W1", whose),
    "T1": lambda session, whose: get_ticket(session, "T1", whose),
    "img_1": lambda session, whose: get_image(session, "img_1", whose),
}
SEVERAL: list[Read] = [
    lambda session, whose: list_orders(session, whose, status=None, before=None, limit=5),
    lambda session, whose: list_order_ids(session, whose, "", 5),
    order_ids_meant,
    lambda session, whose: list_tickets(session, whose, status=None, before=None, limit=5),
    lambda session, whose: list_image_ids(session, whose, "", 5),
    lambda session, whose: list_chats(session, whose, limit=5),
]


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    await add_customer(sessions, id="olivia")
    await add_customer(sessions, id="mallory")
    await add_order(sessions, id="#W1", customer_id="olivia")
    await add_ticket(sessions, id="T1", customer_id="olivia")
    await add_image(sessions, b"picture", id="img_1", customer_id="olivia")
    await add_conversation(sessions, customer_id="olivia", title="Hello")
    return sessions


@pytest.mark.parametrize("id", ONE)
@pytest.mark.parametrize("whose", [Nobody(), CustomerOnly("mallory"), CustomerOnly("")])
async def test_a_row_of_another_is_not_found_in_the_words_of_one_that_does_not_exist(
    shop: Sessions, whose: Whose, id: str
) -> None:
    async with shop() as session:
        with pytest.raises(NotFoundError) as foreign:
            await ONE[id](session, whose)
    async with shop.begin() as session:
        await session.delete(await get_ticket(session, "T1", Staff()))
        await session.delete(await get_order(session, "#W1", Staff()))
        await session.delete(await get_image(session, "img_1", Staff()))
    async with shop() as session:
        with pytest.raises(NotFoundError) as missing:
            await ONE[id](session, whose)

    assert str(foreign.value) == str(missing.value)


@pytest.mark.parametrize("id", ONE)
@pytest.mark.parametrize("whose", [Staff(), CustomerOnly("olivia")])
async def test_a_row_is_found_by_its_customer_and_by_staff(shop: Sessions, whose: Whose, id: str) -> None:
    async with shop() as session:
        assert await ONE[id](session, whose)


@pytest.mark.parametrize(
    ("whose", "found"),
    [(Staff(), 1), (CustomerOnly("olivia"), 1), (CustomerOnly("mallory"), 0), (CustomerOnly(""), 0), (Nobody(), 0)],
)
async def test_a_list_has_what_may_be_read_alone(shop: Sessions, whose: Whose, found: int) -> None:
    async with shop() as session:
        lists = [await read(session, whose) for read in SEVERAL]

    assert [len(typing.cast(typing.Sized, rows)) for rows in lists] == [found] * len(SEVERAL)


@pytest.mark.parametrize(
    ("subject", "staff", "whose"),
    [("olivia", False, CustomerOnly("olivia")), ("u_1", True, Staff()), (f"{VISITOR}v_1", False, Nobody())],
)
def test_a_caller_says_whose_rows_they_may_read(subject: str, staff: bool, whose: Whose) -> None:
    assert Caller(subject, staff, frozenset()).whose == whose


@pytest.mark.parametrize(
    ("customer_id", "staff", "whose"),
    [("olivia", False, CustomerOnly("olivia")), (None, True, Staff()), (None, False, Nobody())],
)
def test_an_account_says_whose_rows_it_may_read(customer_id: str | None, staff: bool, whose: Whose) -> None:
    assert Account(id="u_1", customer_id=customer_id, staff=staff).whose == whose


def queries() -> list[Callable[..., object]]:
    rooms = [found for found in walk_packages(storage.__path__, "storage.") if ".migrations" not in found.name]
    modules = [import_module(found.name) for found in rooms if not found.ispkg]
    functions = [(module, function) for module in modules for _, function in inspect.getmembers(module)]
    return [
        function
        for module, function in functions
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and function.__name__.startswith(READS)
    ]


def test_no_query_takes_an_owner_that_may_be_left_out_or_be_none() -> None:
    open_to_all = [
        f"{query.__module__}.{query.__name__}({name})"
        for query in queries()
        for name, parameter in inspect.signature(query).parameters.items()
        if name in OWNERS
        and (
            type(None) in typing.get_args(typing.get_type_hints(query)[name])
            or parameter.default is not inspect.Parameter.empty
        )
    ]
    owned = [query.__name__ for query in queries() if "whose" in inspect.signature(query).parameters]

    assert open_to_all == []
    assert len(owned) == len(ONE) + len(SEVERAL)
