"""An answer that is what the customer said, said again, is none; one that is about it may be."""

import pytest

from team.grounding.echoes import echoes


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("백팩은 어떠한 색이 있나요?", "백팩은 어떤 색이 있나요?"),
        ("아직 발송 전인 #W1000447 주문의 색상을 바꿔 주세요.", "아직 발송 전인 #W1000447 주문의 색상을 바꿔 주세요."),
        ("아직 발송 전인 #W1000080 배송 출발했나요?", "#W1000080 배송 출발했나요?"),
        ("어떻게 되고 있나요?", "제 문의는 어떻게 되고 있나요?"),
        ("아직 발송 전인 #W1000165 주문의 색상을 바꿔 주세요.", "아직 발송 전인 #W1000447 주문의 색상을 바꿔 주세요."),
        ("**Do you have a desk lamp?**", "do you have a desk lamp?"),
        ("I want to return everything in order #W1000249", "I want to return everything in order #W1000249."),
    ],
)
def test_the_customer_s_own_words_are_no_answer(answer: str, said: str) -> None:
    assert echoes(answer, ["Hello!", said])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Hello!", "Hello!"),
        ("You want to cancel order #W1042?", "I want to cancel order #W1042."),
        ("Should I cancel order #W1042?", "Can you cancel order #W1042?"),
        ("Which backpack do you mean, the blue or the black one?", "Which colours does the backpack come in?"),
        ("#W1042 주문을 취소할까요?", "#W1042 주문을 취소해 주세요."),
    ],
)
def test_a_question_about_them_is_one(answer: str, said: str) -> None:
    assert not echoes(answer, [said])
