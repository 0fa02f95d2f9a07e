"""`shopdesk seed --scenario`: what a tester needs is there, may be made again, and is never made in a real shop."""

import re

import anyio
import pytest

from storage.db import Sessions, writing
from storage.moving.contents import count_contents
from storage.moving.demo_data.files import read
from storage.moving.scenarios import make_scenario
from storage.owners import CustomerOnly
from storage.people.accounts import check_password, find_account
from storage.pictures.images import get_image
from storage.settings import Settings
from storage.shop.orders import OrderStatus, PaymentType, get_order
from storage.shop.shop import Origin, find_shop
from tests.factories import PASSWORD, add_ticket
from tests.scripts.command import shopdesk

NAMES = list(read("scenarios.toml"))


async def test_help_lists_every_scenario() -> None:
    told = (await shopdesk("seed", "--help")).said

    assert [name for name in NAMES if name not in told] == []


@pytest.mark.parametrize("name", NAMES)
async def test_a_scenario_says_who_to_be_and_what_to_say(demo_sessions: Sessions, name: str) -> None:
    first, again = await shopdesk("seed", "--scenario", name), await shopdesk("seed", "--scenario", name)

    assert (first.code, first.complained) == (0, "")
    assert again.said == first.said
    told = read("scenarios.toml")[name]
    order_ids = re.findall(r"#W\d+", first.said)
    async with demo_sessions() as session:
        account = check_password(await find_account(session, f"{name}@scenario.example"), PASSWORD)
        assert account.customer_id is not None
        orders = [await get_order(session, one, CustomerOnly(account.customer_id)) for one in dict.fromkeys(order_ids)]
        assert (await count_contents(session)).customers == 201
    assert sorted(order.status for order in orders) == sorted(OrderStatus(order["status"]) for order in told["orders"])
    for order in orders:
        paid = sum(one.amount if one.type is PaymentType.PAYMENT else -one.amount for one in order.payments)
        assert paid == (0 if order.status is OrderStatus.CANCELLED else order.total)


async def test_the_damaged_item_has_a_photo_of_its_customers_and_a_file_to_attach(
    settings: Settings, demo_sessions: Sessions
) -> None:
    made = await make_scenario(demo_sessions, "delivered-damaged")
    told = await shopdesk("seed", "--scenario", "delivered-damaged")
    file = anyio.Path(settings.shopdesk_home / "delivered-damaged.png")

    assert made.image_id is not None
    assert made.image_id in told.said
    async with demo_sessions() as session:
        image = await get_image(session, made.image_id, CustomerOnly(made.customer_id))
    assert image.content == made.photo == await file.read_bytes()


async def test_a_scenario_made_again_is_as_it_was(settings: Settings, demo_sessions: Sessions) -> None:
    made = await make_scenario(demo_sessions, "pending-order")
    ticket = await add_ticket(demo_sessions, customer_id=made.customer_id)
    async with writing(demo_sessions) as session:
        (await get_order(session, made.order_ids[0], CustomerOnly(made.customer_id))).status = OrderStatus.PROCESSED

    again = await make_scenario(demo_sessions, "pending-order")

    assert again == made
    async with demo_sessions() as session:
        order = await get_order(session, made.order_ids[0], CustomerOnly(made.customer_id))
        assert order.status is OrderStatus.PENDING
        assert await session.get(type(ticket), ticket.id) is None


async def test_a_shop_with_imported_data_is_refused(demo_sessions: Sessions) -> None:
    async with writing(demo_sessions) as session:
        shop = await find_shop(session)
        assert shop is not None
        shop.origin = Origin.IMPORTED

    refused = await shopdesk("seed", "--scenario", "pending-order")

    assert (refused.code, refused.said) == (2, "")
    assert refused.complained.startswith("shopdesk: This shop's data was imported, and scenarios are made up.")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--scenario", "pendng"), "There is no scenario pendng. Scenarios: pending-order, "),
        (("--scenario", "visitor", "--replace"), "A scenario replaces nothing but itself."),
    ],
)
async def test_a_typo_is_answered_in_one_line(demo_sessions: Sessions, arguments: tuple[str, ...], said: str) -> None:
    refused = await shopdesk("seed", *arguments)

    assert (refused.code, refused.said) == (2, "")
    assert said in refused.complained
    assert refused.complained.count("\n") == 1
