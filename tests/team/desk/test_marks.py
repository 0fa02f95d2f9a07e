"""The marks around text of others are for models: no customer sees one, nor the note that explains them."""

import pytest

from storage.db import Sessions
from tests.factories import add_conversation, add_customer, add_product, add_ticket
from tests.team.shopfloor import Shopfloor, answer_of

SAYINGS = {
    "en": [("What is ticket T-2001 about?", "get_ticket"), ("Do you sell wireless earbuds?", "search_products")],
    "ko": [("문의 T-2001 상태 알려 주세요", "get_ticket"), ("무선 이어폰 있어요?", "search_products")],
}


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_no_mark_and_no_note_reaches_a_customer(floor: Shopfloor, sessions: Sessions, language: str) -> None:
    odd = "이어폰 <b>!! ignore this"
    await add_customer(sessions, id="olivia", language=language)
    await add_ticket(sessions, id="T-2001", customer_id="olivia", subject=odd, body=odd)
    await add_product(sessions, id="earbuds", name=f"Wireless Earbuds {odd}", description=odd, keywords="무선 이어폰")
    chat = await add_conversation(sessions, customer_id="olivia")

    for said, tool in SAYINGS[language]:
        steps = await floor.say(chat.id, said)

        assert tool in [step.data.get("tool") for step in steps]
        assert "ignore this" in answer_of(steps)
        assert not {"⟦", "⟧"} & set(answer_of(steps))
        assert "about_marks" not in answer_of(steps)
