"""The shop goes out as CSV files and comes back the same, byte for byte."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from storage.db import Sessions
from storage.moving.contents import count_contents
from storage.moving.csv_files.layout import SHEETS
from storage.owners import CustomerOnly, Staff
from storage.people.accounts import Account, check_password, find_account
from storage.people.logins import EmailOfStaffError
from storage.settings import REPOSITORY
from storage.shop.customers import get_customer
from storage.shop.orders import OrderStatus, get_order
from storage.shop.shop import Origin, find_shop
from storage.shop.tickets import get_ticket
from tests.factories import add_account, add_customer, add_order, add_ticket, line
from tests.storage.moving.csv_shop import change, export_files, load_files, write_files


async def test_the_demo_shop_goes_out_and_comes_back_byte_for_byte(demo_sessions: Sessions, tmp_path: Path) -> None:
    first = await export_files(demo_sessions, tmp_path / "first")

    await load_files(demo_sessions, tmp_path / "first")

    assert await export_files(demo_sessions, tmp_path / "second") == first
    assert sorted(first) == sorted(sheet.name for sheet in SHEETS)
    async with demo_sessions() as session:
        assert str(await count_contents(session)) == "200 customers, 60 products (320 variants), 600 orders, 48 tickets"


async def test_texts_of_every_kind_go_out_and_come_back(sessions: Sessions, tmp_path: Path) -> None:
    odd = 'a "quote", a comma;\r\na line\rand\nanother =1+1 \t 김민아 \u2028 👩‍🔧 '
    customer = await add_customer(sessions, first_name=odd, last_name="")
    bought = [line("1003", name=odd, options={odd: odd, "": ""}), line("1003"), line("1001", options={"b": "1"})]
    await add_order(sessions, id="#W1", customer_id=customer.id, status=OrderStatus.EXCHANGE_REQUESTED, lines=bought)
    moment = datetime(2026, 3, 2, 9, 30, 1, 2, tzinfo=UTC)
    await add_ticket(sessions, id="T1", customer_id=customer.id, body=odd, created_at=moment)
    first = await export_files(sessions, tmp_path / "first")

    await load_files(sessions, tmp_path / "first")

    assert await export_files(sessions, tmp_path / "second") == first
    async with sessions() as session:
        assert (await get_customer(session, customer.id)).first_name == odd
        assert (await get_order(session, "#W1", Staff())).lines[0].options == {odd: odd, "": ""}
        assert (await get_ticket(session, "T1", Staff())).created_at == moment


async def test_what_another_program_wrote_is_read(sessions: Sessions, tmp_path: Path) -> None:
    folder = write_files(tmp_path)

    await load_files(sessions, folder)

    async with sessions() as session:
        mina = await get_customer(session, "mina")
        order = await get_order(session, "W1", CustomerOnly("mina"))
        shop = await find_shop(session)
    assert (mina.email, mina.language, mina.address2, mina.position) == ("mina@example.com", "ko", "", 1)
    assert [(method.id, method.balance) for method in mina.payment_methods] == [("card", None), ("gift", 7000)]
    assert order.ordered_at == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert [(bought.line, bought.item_id, bought.price) for bought in order.lines] == [(1, "K1", 4990), (2, "K1", 4990)]
    assert shop is not None
    assert (shop.origin, shop.currency) == (Origin.IMPORTED, "USD")


async def test_a_parcels_carrier_and_days_are_read(sessions: Sessions, tmp_path: Path) -> None:
    await load_files(sessions, write_files(tmp_path))

    async with sessions() as session:
        [parcel] = (await get_order(session, "W2", Staff())).shipments
    told = (parcel.carrier, parcel.shipped_on, parcel.expected_on)
    assert told == ("CJ대한통운", date(2026, 3, 4), date(2026, 3, 9))


async def test_files_of_before_there_were_carriers_are_read(sessions: Sessions, tmp_path: Path) -> None:
    folder = write_files(tmp_path)
    change(folder, "shipments", ",carrier,shipped_on,expected_on", "")
    change(folder, "shipments", ",CJ대한통운,2026-03-04, 2026-03-09", "")

    await load_files(sessions, folder)

    async with sessions() as session:
        [parcel] = (await get_order(session, "W2", Staff())).shipments
    assert (parcel.tracking_ids, parcel.carrier, parcel.shipped_on) == (["357962501027"], None, None)


async def test_columns_may_stand_in_another_order_and_after_a_byte_order_mark(
    sessions: Sessions, tmp_path: Path
) -> None:
    folder = write_files(tmp_path)
    text = "email,id\r\nmina@example.com,mina\r\n\r\nadam@example.com,adam\r\n"
    (folder / "customers.csv").write_text(text, encoding="utf-8-sig")

    await load_files(sessions, folder)

    async with sessions() as session:
        assert (await get_customer(session, "adam")).email == "adam@example.com"


async def test_a_password_lets_every_customer_log_in(sessions: Sessions, tmp_path: Path) -> None:
    await load_files(sessions, write_files(tmp_path), password="open sesame")

    async with sessions() as session:
        accounts = [await find_account(session, email) for email in ("mina@example.com", "adam@example.com")]
    assert [check_password(account, "open sesame").name for account in accounts] == ["김민아", "Adam Cooper"]


async def test_a_customer_with_the_email_of_staff_cannot_get_a_login(sessions: Sessions, tmp_path: Path) -> None:
    await add_account(sessions, email="adam@example.com")

    with pytest.raises(EmailOfStaffError, match=r"adam@example\.com is a customer's email"):
        await load_files(sessions, write_files(tmp_path), password="open sesame")

    async with sessions() as session:
        assert (await count_contents(session)).customers == 0
        assert await session.get(Account, "u_mina") is None


async def test_an_empty_shop_goes_out_and_comes_back(sessions: Sessions, tmp_path: Path) -> None:
    first = await export_files(sessions, tmp_path / "first")

    await load_files(sessions, tmp_path / "first")

    assert await export_files(sessions, tmp_path / "second") == first


async def test_rows_that_take_many_batches_keep_their_order(sessions: Sessions, tmp_path: Path) -> None:
    folder = write_files(tmp_path)
    with (folder / "customers.csv").open("a") as file:
        csv.writer(file).writerows([f"c{n}", "", "", f"c{n}@example.com", "en", "", "", ""] for n in range(2500))
    await load_files(sessions, folder)

    exported = await export_files(sessions, tmp_path / "out")

    ids = [row["id"] for row in csv.DictReader(exported["customers.csv"].decode().splitlines())]
    assert ids == ["mina", "adam", *(f"c{n}" for n in range(2500))]


async def test_an_item_that_is_sold_no_more_stays_in_old_orders(sessions: Sessions, tmp_path: Path) -> None:
    folder = write_files(tmp_path)
    change(folder, "order_lines", "W2,1,K1,P1", "W2,1,OLD,GONE")
    change(folder, "shipments", '""K1""', '""OLD""')
    change(folder, "orders", '""K1""', '""OLD""')

    await load_files(sessions, folder)

    async with sessions() as session:
        assert [bought.item_id for bought in (await get_order(session, "W2", Staff())).lines] == ["OLD"]


def test_every_column_of_the_tables_is_in_the_files() -> None:
    # Places are those of the lines, a payment's customer is its order's; chats, and who has a ticket, stay behind;
    # keys are made of ids and names.
    left_out = {"position", "folded_id", "folded_name", "payments customer_id", "tickets conversation_id"}
    left_out |= {"tickets waits_since", "tickets taken_by", "tickets changed_at"}

    missing = [
        f"{sheet.name} {column.name}"
        for sheet in SHEETS
        for column in sheet.table.columns
        if column.name not in {each.name for each in sheet.columns}
        and not left_out & {column.name, f"{sheet.table.name} {column.name}"}
    ]
    assert missing == []


def test_every_column_is_in_the_documentation() -> None:
    parts = (REPOSITORY / "docs" / "csv.md").read_text(encoding="utf-8").split("\n### ")
    told = {part.split("\n")[0]: part for part in parts}

    missing = [
        f"{sheet.name} {column.name}"
        for sheet in SHEETS
        for column in sheet.columns
        if f"| `{column.name}` |" not in told[f"`{sheet.name}`"]
    ]
    assert missing == []
