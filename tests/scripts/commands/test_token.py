"""`shopdesk token` prints tokens and API keys, lists and revokes keys, and says in one line why it does not."""

import pytest
from sqlalchemy import select

from storage.db import Sessions
from storage.people.api_keys import ApiKey, find_key
from tests.factories import add_customer
from tests.scripts.command import shopdesk

# Each test starts the command several times over, a second each.
pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        (["--customer", "mina"], ("mina", False, False)),
        (["--customer", "Mina@shop.example"], ("mina", False, False)),
        (["--staff"], (None, True, False)),
        (["--staff", "--trusted-front"], (None, False, True)),
        (["--trusted-front"], (None, False, True)),
    ],
)
async def test_a_key_stands_alone_on_the_last_line_and_works(
    sessions: Sessions, options: list[str], kind: tuple[str | None, bool, bool]
) -> None:
    await add_customer(sessions, id="mina", email="mina@shop.example")

    outcome = await shopdesk("token", "--api-key", *options, "--name", "Open WebUI")

    told, key = outcome.said.splitlines()
    async with sessions() as session:
        row = await find_key(session, key)
    assert (outcome.code, outcome.complained) == (0, "")
    assert row is not None
    assert told.startswith(f"{row.id}: a key for ")
    assert ((row.customer_id, row.staff, row.trusted_front), row.name) == (kind, "Open WebUI")


async def test_keys_are_listed_without_their_text_and_a_revoked_one_says_so(sessions: Sessions) -> None:
    await add_customer(sessions, id="mina")
    first = (await shopdesk("token", "--api-key", "--customer", "mina", "--name", "phone")).said.splitlines()[-1]
    second = (await shopdesk("token", "--api-key", "--staff")).said.splitlines()[-1]
    async with sessions() as session:
        ids = {row.customer_id: row.id for row in await session.scalars(select(ApiKey))}

    revoked = await shopdesk("token", "--revoke", ids["mina"])
    listed = await shopdesk("token", "--list")

    assert revoked.said == f"{ids['mina']} (customer mina) is revoked: whoever has it is refused from now on.\n"
    staff, customer = [line.split("\t") for line in listed.said.splitlines()]
    assert (staff[:3], staff[4:]) == ([ids[None], "staff", ""], ["never used", "valid"])
    assert customer[:3] == [ids["mina"], "customer mina", "phone"]
    assert customer[5].startswith("revoked 20")
    assert first not in listed.said
    assert second not in listed.said
    async with sessions() as session:
        assert (await find_key(session, first), (await session.get_one(ApiKey, ids[None])).revoked_at) == (None, None)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--api-key", "--customer", "nobody"], "No customer nobody was found. Check the customer id."),
        (
            ["--customer", "a@b.example"],
            "A token is for a customer's id, such as mina_kim_1002, and not for a@b.example.",
        ),
        (["--api-key"], "Say who the key is for: one --customer ID, --staff, or --staff --trusted-front."),
        (["--api-key", "--customer", "mina", "--staff"], "Say who the key is for: one --customer ID, --staff, or"),
        (["--api-key", "--customer", "mina", "--trusted-front"], "Say who the key is for: one --customer ID, --staff,"),
        (["--api-key", "--customer", "mina", "--customer", "mina"], "Say who the key is for: one --customer ID,"),
        (["--api-key", "--staff", "--expires", "1h"], "API keys have no --scopes and no --expires: they are valid"),
        (["--api-key", "--staff", "--scopes", "orders:read"], "API keys have no --scopes and no --expires: they are"),
        (["--staff", "--trusted-front"], "Only API keys have --trusted-front and --name: add --api-key."),
        (["--staff", "--name", "x"], "Only API keys have --trusted-front and --name: add --api-key."),
        (["--list", "--staff"], "--list and --revoke ID take no --customer and no --staff."),
        (["--list", "--revoke", "k_1"], "Choose one of --api-key, --list and --revoke ID."),
        (["--revoke", "k_1"], "There is no API key k_1. List all keys with `shopdesk token --list`."),
        ([], "Say who the token is for: --customer ID or --staff."),
    ],
)
async def test_what_cannot_be_made_is_told_in_one_line(sessions: Sessions, options: list[str], told: str) -> None:
    await add_customer(sessions, id="mina", email="mina@shop.example")

    outcome = await shopdesk("token", *options)

    assert (outcome.code, outcome.said) == (2, "")
    assert outcome.complained.startswith(f"shopdesk: {told}")
    assert outcome.complained.count("\n") == 1
    async with sessions() as session:
        assert (await session.scalars(select(ApiKey))).all() == []
