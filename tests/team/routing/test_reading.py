"""What a message is about, and how much it asks for, is read from its words in both languages."""

import pytest

from storage.models.needs import Complexity, Task
from team.routing.preferences import Preferences
from team.routing.reading import read_need
from team.routing.remembering import meaning_of

TASKS = [
    ("Where is my order #W1042?", Task.ORDER),
    ("Please cancel W2093", Task.ORDER),
    ("주문 #W1042 배송이 언제 오나요?", Task.ORDER),
    ("How many days do I have to return shoes?", Task.POLICY),
    ("반품 정책이 어떻게 되나요?", Task.POLICY),
    ("Can you recommend a gift under $50?", Task.PRODUCT),
    ("이 상품 재고 있나요?", Task.PRODUCT),
    ("What does this screenshot show?", Task.VISION),
    ("이 사진에 뭐가 보이나요?", Task.VISION),
    ("Why did sales fall, and what would happen if we lowered prices?", Task.REASONING),
    ("두 방안의 장단점을 비교해 주세요", Task.REASONING),
    ("Write a SQL query that counts tickets per month", Task.CODE),
    ("정규식 코드를 작성해 줘", Task.CODE),
    ("Translate this into Korean: we ship on Monday", Task.TRANSLATION),
    ("이 문장을 영어로 번역해 주세요", Task.TRANSLATION),
    ("Hello there!", Task.SMALL_TALK),
    ("안녕하세요", Task.SMALL_TALK),
    ("17 * 23", Task.REASONING),
]


@pytest.mark.parametrize(("text", "task"), TASKS)
def test_a_message_is_of_the_task_its_words_tell(text: str, task: Task) -> None:
    assert read_need(text).task is task


def test_a_picture_makes_it_a_task_for_who_sees() -> None:
    assert read_need("Is this damaged?", pictured=True).task is Task.VISION


@pytest.mark.parametrize(
    ("text", "complexity"),
    [
        ("Where is W1042?", Complexity.SIMPLE),
        ("Why is W1042 late? And when does it come?", Complexity.MEDIUM),
        ("Compare refund and replacement step by step, and explain why one is better", Complexity.COMPLEX),
        ("교환과 환불을 단계별로 비교하고 이유를 설명해 주세요", Complexity.COMPLEX),
        ("We " + "sell and ship " * 60, Complexity.MEDIUM),
    ],
)
def test_a_message_asks_for_as_much_as_its_length_and_words_say(text: str, complexity: Complexity) -> None:
    assert read_need(text).complexity is complexity


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Where is my order W1042?", "where's the order #W2093, please", True),
        ("Where is my order?", "Where are my orders?", True),
        ("반품 기한이 며칠인가요?", "반품 기한은 며칠이에요", False),
        ("환불 정책 알려 주세요", "환불 정책을 알려", True),
        ("Where is my order?", "Cancel my order", False),
        ("How long is the warranty?", "How long is the return period?", False),
    ],
)
def test_questions_that_mean_the_same_are_the_same_to_the_memory(one: str, other: str, same: bool) -> None:
    first, second = (meaning_of(text, pictured=False, preferences=Preferences()) for text in (one, other))

    assert (first == second) is same
    assert first != meaning_of(one, pictured=False, preferences=Preferences(strategy="best"))
