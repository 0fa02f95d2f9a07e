"""Two wishes in one message, in a real browser: both are answered, the question comes last, the panel shows who did."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from knowledge.taking_in.ingest import ingest
from storage.settings import REPOSITORY, Settings
from storage.shop.orders import OrderStatus
from tests.browser.conftest import Shop
from tests.browser.visit import MINA, OLIVIA, Visit, order_of, visit

ENGLISH = (
    *("en-US", OLIVIA, "Please cancel order {} and do you have desk lamps?", "Lamp", "Cancel order", "Handed over"),
    *("the likeliest of the candidates", "No", "How long do refunds take?", "From our policies:"),
)
KOREAN = (
    *("ko-KR", MINA, "{} 주문 취소해 주시고, 책상 스탠드 있나요?", "스탠드", "취소", "담당자 전달"),
    *("후보 가운데 가장 가능성이 높음", "아니요", "환불은 얼마나 걸리나요?", "관련 정책:"),
)
REFUNDS = REPOSITORY / "knowledge" / "policies"
WIDTHS = {"wide": (1280, 800), "phone": (390, 844)}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("locale", "email", "both", "told", "asked", "handed", "likeliest", "no", "refunds", "sources"),
    [ENGLISH, KOREAN],
    ids=["English", "Korean"],
)
async def test_two_wishes_of_one_message_are_answered_and_an_answer_links_to_its_policy(
    browser: Browser,
    shop: Shop,
    settings: Settings,
    locale: str,
    email: str,
    both: str,
    told: str,
    asked: str,
    handed: str,
    likeliest: str,
    no: str,
    refunds: str,
    sources: str,
    width: str,
) -> None:
    await ingest(settings, shop.sessions, [REFUNDS / locale[:2] / "refunds.md"])
    pending = await order_of(shop, email, OrderStatus.PENDING)
    wide, high = WIDTHS[width]

    async with visit(browser, shop, locale=locale, width=wide, height=high) as customer:
        await customer.log_in(email)
        await customer.say(both.format(pending.id))
        await expect(customer.said("assistant")).to_contain_text(told)
        await expect(customer.page.locator("#messages > li").last.locator(".asked")).to_contain_text(asked)
        await picture(customer, f"handoff-{locale}-{width}")
        await steps_tell(customer, handed, likeliest, f"steps-{locale}-{width}", opened=width == "wide")

        await customer.press(no)
        await customer.say(refunds)
        await expect(customer.said("assistant")).not_to_contain_text("[")
        await expect(customer.page.locator(".sources span")).to_have_text(sources)
        link = customer.page.locator(".sources a")
        await expect(customer.said("assistant")).to_contain_text(f"({await link.inner_text()})")
        async with customer.page.context.expect_page() as opening:
            await link.click()
        policy = await opening.value
        await expect(policy.get_by_role("heading", level=1)).to_have_text(await link.inner_text())
        await policy.close()
        await picture(customer, f"policy-{locale}-{width}")


async def steps_tell(customer: Visit, handed: str, likeliest: str, name: str, *, opened: bool) -> None:
    """The panel says in the customer's language who was chosen, why, and who went on."""
    if not opened:
        await customer.page.click("#toggle-debug")
    row = customer.page.locator(".row.handoff")
    await expect(row.locator(".head")).to_have_text(f"{handed}ReturnsAgent → ProductAdvisor")
    await expect(customer.page.locator(".row.router .why")).to_have_text(likeliest)
    await row.scroll_into_view_if_needed()
    await picture(customer, name)
    if not opened:
        await customer.page.click("#close-debug")


async def picture(customer: Visit, name: str) -> None:
    """Keep a screenshot where SHOPDESK_PICTURES names a folder for them."""
    if folder := os.environ.get("SHOPDESK_PICTURES"):
        await customer.page.screenshot(path=Path(folder) / f"{name}.png")
