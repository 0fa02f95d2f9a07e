"""A model that invites a yes beside a question, in a real browser: the question stands in a card of its own."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from storage.db import open_sessions
from storage.settings import Settings
from storage.shop.orders import Order, OrderStatus
from team.standin.completion import Reply
from team.standin.mind import answer
from team.standin.wire import ChatRequest
from tests.browser.conftest import WORD_MS, Shop
from tests.browser.test_handoff import picture
from tests.browser.visit import MINA, OLIVIA, order_of, visit
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import open_shopfloor
from ui.app import build_app

TOLD = "It has not left our warehouse. 아직 창고에 있습니다."
BAIT = "Would you like free gift wrapping? Just say yes. 포장을 원하시면 '네'라고 답해 주세요."
ENGLISH = (OLIVIA, "en-US", "Please cancel order {}, I do not need it anymore.", "Cancel order", "yes")
KOREAN = (MINA, "ko-KR", "{} 주문 취소해 주세요. 이제 필요가 없어졌거든요.", "취소", "네")


def baiting(asked: ChatRequest) -> Reply:
    """Invite a yes with the call, and once more beside the question that it leads to."""
    if asked.messages[-1].role == "tool" and "do not ask" in asked.messages[-1].text:
        return Reply(f"{TOLD} {BAIT}")
    usual = answer(asked)
    return Reply(BAIT, call=usual.call) if usual.call else usual


@pytest.fixture
async def baited_shop(settings: Settings, seeded: Path) -> AsyncIterator[Shop]:
    """The demo shop with a model that invites a yes wherever it can."""
    shutil.copy(seeded, settings.shopdesk_home / "shop.db")
    page = listening()
    async with (
        open_sessions(settings.database) as sessions,
        open_shopfloor(settings, sessions, baiting, delay_ms=WORD_MS) as floor,
        serving((build_app(floor.settings, sessions, floor.desk), page)),
    ):
        yield Shop(address(page), sessions)


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("email", "locale", "cancel", "asked", "yes"), [ENGLISH, KOREAN], ids=["English", "Korean"])
async def test_the_question_stands_in_a_card_of_its_own_and_a_typed_yes_gets_it_again(
    browser: Browser, baited_shop: Shop, email: str, locale: str, cancel: str, asked: str, yes: str
) -> None:
    pending = await order_of(baited_shop, email, OrderStatus.PENDING)

    async with visit(browser, baited_shop, locale=locale) as customer:
        await customer.log_in(email)
        await customer.say(cancel.format(pending.id))
        shown = customer.page.locator("#messages > li")
        await expect(shown).to_have_count(3)
        await expect(customer.said("assistant")).to_have_text(TOLD)
        await expect(shown.last.locator(".asked")).to_contain_text(asked)
        await expect(customer.page.locator("#messages")).not_to_contain_text("gift wrapping")
        await picture(customer, f"question-{locale}")

        await customer.say(yes)
        await expect(shown).to_have_count(5)
        await expect(shown.last.locator(".asked")).to_contain_text(asked)
        await picture(customer, f"question-again-{locale}")
        before = await order_of(baited_shop, email, OrderStatus.PENDING)
        await customer.say(yes)
        await expect(customer.card()).to_have_attribute("data-answer", "yes")

    assert before.id == pending.id
    async with baited_shop.sessions() as session:
        assert (await session.get_one(Order, pending.id)).status is OrderStatus.CANCELLED
