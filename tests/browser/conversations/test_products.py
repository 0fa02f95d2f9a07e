"""Products in a chat: a customer picks some and sees them side by side."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import Shop
from tests.browser.visit import MINA, OLIVIA, visit

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("locale", "email", "wish", "compare", "width"),
    [
        ("en-US", OLIVIA, "Do you have lamps?", "Compare side by side", 1280),
        ("ko-KR", MINA, "조명 있나요?", "나란히 비교하기", 390),
    ],
)
async def test_products_are_compared_side_by_side(
    browser: Browser, shop: Shop, locale: str, email: str, wish: str, compare: str, width: int
) -> None:
    async with visit(browser, shop, locale=locale, width=width) as customer:
        await customer.log_in(email)
        await customer.say(wish)
        card = customer.page.locator(".shop-card.products")
        names = [name.strip() for name in await card.locator(".tile .name").all_inner_texts()]
        assert len(names) > 1
        await expect(card.get_by_role("button", name=compare)).to_be_disabled()
        for box in (await card.get_by_role("checkbox").all())[:2]:
            await box.check()
        await card.get_by_role("button", name=compare).click()
        await expect(card.locator(".side-by-side thead")).to_contain_text(names[0])
        await expect(card.locator(".side-by-side thead")).to_contain_text(names[1])
        assert not await customer.page.evaluate("document.documentElement.scrollWidth > innerWidth")
