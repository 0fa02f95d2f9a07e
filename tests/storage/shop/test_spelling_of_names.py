"""Names, emails and postcodes are the same however they were typed."""

import unicodedata
from pathlib import Path

import pytest

from storage.db import Sessions, open_sessions
from storage.migrate import migrate
from storage.people.accounts import find_account
from storage.people.identities import find_buyer_id, find_customer_id
from storage.settings import Settings
from storage.shop.customers import find_customers
from storage.shop.spelling import stored_email
from tests.clients import caller, client_of, server_for
from tests.factories import ADDRESS, add_account, add_customer, add_order


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize("stored", [("민아", "김", "06236"), ("Émile", "Van  Dyck", "SW1A 1AA")])
@pytest.mark.parametrize("stored_decomposed", [False, True])
async def test_staff_find_a_customer_by_a_name_typed_in_any_way(
    settings: Settings, sessions: Sessions, stored: tuple[str, str, str], stored_decomposed: bool
) -> None:
    first, last, code = stored
    kept = (decomposed(first), decomposed(last)) if stored_decomposed else (first, last)
    customer = await add_customer(sessions, first_name=kept[0], last_name=kept[1], address=ADDRESS | {"zip": code})
    typed = {"first_name": decomposed(first).upper(), "last_name": f" {last.lower()} ", "zip": code.lower()}

    async with client_of(server_for(settings, sessions, caller(None))) as client:
        found = await client.call_tool("find_customer", typed)
        gapless = await client.call_tool("find_customer", typed | {"zip": code.replace(" ", "")})
        other = await client.call_tool("find_customer", typed | {"last_name": f"{last}x"})

    assert [(each.structured_content or {}).get("customer_id") for each in (found, gapless)] == [customer.id] * 2
    assert other.is_error


async def test_an_email_is_the_same_with_spaces_in_capitals_and_decomposed(sessions: Sessions) -> None:
    customer = await add_customer(sessions, email="zoë@example.com")
    await add_account(sessions, email="zoë@example.com")

    async with sessions() as session:
        found = await find_customers(session, email=decomposed(" ZOË@Example.com\n"))
        account = await find_account(session, decomposed("Zoë@example.com "))

    assert [each.id for each in found] == [customer.id]
    assert account is not None


@pytest.mark.parametrize(
    ("stored", "typed", "same"),
    [
        (("민아", "김"), (decomposed("민아"), decomposed("김")), True),
        (("Mina", "Kim"), ("ＭＩＮＡ", "Ｋｉｍ\u200b"), True),
        (("Anna  Maria", "Weiß"), (" anna maria ", "WEISS"), True),
        (("Mina Kim", ""), ("mina", "kim"), True),
        (("İbrahim", "Işık"), ("ibrahim", "IŞIK"), True),
        (("Sean", "O’Brien-Lee"), ("sean", "o'brien‐lee"), True),
        (("민아", "김"), ("민서", "김"), False),
        (("José", "Ruiz"), ("Jose", "Ruiz"), False),
        (("Olivia", "Brown"), ("0livia", "Brown"), False),
    ],
    ids=ascii,
)
async def test_a_name_without_a_postcode_finds_its_customer_too(
    sessions: Sessions, stored: tuple[str, str], typed: tuple[str, str], same: bool
) -> None:
    customer = await add_customer(sessions, first_name=stored[0], last_name=stored[1])

    async with sessions() as session:
        found = await find_customers(session, name=typed)

    assert [each.id for each in found] == [customer.id] * same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Mina@Example.com", " mina@example.COM\u00a0", True),
        ("mina@example.com", "ｍｉｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", True),
        ("mina@example.com", "\ufeffmi\u200bna@example.com", True),
        ("zoë@example.com", decomposed("ZOË@example.com"), True),
        ("mina+shop@example.com", "mina@example.com", False),
        ("straße@example.com", "strasse@example.com", False),
        ("İ@example.com", "i@example.com", False),
        ("mına@example.com", "mina@example.com", False),
        ("m\u0456na@example.com", "mina@example.com", False),
    ],
    ids=ascii,
)
def test_an_email_is_one_mailbox(one: str, other: str, same: bool) -> None:
    assert (stored_email(one) == stored_email(other)) is same


@pytest.mark.parametrize(
    ("stored", "typed", "same"),
    [
        ("SW1A 1AA", "sw1a1aa", True),
        ("06236", "０６２３６", True),
        ("12-345", "12 345", True),
        ("06236", "6236", False),
        ("O6236", "06236", False),
        ("", "-", False),
        ("", "", False),
    ],
)
async def test_a_postcode_is_proof_in_any_spelling_but_never_empty(
    sessions: Sessions, stored: str, typed: str, same: bool
) -> None:
    customer = await add_customer(sessions, email="who@example.com", address=ADDRESS | {"zip": stored})
    order = await add_order(sessions, id="#W77", customer_id=customer.id)

    async with sessions() as session:
        by_email = await find_customer_id(session, "Who@example.com", typed)
        by_order = await find_buyer_id(session, "who@example.com", "＃w 77", typed)

    assert [by_email, by_order] == ([order.customer_id] * 2 if same else [None, None])


@pytest.mark.parametrize("name", ["my%20shop", "quest?x=1", "100%", "a#b&c;d", "가게 %s"])
async def test_the_database_is_in_the_home_folder_whatever_its_name(
    settings: Settings, tmp_path: Path, name: str
) -> None:
    home = tmp_path / "shops" / name
    made = settings.model_copy(update={"shopdesk_home": home, "database_url": ""})

    await migrate(made.database)
    async with open_sessions(made.database) as sessions:
        await add_customer(sessions)

    assert (home / "shop.db").stat().st_size > 0
    assert [path.name for path in home.parent.iterdir()] == [name]
