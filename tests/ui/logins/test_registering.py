"""Registering: who may, what they must know, and what the answer tells a stranger, which is nothing."""

from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select
from starlette.applications import Starlette

from storage.chats.conversations import Conversation
from storage.db import Sessions
from storage.people import identities
from storage.people.accounts import Account, find_account
from storage.settings import Settings
from storage.shop.customers import Customer
from team.desk.desk import open_desk
from tests.factories import add_account, add_customer, add_order
from tests.ui.doors.programs import add_key, program
from tests.ui.visitor import start_conversation, visitor
from ui.app import build_app

PASSWORD = "Passw0rd!"
BUYER = {"email": "mina@example.com", "password": PASSWORD, "order_id": "W1042", "postcode": "97201"}
SEED = {"email": "test@example.com", "password": PASSWORD, "name": "Tester"}


async def add_buyer(sessions: Sessions) -> Customer:
    customer = await add_customer(sessions, email="mina@example.com", first_name="Mina", last_name="Kim")
    await add_order(sessions, id="#W1042", customer_id=customer.id)
    return customer


async def registering(settings: Settings, sessions: Sessions, *bodies: dict[str, Any]) -> list[httpx2.Response]:
    """Register so often at a page with these settings, then log in with the last email and password."""
    async with open_desk(settings, sessions) as desk, visitor(build_app(settings, sessions, desk)) as client:
        answers = [await client.post("/auth/register", json=body) for body in bodies]
        login = {name: bodies[-1][name] for name in ("email", "password")}
        return [*answers, await client.post("/auth/login", json=login)]


async def test_a_customer_registers_with_an_order_and_its_postcode_and_logs_in(
    settings: Settings, sessions: Sessions
) -> None:
    customer = await add_buyer(sessions)

    written = BUYER | {"email": "Mina@Example.com", "order_id": "#W1042", "postcode": "972 01"}
    registered, logged_in = await registering(settings, sessions, written)

    assert registered.json() == {"email": "mina@example.com", "next": "Log in with this email and password."}
    assert (registered.status_code, logged_in.status_code, logged_in.json()["name"]) == (201, 200, "Mina Kim")
    async with sessions() as session:
        account = await find_account(session, "mina@example.com")
    assert account is not None
    assert (account.customer_id, account.staff) == (customer.id, False)


@pytest.mark.parametrize(
    "wrong",
    [{"email": "other@example.com"}, {"order_id": "W1043"}, {"order_id": "W9"}, {"postcode": "97202"}, {"taken": True}],
    ids=str,
)
async def test_who_is_not_recognized_reads_the_same_whatever_was_wrong(
    settings: Settings, sessions: Sessions, wrong: dict[str, Any]
) -> None:
    customer = await add_buyer(sessions)
    other = await add_customer(sessions, email="other@example.com")
    await add_order(sessions, id="W1043", customer_id=other.id)
    if wrong == {"taken": True}:
        await add_account(sessions, email=customer.email, customer_id=customer.id)

    body = BUYER | {name: value for name, value in wrong.items() if name != "taken"}
    refused, logged_in = await registering(settings, sessions, body)

    assert (refused.status_code, refused.json()) == (
        403,
        {
            "error": "These do not belong to a customer who can register now. Check the email, the order number and "
            "its postcode; if you have registered before, log in.",
            "code": "not_recognized",
        },
    )
    assert logged_in.status_code == 401


async def test_wrong_facts_are_limited_and_then_the_right_ones_do_not_help_either(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identities, "PER_EMAIL", 2)
    await add_buyer(sessions)

    wrong = [BUYER | {"postcode": f"9720{number}"} for number in (2, 3)]
    *answers, logged_in = await registering(settings, sessions, *wrong, BUYER)

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert len({answer.text for answer in answers}) == 1
    assert logged_in.status_code == 401


