"""A customer who asks for a person, and a person who answers on the page."""

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import select

from storage.chats.handovers import answer, give_back
from storage.db import writing
from storage.shop.tickets import Ticket
from tests.browser.conftest import Shop
from tests.browser.visit import MINA, OLIVIA, visit


@pytest.mark.parametrize(
    ("email", "locale", "wish", "banner", "author"),
    [
        (OLIVIA, "en-US", "I want to talk to a person", "A person has taken over this conversation", "A person"),
        (MINA, "ko-KR", "사람하고 얘기할래요", "상담원이 이 대화를 맡았습니다", "상담원"),
    ],
)
async def test_a_person_answers_on_the_page_and_gives_the_conversation_back(
    browser: Browser, shop: Shop, email: str, locale: str, wish: str, banner: str, author: str
) -> None:
    async with visit(browser, shop, locale=locale) as visitor:
        await visitor.log_in(email)
        await visitor.say(wish)
        await expect(visitor.page.locator("#with-person")).to_be_visible()
        await expect(visitor.page.locator("#with-person")).to_contain_text(banner)

        async with writing(shop.sessions) as session:
            query = select(Ticket).where(Ticket.conversation_id.is_not(None))
            ticket = (await session.scalars(query)).one()
            await answer(session, ticket, "Hello, this is Ana.")
        await expect(visitor.said("person")).to_have_text("Hello, this is Ana.")
        await expect(visitor.page.locator(".message.person .author")).to_have_text(author)
        await visitor.say("Thank you!")
        await expect(visitor.turns()).to_have_count(2)

        await visitor.page.reload()
        await expect(visitor.page.locator("#with-person")).to_be_visible()
        async with writing(shop.sessions) as session:
            await give_back(session, await session.get_one(Ticket, ticket.id))
        await expect(visitor.page.locator("#with-person")).to_be_hidden()
