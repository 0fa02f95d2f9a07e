"""The language of a message: that of its sentences, whichever words of another one stand between."""

import pytest

from team.words.language import language_heard, third_languages

MIXED = [
    ("Where is my order #W1042?\n\n나의 iPhone에서 보냄", "en"),
    ("Where is my order? ㅠㅠ", "en"),
    ("cancel order #W1042 ㅋㅋ", "en"),
    ("What does 환불 mean?", "en"),
    ("I ordered the 김치 box a week ago and it has not come yet.", "en"),
    ("Hello, where is my parcel? 감사합니다", "en"),
    ("iPhone 15 Pro Max 있어요?", "ko"),
    ("Case for the iPhone of 2024 있어요?", "ko"),
    ("Is it here? 주문한 지 일주일이 지났는데 아직 안 왔어요", "ko"),
    ("W1042 주문 취소", "ko"),
    ("Sony WH-1000XM5 Wireless Headphones 얼마", "ko"),
    ("The Lord of the Rings 재고 있나요", "ko"),
    ("ㅇㅇ", "ko"),
    ('What does "주문을 찾을 수 없습니다" mean? It is on your page.', "en"),
    ('"Your card was declined by the bank" 라고 나와요', "ko"),
    ("iPhone 15 Pro Max. 있어요?", "ko"),
    ("Cancel order #W1042\n\n나의 iPhone에서 보냄", "en"),
    ("Where is my order?\r\n대단히 감사합니다\r\n김민아 드림", "en"),
]


@pytest.mark.parametrize(("text", "language"), MIXED)
def test_a_customer_who_wrote_english_is_read_by_their_sentences(text: str, language: str) -> None:
    assert language_heard(text, "en") == language


@pytest.mark.parametrize("text", [text for text, _ in MIXED])
def test_a_customer_who_wrote_korean_goes_on_in_korean(text: str) -> None:
    assert language_heard(text, "ko") == "ko"


@pytest.mark.parametrize(("text", "before", "language"), [("Where is it?", "ko", "en"), ("#1042", "ko", "ko")])
def test_a_text_of_one_language_is_in_that_one(text: str, before: str, language: str) -> None:
    assert language_heard(text, before) == language


@pytest.mark.parametrize(
    "text",
    [
        "It is on its way. Vielen Dank für Ihre Geduld, wir melden uns bei Ihnen zurück.",
        "배송 중입니다. Merci de votre patience, nous reviendrons vers vous.",
        "Gracias, su pedido está en camino para usted.",
    ],
)
def test_a_sentence_in_a_language_of_the_same_letters_is_known(text: str) -> None:
    assert third_languages(text)


@pytest.mark.parametrize(
    "text",
    [
        "Your order is on its way to Los Angeles, por favor.",
        "Les Misérables (paperback) is in your order.",
        "It goes to Mr. van der Berg, Unter den Linden 1.",
    ],
)
def test_a_name_in_such_a_language_makes_no_sentence(text: str) -> None:
    assert third_languages(text) == []
