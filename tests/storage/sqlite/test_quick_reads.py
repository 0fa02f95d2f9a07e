"""A session for reading sees one moment, never waits for a writer, and cannot write."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from storage.db import Sessions, reading, writing
from storage.shop.customers import Customer
from tests.factories import add_customer


@pytest.fixture
def database() -> str:
    """SQLite alone: on PostgreSQL a read goes the way of every other statement."""
    return "sqlite"


async def test_a_read_goes_on_while_another_writes_and_sees_what_was_before(sessions: Sessions) -> None:
    await add_customer(sessions)

    async with writing(sessions) as writer:
        await writer.execute(update(Customer).values(first_name="Mina"))
        async with reading(sessions) as reader:
            names = (await reader.scalars(select(Customer.first_name))).all()

    assert names == ["Olivia"]


async def test_all_statements_of_a_read_see_the_same_moment(sessions: Sessions) -> None:
    await add_customer(sessions)
    count = select(func.count()).select_from(Customer)

    async with reading(sessions) as session:
        before = await session.scalar(count)
        await add_customer(sessions)
        after = await session.scalar(count)
    async with reading(sessions) as session:
        later = await session.scalar(count)

    assert (before, after, later) == (1, 1, 2)


async def test_a_read_cannot_write(sessions: Sessions) -> None:
    await add_customer(sessions)

    async with reading(sessions) as session:
        with pytest.raises(OperationalError, match="readonly"):
            await session.execute(update(Customer).values(first_name="Mina"))
