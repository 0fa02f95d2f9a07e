"""A shop's handbook that lists no customers' questions is judged as such handbooks are, not as the built-in one."""

from pathlib import Path

from storage.db import Sessions
from storage.settings import Settings
from tests.knowledge.handbook import ask, open_handbook, take_in

PARTS = Path(__file__).parents[2] / "shops" / "parts" / "handbook"
SAID = (
    "How much is delivery in Germany?",
    "Can you send me an e-bike battery to Vienna?",
    "How many days do I have to send something back?",
    "체인이 닳은 것도 보증되나요?",
)
UNSAID = ("Do you have a loyalty program?", "How do I reset my password?", "비밀번호를 잊었어요", "상품권이 있나요?")


async def test_a_shops_own_handbook_answers_what_it_says_and_nothing_else(
    settings: Settings, sessions: Sessions
) -> None:
    await take_in(settings, sessions, PARTS)
    handbook = open_handbook(settings)

    answered = {question: (await ask(handbook, sessions, question)).answered for question in (*SAID, *UNSAID)}

    assert answered == dict.fromkeys(SAID, True) | dict.fromkeys(UNSAID, False)
