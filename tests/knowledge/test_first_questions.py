"""What anybody tries first: asking for a policy by its name, and asking about another shop."""

import pytest

from knowledge.language.requests import without_request
from knowledge.taking_in.ingest import ingest_handbook
from storage.db import Sessions
from storage.settings import Settings
from tests.knowledge.handbook import ask, open_handbook, today

ASKED_BY_NAME = {
    "환불 정책 알려줘": "refunds:ko",
    "환불 정책 좀 알려 주세요~": "refunds:ko",
    "배송 정책이 어떻게 되나요?": "delivery-times:ko",
    "교환 규정이 궁금해요": "exchanges:ko",
    "개인정보 처리방침 보여줘": "privacy-and-accounts:ko",
    "결제 방법 알려줘": "payment-methods:ko",
    "보증 정책이 어떻게 돼요?": "warranty:ko",
    "What is your shipping policy?": "delivery-times:en",
    "what's your return policy": "returns:en",
    "Can you show me the privacy policy please": "privacy-and-accounts:en",
    "Hi, I'd like to know your exchange policy": "exchanges:en",
    "warranty terms": "warranty:en",
}
OF_OTHERS = [
    "What is Amazon's return window?",
    "Tell me the return policy of Walmart",
    "아마존 반품 기간은 며칠인가요?",
    "쿠팡 환불 정책 알려줘",
]
COMPARED = ["do you match amazon prices?", "쿠팡보다 비싼데 맞춰 주나요?"]


@pytest.mark.parametrize("question", [*ASKED_BY_NAME, *OF_OTHERS, *COMPARED])
async def test_a_policy_asked_for_by_name_is_found_and_another_shops_is_not_ours(
    settings: Settings, sessions: Sessions, question: str
) -> None:
    await ingest_handbook(settings, sessions)
    answer = await ask(open_handbook(settings), sessions, question, today=today())

    assert answer.answered is (question not in OF_OTHERS)
    if question in ASKED_BY_NAME:
        assert ASKED_BY_NAME[question] in [found.document.key for found in answer.found][:3]


def test_only_words_that_ask_for_an_answer_are_left_out() -> None:
    assert without_request("환불 정책 좀 알려 주세요!") == "환불 정책"
    assert without_request("비밀번호 바꾸는 법 알려줘") == "비밀번호 바꾸는 법"
    for kept in ("재입고되면 알려 주세요", "알려줘", "배송 시작할 때 문자로 알려주나요?", "배송 알림"):
        assert without_request(kept) == kept
