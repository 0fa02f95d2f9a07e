"""`shopdesk seed` makes the demo shop, and leaves a used one alone."""

from storage.db import Sessions, open_sessions
from storage.moving.contents import count_contents
from storage.settings import Settings
from tests.factories import add_ticket
from tests.scripts.command import shopdesk

COUNTS = "200 customers, 60 products (320 variants), 600 orders, 48 tickets"


async def test_seed_makes_the_tables_and_the_demo_shop_and_says_how_to_log_in(settings: Settings) -> None:
    outcome = await shopdesk("seed")

    assert (outcome.code, outcome.complained) == (0, "")
    assert f"The demo shop is ready: {COUNTS}, in " in outcome.said
    assert "olivia.brown@example.com or mina.kim@example.com" in outcome.said
    assert "demo-pass" in outcome.said
    async with open_sessions(settings.database) as sessions, sessions() as session:
        assert str(await count_contents(session)) == COUNTS


async def test_seed_refuses_a_used_shop_in_one_line(demo_sessions: Sessions) -> None:
    await add_ticket(demo_sessions, customer_id="olivia_brown_1001")

    refused = await shopdesk("seed")

    assert (refused.code, refused.said) == (2, "")
    assert refused.complained == (
        "shopdesk: The shop contains data other than the untouched demo (customers: 200, orders: 600). "
        "Add --replace to delete it and load the new data.\n"
    )
