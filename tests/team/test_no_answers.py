"""What is left of a reply with a made-up link, and replies that are polite and no answer at all."""

import pytest

from tests.factories import add_conversation, add_order
from tests.team.faulty import Pair, in_pieces, in_turn, says
from tests.team.shopfloor import Shopfloor, answer_of, only
from tests.team.test_replies import ANSWER, ASKED, LOOKS, asked, fails, followed, pair, read, shop

__all__ = ["pair", "shop"]


@pytest.mark.parametrize(
    ("wrote", "reads"),
    [
        (
            "**Order #W1042**\n\n- Status: *pending*\n- [Track it](https://made-up.example/t?n=1)\n",
            "**Order #W1042**\n\n- Status: *pending*\n- Track it",
        ),
        ("Order #W1042 is [pending](<>). [Ask us]()!", "Order #W1042 is pending. Ask us!"),
    ],
)
async def test_a_link_that_leads_where_nobody_told_is_read_as_its_words(
    shop: Shopfloor, pair: Pair, wrote: str, reads: str
) -> None:
    await asked(shop, pair, in_turn(LOOKS, says(ANSWER)))
    chat = await add_conversation(shop.sessions, customer_id=(await add_order(shop.sessions)).customer_id)
    steps = await followed(shop, pair, chat.id, in_turn(LOOKS, in_pieces(*wrote)), f"{ASKED} {ANSWER}")

    assert answer_of(steps) == reads
    assert "example" not in read(steps)


async def test_a_link_that_the_customer_wrote_stays_a_link(shop: Shopfloor, pair: Pair) -> None:
    link = "[your page](https://shop.example/help)"
    steps = await asked(
        shop, pair, in_turn(LOOKS, says(f"{ANSWER} See {link}.")), f"{ASKED} See https://shop.example/help"
    )

    assert answer_of(steps) == f"{ANSWER} See {link}."


@pytest.mark.parametrize(
    "nonsense",
    [
        "Where is my order #W1042?",
        "May I have a desk lamp, please?",
        "I'm sorry, but I'm unable to access your current search criteria.",
        "I'm sorry for the confusion. I'm here to assist you with any questions you have. I'm ready to help.",
    ],
)
async def test_who_only_repeats_the_customer_declines_or_offers_untried_fails_honestly(
    shop: Shopfloor, pair: Pair, nonsense: str
) -> None:
    order = await add_order(shop.sessions, id="#W1042")
    chat = await add_conversation(shop.sessions, customer_id=order.customer_id)
    await followed(shop, pair, chat.id, in_turn(LOOKS, says(ANSWER)), "May I have a desk lamp please?")
    steps = await followed(shop, pair, chat.id, says(nonsense))

    assert fails(steps)
    assert nonsense not in read(steps)


@pytest.mark.parametrize(("between", "is_answer"), [(1, True), (4, False)])
async def test_a_question_back_is_about_what_was_said_lately(
    shop: Shopfloor, pair: Pair, between: int, is_answer: bool
) -> None:
    order = await add_order(shop.sessions, id="#W1042")
    chat = await add_conversation(shop.sessions, customer_id=order.customer_id)
    await followed(shop, pair, chat.id, in_turn(LOOKS, says(ANSWER)), "And a poem about the ocean?")
    for _ in range(between):
        steps = await followed(shop, pair, chat.id, in_turn(LOOKS, says(ANSWER)))
    steps = await followed(shop, pair, chat.id, says("Does the ocean sing?"))

    [ended] = only(steps, "turn_ended")
    assert (ended["status"] == "done") is is_answer


async def test_an_offer_is_an_answer_to_a_greeting(shop: Shopfloor, pair: Pair) -> None:
    offer = "Hello! I'm here to help."

    assert answer_of(await asked(shop, pair, says(offer), "Hello!")) == offer