async def test_where_everybody_may_register_the_seed_s_example_makes_a_new_customer(
    settings: Settings, sessions: Sessions
) -> None:
    shop = settings.model_copy(update={"registration": "open"})

    registered, logged_in = await registering(shop, sessions, SEED)

    assert (registered.status_code, logged_in.status_code) == (201, 200)
    assert logged_in.json()["name"] == "Tester"
    async with sessions() as session:
        [customer] = (await session.scalars(select(Customer))).all()
        [account] = (await session.scalars(select(Account))).all()
    assert (customer.email, customer.first_name, account.customer_id) == ("test@example.com", "Tester", customer.id)


@pytest.mark.parametrize("taken_by", ["customer", "staff", "account"])
async def test_an_open_shop_does_not_tell_whether_an_email_is_taken_and_gives_nobody_s_data_away(
    settings: Settings, sessions: Sessions, taken_by: str
) -> None:
    shop = settings.model_copy(update={"registration": "open"})
    customer = None if taken_by == "staff" else await add_customer(sessions, email=SEED["email"])
    if taken_by != "customer":
        await add_account(sessions, email=SEED["email"], customer_id=None if customer is None else customer.id)
    before = await how_many(sessions)

    free, taken, logged_in = await registering(shop, sessions, SEED | {"email": "free@example.com"}, SEED)

    assert taken.status_code == free.status_code == 201
    assert taken.json() == free.json() | {"email": SEED["email"]}
    assert logged_in.status_code == 401
    assert await how_many(sessions) == (before[0] + 1, before[1] + 1)


async def how_many(sessions: Sessions) -> tuple[int, int]:
    async with sessions() as session:
        counts = [await session.scalar(select(func.count()).select_from(table)) for table in (Customer, Account)]
    return counts[0] or 0, counts[1] or 0


@pytest.mark.parametrize(
    ("registration", "change", "code"),
    [
        ("off", {}, (403, "registration_off")),
        ("verified", {"order_id": ""}, (400, "order_needed")),
        ("verified", {"postcode": " "}, (400, "order_needed")),
        ("verified", {"password": "seven77"}, (400, "weak_password")),
        ("open", {"password": "seven77"}, (400, "weak_password")),
        ("open", {"email": "mina.example.com"}, (400, "no_email")),
        ("open", {"customer_id": "mina"}, (400, "bad_body")),
        ("open", {"staff": True}, (400, "bad_body")),
    ],
)
async def test_a_registration_that_cannot_be_is_refused_in_one_line(
    settings: Settings, sessions: Sessions, registration: str, change: dict[str, Any], code: tuple[int, str]
) -> None:
    await add_buyer(sessions)
    shop = settings.model_copy(update={"registration": registration})

    refused, _ = await registering(shop, sessions, BUYER | change)

    assert (refused.status_code, refused.json()["code"]) == code
    assert "\n" not in refused.json()["error"]
    assert (await how_many(sessions))[1] == 0


async def test_registrations_from_one_address_are_limited(settings: Settings, sessions: Sessions) -> None:
    shop = settings.model_copy(update={"registration": "open"})

    *answers, _ = await registering(shop, sessions, *(SEED | {"email": f"t{number}@x.example"} for number in range(31)))

    assert [answer.status_code for answer in answers] == [201] * 30 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_what_a_key_began_before_its_customer_registered_is_theirs_on_the_page_and_by_the_key(
    app: Starlette, sessions: Sessions
) -> None:
    customer = await add_buyer(sessions)
    key = await add_key(sessions, customer.id)

    async with program(app, key) as client, visitor(app) as page:
        begun = await start_conversation(client)
        await page.post("/auth/register", json=BUYER)
        await page.post("/auth/login", json={"email": BUYER["email"], "password": PASSWORD})
        answers = [(await each.get(f"/api/conversations/{begun}")).status_code for each in (page, client)]

    assert answers == [200, 200]
    async with sessions() as session:
        [conversation] = (await session.scalars(select(Conversation))).all()
    assert conversation.account_id is not None
    assert conversation.key_id is not None
