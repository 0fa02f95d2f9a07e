"""From a customer's sentence to a changed row, in a real browser."""

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import select

from storage.shop.audit import Answer, Audit
from storage.shop.orders import Order, OrderStatus, PaymentType
from tests.browser.conftest import Shop
from tests.browser.visit import MINA, OLIVIA, order_of, visit

ENGLISH = (OLIVIA, "en-US", "Where is order {}?", "Please cancel order {}", "Confirm", "on its way", "Cancel order")
KOREAN = (MINA, "ko-KR", "{} 주문 어디쯤 왔나요?", "{} 주문 취소해 주세요", "확인", "배송", "취소")


@pytest.mark.parametrize(("email", "locale", "where", "cancel", "confirm", "told", "asked"), [ENGLISH, KOREAN])
async def test_a_customer_asks_where_an_order_is_and_cancels_another(
    browser: Browser,
    shop: Shop,
    email: str,
    locale: str,
    where: str,
    cancel: str,
    confirm: str,
    told: str,
    asked: str,
) -> None:
    await ask_and_cancel(browser, shop, email, locale, where, cancel, confirm, told, asked)


async def ask_and_cancel(
    browser: Browser,
    shop: Shop,
    email: str,
    locale: str,
    where: str,
    cancel: str,
    confirm: str,
    told: str,
    asked: str,
) -> None:
    """Log in, ask where an order is, ask to cancel another, confirm, and hold all of it against the database."""
    sent = await order_of(shop, email, OrderStatus.PROCESSED)
    pending = await order_of(shop, email, OrderStatus.PENDING)

    async with visit(browser, shop, locale=locale) as customer:
        await customer.log_in(email)
        await customer.say(where.format(sent.id))
        await expect(customer.said("assistant")).to_contain_text(told)
        await expect(customer.said("assistant")).to_contain_text(sent.shipments[0].tracking_ids[0])
        await customer.say(cancel.format(pending.id))
        await expect(customer.card().locator(".asked")).to_contain_text(pending.id)
        await expect(customer.card().locator(".asked")).to_contain_text(asked)
        before = await order_of(shop, email, OrderStatus.PENDING)
        await customer.press(confirm)
        await expect(customer.card()).to_have_attribute("data-answer", "yes")

    assert before.id == pending.id
    async with shop.sessions() as session:
        row = await session.get(Order, pending.id)
        mine = select(Audit).where(Audit.customer_id == pending.customer_id)
        [audit] = (await session.scalars(mine)).all()
    assert row is not None
    assert row.status is OrderStatus.CANCELLED
    assert PaymentType.REFUND in {payment.type for payment in row.payments}
    assert (audit.tool, audit.answer) == ("cancel_order", Answer.YES)


async def test_a_no_changes_nothing(browser: Browser, shop: Shop) -> None:
    pending = await order_of(shop, OLIVIA, OrderStatus.PENDING)

    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.say(f"Please cancel order {pending.id}")
        await customer.press("No")
        await expect(customer.card()).to_have_attribute("data-answer", "no")

    assert (await order_of(shop, OLIVIA, OrderStatus.PENDING)).id == pending.id
