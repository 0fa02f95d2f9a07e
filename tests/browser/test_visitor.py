"""Somebody who has not logged in, in a real browser: products at once, an order after telling who they are."""

import pytest
from playwright.async_api import Browser, expect

from storage.shop.customers import get_customer
from storage.shop.orders import OrderStatus
from tests.browser.conftest import Shop
from tests.browser.visit import MINA, OLIVIA, order_of, visit

ENGLISH = (
    *("en-US", OLIVIA, "Continue without logging in", "Visitor", "Do you have desk lamps?", "Lamp"),
    *("Please cancel order {}", "email address and postcode", "Confirm", "Who is this?recognized"),
)
KOREAN = (
    *("ko-KR", MINA, "로그인 없이 계속하기", "방문자", "책상 스탠드 있나요?", "스탠드"),
    *("{} 주문 취소해 주세요", "이메일 주소와 우편번호", "확인", "본인 확인확인됨"),
)


@pytest.mark.parametrize(
    ("locale", "email", "enter", "visitor", "lamps", "lamp", "cancel", "asked", "confirm", "recognized"),
    [ENGLISH, KOREAN],
)
async def test_a_visitor_asks_about_products_and_cancels_their_order_after_telling_who_they_are(
    browser: Browser,
    shop: Shop,
    locale: str,
    email: str,
    enter: str,
    visitor: str,
    lamps: str,
    lamp: str,
    cancel: str,
    asked: str,
    confirm: str,
    recognized: str,
) -> None:
    pending = await order_of(shop, email, OrderStatus.PENDING)
    async with shop.sessions() as session:
        postcode = (await get_customer(session, pending.customer_id)).zip

    async with visit(browser, shop, locale=locale) as person:
        await expect(person.page.locator("#visit")).to_have_text(enter)
        await person.page.click("#visit")
        await expect(person.page.locator("#who")).to_have_text(visitor)
        await expect(person.page.locator("#attach")).to_be_hidden()
        await person.say(lamps)
        await expect(person.said("assistant")).to_contain_text(lamp)
        await person.say(cancel.format(pending.id))
        await expect(person.said("assistant")).to_contain_text(asked)
        await person.say(f"{email} {postcode}")
        await expect(person.said("customer")).to_have_text(f"{email[0]}•••@example.com •••••")
        await expect(person.card().locator(".asked")).to_contain_text(pending.id)
        await expect(person.page.locator(".turn[open] .row.identity .head")).to_have_text(recognized)
        await person.press(confirm)
        await expect(person.card()).to_have_attribute("data-answer", "yes")
        await person.page.reload()
        await expect(person.page.locator("#who")).to_have_text(visitor)
        await expect(person.card()).to_have_attribute("data-answer", "yes")

    assert (await order_of(shop, email, OrderStatus.CANCELLED)).id == pending.id
