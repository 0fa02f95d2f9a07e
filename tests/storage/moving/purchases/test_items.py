"""Rows of an order that name a product and what was chosen of it, or that are in a state of their own."""

from pathlib import Path

import pytest

from storage.db import Sessions
from storage.shop.orders import OrderStatus, PaymentType
from tests.factories import add_product, add_shop, variant
from tests.storage.moving.purchases.exports import BY_ITEM, CHOSEN
from tests.storage.moving.purchases.test_orders import load, order


async def test_a_line_that_names_a_product_and_its_options_is_that_item(sessions: Sessions, tmp_path: Path) -> None:
    pairs = [(color, size) for color in ("02 로즈", "03 베리") for size in ("단품", "2개 세트")]
    tints = [variant(f"TINT/{one}/{other}", options={"색상": one, "구성": other}) for one, other in pairs]
    await add_product(sessions, id="P0A", name="벨벳 틴트", variants=tints)

    plan = await load(sessions, tmp_path / "주문.csv", CHOSEN, "KRW")
    first, second = [await order(sessions, one) for one in ("1-12", "1-13")]

    assert [(line.item_id, line.product_id) for line in first.lines] == [
        ("TINT/02 로즈/단품", "P0A"),
        ("TINT/03 베리/2개 세트", "P0A"),
    ]
    assert first.lines[0].options == {"색상": "02 로즈", "구성": "단품"}
    # A colour that the product does not have is kept as it was sold.
    assert (second.lines[0].item_id, second.lines[0].options) == ("P0A", {"option": "색상=04 자두"})
    assert plan.unknown == {"P0A"}


@pytest.mark.parametrize(
    ("name", "found", "called"),
    [
        # What was chosen stands among the options, and would be wrong in the name after an exchange.
        ("Road - Bike - Red / 54 cm", "B-RED-54", "Road - Bike"),
        ("Road - Bike - Blue / 54 cm", "Road - Bike - Blue / 54 cm", "Road - Bike - Blue / 54 cm"),
        ("Bell", "BE-1", "Bell"),
        ("Lock - Large", "Lock - Large", "Lock - Large"),
    ],
)
async def test_a_line_without_a_sku_is_found_by_its_products_name_and_what_was_chosen(
    sessions: Sessions, tmp_path: Path, name: str, found: str, called: str
) -> None:
    await add_shop(sessions)
    sizes = [variant(f"B-RED-{size}", options={"Color": "Red", "Size": f"{size} cm"}) for size in (54, 56)]
    await add_product(sessions, id="bike", name="Road - Bike", variants=sizes)
    await add_product(sessions, id="bell", name="Bell", variants=[variant("BE-1")])
    for number in (1, 2):
        lock = variant(f"LOCK-{number}", options={"Size": "Large"})
        await add_product(sessions, id=f"lock-{number}", name="Lock", variants=[lock])
    text = f"Name,Email,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku\n#1,a@example.com,1,{name},5.00,\n"

    await load(sessions, tmp_path / "orders.csv", text)

    [line] = (await order(sessions, "#1")).lines
    assert (line.item_id, line.name) == (found, called)


async def test_items_in_states_of_their_own_make_the_state_and_the_money_of_their_order(
    sessions: Sessions, tmp_path: Path
) -> None:

    await load(sessions, tmp_path / "주문.csv", BY_ITEM, "KRW")
    sent_back, on_its_way, in_part = [await order(sessions, one) for one in "123"]

    # What was sent back is no longer in the order; delivery, which was not paid back, stays paid for what is.
    assert [(line.item_id, line.price) for line in sent_back.lines] == [("CUP", 16_000)]
    assert sent_back.status is OrderStatus.DELIVERED
    assert [(one.type, one.amount) for one in sent_back.payments] == [
        (PaymentType.PAYMENT, 33_000),
        (PaymentType.REFUND, 17_000),
    ]
    assert (on_its_way.status, on_its_way.total) == (OrderStatus.PROCESSED, 30_000)
    assert [(line.item_id, line.price) for line in in_part.lines] == [("POT", 20_000)]
    assert [one.amount for one in in_part.payments] == [30_000, 10_000]
    assert in_part.status is OrderStatus.PENDING
