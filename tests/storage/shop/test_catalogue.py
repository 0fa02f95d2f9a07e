"""The whole catalogue is read in short steps: words, offers worked out by the database, and choices."""

import pytest

from storage.db import Sessions, reading, writing
from storage.shop.catalogue import find_edition, list_choices, list_offers, stream_texts
from storage.shop.products import Product
from tests.factories import add_product, variant


async def test_an_offer_has_the_lowest_price_of_what_is_available_or_else_of_all(sessions: Sessions) -> None:
    await add_product(
        sessions, id="some", variants=[variant(price=100, available=False), variant(price=300), variant(price=200)]
    )
    await add_product(sessions, id="none", variants=[variant(price=900, available=False)])
    await add_product(sessions, id="bare", variants=[])

    async with reading(sessions) as session:
        offers = await list_offers(session, ["bare", "gone", "some", "none"])

    shown = [offer and (offer.id, offer.price_from, offer.available) for offer in offers]
    assert shown == [("bare", 0, False), None, ("some", 200, True), ("none", 900, False)]


async def test_the_choices_of_a_product_are_those_of_all_its_variants(sessions: Sessions) -> None:
    await add_product(sessions, id="lamp", variants=[variant(options={"색상": "red"}), variant(options={"size": "L"})])
    await add_product(sessions, id="bare", variants=[])

    async with reading(sessions) as session:
        choices = await list_choices(session, ["lamp", "bare"])

    assert choices == {"lamp": {"색상", "size"}, "bare": set()}


async def test_every_product_is_streamed_once_in_the_shops_order(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.shop.catalogue.TEXTS_AT_ONCE", 2)
    added = [(await add_product(sessions, name=f"Lamp {number}")).id for number in range(5)]

    async with reading(sessions) as session:
        parts = [[text.id for text in some] async for some in stream_texts(session)]

    assert parts == [added[:2], added[2:4], added[4:]]


async def test_a_product_added_or_removed_makes_another_edition(sessions: Sessions) -> None:
    async with reading(sessions) as session:
        empty = await find_edition(session)
    product = await add_product(sessions)
    async with reading(sessions) as session:
        one = await find_edition(session)
    async with writing(sessions) as session:
        await session.delete(await session.get_one(Product, product.id))
    async with reading(sessions) as session:
        again = await find_edition(session)

    assert one != empty == again
