"""A database that is away or busy is told in one line, at the start and while the shop runs."""

import asyncio

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from storage import db
from storage.db import Sessions, open_sessions, writing
from storage.migrate import migrate, require_shop
from storage.outages import DatabaseAwayError, DatabaseBusyError, DatabaseGoneError, NoTextError
from storage.settings import Settings
from storage.shop.customers import Customer
from tests.factories import add_customer
from tests.postgres import POSTGRESQL, Cluster
from tests.processes import free_port

NOBODY_THERE = "postgresql+asyncpg://shop:hidden@127.0.0.1:{port}/shop"


@pytest.mark.parametrize("first_step", [migrate, require_shop])
async def test_a_database_that_is_away_at_the_start_is_named_without_its_password(first_step: object) -> None:
    port = free_port()

    with pytest.raises(DatabaseAwayError) as refusal:
        await first_step(NOBODY_THERE.format(port=port))  # type: ignore[operator] # one of the two above

    assert str(refusal.value) == (
        f"The database at 127.0.0.1:{port} cannot be reached: Connection refused. Start it, or correct DATABASE_URL "
        f"(postgresql+asyncpg://shop:***@127.0.0.1:{port}/shop), then try again."
    )


async def test_who_finds_the_database_locked_for_too_long_is_told_to_try_again(
    sessions: Sessions, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = await add_customer(sessions)
    row = select(Customer).where(Customer.id == customer.id).with_for_update()
    monkeypatch.setattr(db, "LOCK_WAIT_S", 0.2)

    async with open_sessions(settings.database) as impatient, writing(sessions) as session:
        await session.execute(row)
        with pytest.raises(DatabaseBusyError) as refusal:
            async with writing(impatient) as other:
                await other.execute(row)

    assert str(refusal.value) == ("The shop is busy with other changes; nothing was changed. Try again in a minute.")
    assert (impatient.refusals, sessions.refusals) == ({"busy": 1}, {})


@pytest.mark.slow
@pytest.mark.parametrize(("part", "value"), [("password", "wrong"), ("database", "nothing")])
async def test_a_database_that_does_not_let_us_in_says_why(postgres: Cluster, part: str, value: str) -> None:
    url = make_url(postgres.url("migrated")).set(**{part: value}).render_as_string(hide_password=False)  # type: ignore[arg-type] # text both

    with pytest.raises(DatabaseAwayError) as refusal:
        await require_shop(url)

    assert {"password": "password authentication failed", "database": '"nothing" does not exist'}[part] in str(
        refusal.value
    )
    assert postgres.password not in str(refusal.value)


@pytest.mark.slow
async def test_a_database_that_goes_away_and_comes_back_is_used_again(own_cluster: Cluster) -> None:
    async with open_sessions(own_cluster.url("shop")) as sessions:
        async with sessions() as session:
            await session.execute(text("SELECT 1"))
            await asyncio.to_thread(own_cluster.stop)
            with pytest.raises(DatabaseGoneError) as in_the_middle:
                await session.execute(text("SELECT 1"))
        with pytest.raises(DatabaseGoneError) as afterwards:
            await add_customer(sessions)
        await asyncio.to_thread(own_cluster.start)

        customer = await add_customer(sessions)

        async with sessions() as session:
            assert (await session.scalars(select(Customer.id))).all() == [customer.id]
    assert str(in_the_middle.value) == str(afterwards.value)
    assert str(afterwards.value).startswith("The shop's database cannot be reached right now.")


@pytest.mark.slow
@pytest.mark.parametrize("database", [POSTGRESQL])
async def test_a_text_that_postgresql_does_not_take_is_a_refusal_and_no_fault(sessions: Sessions) -> None:
    with pytest.raises(NoTextError, match="NUL character"):
        async with sessions() as session:
            await session.execute(select(Customer).where(Customer.email == "olivia\0"))

    async with sessions() as session:
        assert (await session.scalars(select(Customer))).all() == []
