"""The picture of the page in the README, made by hand with SHOPDESK_SCREENSHOT=1."""

import os

import pytest
from playwright.async_api import Browser, expect

from storage.settings import REPOSITORY
from storage.shop.orders import OrderStatus
from tests.browser.conftest import Shop
from tests.browser.visit import OLIVIA, order_of, visit

PICTURE = REPOSITORY / "docs" / "page.png"


@pytest.mark.skipif(os.environ.get("SHOPDESK_SCREENSHOT") != "1", reason="SHOPDESK_SCREENSHOT=1 makes the picture anew")
async def test_the_readmes_picture_shows_a_question_and_the_steps_that_led_to_it(browser: Browser, shop: Shop) -> None:
    pending = await order_of(shop, OLIVIA, OrderStatus.PENDING)

    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.say("Where is my order?")
        await customer.say(f"Please cancel order {pending.id}")
        await expect(customer.card()).to_be_visible()
        await customer.page.evaluate("document.activeElement.blur()")
        PICTURE.parent.mkdir(exist_ok=True)
        await customer.page.screenshot(path=PICTURE)

    assert PICTURE.stat().st_size > 10_000
