"""`shopdesk user` makes, changes, lists and removes accounts, and says in one line why it does not."""

import os
import pty

import pytest

from storage.db import Sessions, now, writing
from storage.people.accounts import check_password, find_account
from storage.people.oauth_clients import OAuthClient
from storage.people.oauth_grants import CODE_FOR, OAuthGrant, add_grant
from storage.settings import Settings
from tests.factories import add_account, add_conversation, add_customer
from tests.scripts.command import shopdesk, started

# Each test starts the command several times over, a second each.
pytestmark = pytest.mark.slow


async def test_a_member_of_staff_gets_an_account(sessions: Sessions) -> None:
    outcome = await shopdesk("user", "add", "Dana@Shop.example", "--staff", "--password", "open sesame")

    assert (outcome.code, outcome.complained) == (0, "")
    assert outcome.said == "dana@shop.example (dana) can log in as staff.\n"
    async with sessions() as session:
        account = check_password(await find_account(session, "dana@shop.example"), "open sesame")
    assert (account.staff, account.customer_id) == (True, None)


async def test_a_customer_gets_an_account_with_their_own_name(sessions: Sessions) -> None:
    await add_customer(sessions, id="mina_kim_1", first_name="민아", last_name="김", language="ko")

    outcome = await shopdesk("user", "add", "mina@example.com", "--customer", "mina_kim_1", "--password", "open sesame")

    assert outcome.said == "mina@example.com (김민아) can log in as customer mina_kim_1.\n"
    async with sessions() as session:
        account = check_password(await find_account(session, "mina@example.com"), "open sesame")
    assert (account.staff, account.customer_id, account.name) == (False, "mina_kim_1", "김민아")


async def test_the_password_comes_from_standard_input_where_nobody_can_be_asked(sessions: Sessions) -> None:
    outcome = await shopdesk(
        "user", "add", "dana@shop.example", "--staff", "--name", "Dana Lee", stdin=b"open sesame\n"
    )

    assert outcome.said == "dana@shop.example (Dana Lee) can log in as staff.\n"
    async with sessions() as session:
        assert check_password(await find_account(session, "dana@shop.example"), "open sesame")


async def test_on_a_terminal_the_password_is_asked_for_twice_and_not_shown(sessions: Sessions) -> None:
    ours, theirs = pty.openpty()
    process = await started("user", "add", "dana@shop.example", "--staff", stdin=theirs)
    assert process.stderr is not None
    # What is written before the question is thrown away by the terminal, so each is waited for.
    for _ in range(2):
        await process.stderr.readuntil(b" ")
        os.write(ours, b"open sesame\n")

    said, complained = await process.communicate()

    os.close(theirs)
    os.close(ours)
    assert said.decode().endswith("dana@shop.example (dana) can log in as staff.\n")
    assert "sesame" not in said.decode() + complained.decode()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["taken@shop.example", "--staff"], "taken@shop.example already has an account. Choose another email,"),
        (["new@shop.example"], "Say whose account it is: --staff or --customer ID."),
        (["new@shop.example", "--staff", "--customer", "c1"], "Say whose account it is: --staff or --customer ID."),
        (["new@shop.example", "--customer", "nobody"], "No customer nobody was found. Check the customer id."),
        (["new@shop.example", "--customer", "c1"], "Customer c1 already has an account: taken@shop.example. Remove"),
        (
            ["new.shop.example", "--staff"],
            "'new.shop.example' is not an email address. Use one such as name@example.com.",
        ),
    ],
)
async def test_an_account_that_cannot_be_made_is_told_in_one_line(
    sessions: Sessions, arguments: list[str], told: str
) -> None:
    await add_customer(sessions, id="c1")
    await add_account(sessions, email="taken@shop.example", customer_id="c1")

    outcome = await shopdesk("user", "add", *arguments, "--password", "open sesame")

    assert (outcome.code, outcome.said) == (2, "")
    assert outcome.complained.startswith(f"shopdesk: {told}")
    assert outcome.complained.count("\n") == 1


async def test_a_short_password_is_refused(sessions: Sessions) -> None:
    outcome = await shopdesk("user", "add", "dana@shop.example", "--staff", "--password", "sesame7")

    assert outcome.code == 2
    assert outcome.complained == "shopdesk: The password is too short: it needs 8 characters or more.\n"
    async with sessions() as session:
        assert await find_account(session, "dana@shop.example") is None


async def test_accounts_are_listed_staff_first(sessions: Sessions) -> None:
    await add_customer(sessions, id="c1")
    await add_account(sessions, email="a@example.com", customer_id="c1")
    await add_account(sessions, email="z@shop.example")

    outcome = await shopdesk("user", "list")

    assert outcome.said == "z@shop.example\tstaff\tOlivia Brown\na@example.com\tcustomer c1\tOlivia Brown\n"


async def test_an_account_is_removed_with_its_chats(sessions: Sessions) -> None:
    account = await add_account(sessions, email="dana@shop.example")
    await add_conversation(sessions, account_id=account.id)

    outcome = await shopdesk("user", "remove", "dana@shop.example")
    again = await shopdesk("user", "remove", "dana@shop.example")

    assert outcome.said == "dana@shop.example can no longer log in; 1 chats were deleted with the account.\n"
    assert again.code == 2
    assert again.complained == (
        "shopdesk: There is no account dana@shop.example. List all accounts with `shopdesk user list`.\n"
    )
    async with sessions() as session:
        assert await find_account(session, "dana@shop.example") is None


async def test_a_changed_password_replaces_the_old_one_and_ends_what_it_let_in(sessions: Sessions) -> None:
    account = await add_account(sessions, email="dana@shop.example")
    async with writing(sessions) as session:
        session.add(
            OAuthClient(
                id="p1", name="", redirect_uris=[], auth_method="none", grant_types=[], scope=None, created_at=now()
            )
        )
        await session.flush()
        await add_grant(session, _grant(account.id))

    outcome = await shopdesk("user", "password", "Dana@Shop.example", stdin=b"another one\n")
    short = await shopdesk("user", "password", "dana@shop.example", "--password", "short")
    unknown = await shopdesk("user", "password", "nobody@shop.example", "--password", "another one")

    assert outcome.said == (
        "dana@shop.example has a new password. Every existing login has ended; programs disconnected: 1.\n"
    )
    assert short.complained == "shopdesk: The password is too short: it needs 8 characters or more.\n"
    assert unknown.complained.startswith("shopdesk: There is no account nobody@shop.example.")
    async with sessions() as session:
        assert check_password(await find_account(session, "dana@shop.example"), "another one")
        assert await session.get(OAuthGrant, "g1") is None


def _grant(account_id: str) -> OAuthGrant:
    return OAuthGrant(
        id="g1",
        client_id="p1",
        account_id=account_id,
        resource="",
        scopes=[],
        created_at=now(),
        code_hash="",
        code_challenge="",
        redirect_uri="",
        redirect_uri_given=True,
        refresh_hash=None,
        expires_at=now() + CODE_FOR,
    )


async def test_without_a_shop_there_are_no_accounts(settings: Settings) -> None:
    outcome = await shopdesk("user", "add", "dana@shop.example", "--staff", "--password", "open sesame")

    assert outcome.code == 2
    assert "There is no shop at" in outcome.complained
