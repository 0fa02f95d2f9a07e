"""Names in an answer that nobody said."""

import pytest

from team.grounding.names import untold_names

TOLD = "OLIVIA_BROWN_1001 ASKED WHETHER DHL BRINGS IT. 최지호"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It was handed to FedEx.", "FedEx"),
        ("롯데택배로 출고되었습니다.", "롯데택배"),
        ("Thank you for contacting Amazon.", "Amazon"),
        ("쿠팡에 문의해 주셔서 감사합니다.", "쿠팡"),
        ("Dear Mr. Johnson, it is on its way.", "Johnson"),
        ("Hi Emma! It is on its way.", "Emma"),
        ("존슨 고객님, 배송 중입니다.", "존슨"),
        ("The UPS parcel is on its way.", "UPS"),
    ],
)
def test_a_company_or_a_customer_that_nobody_named_is_found(text: str, name: str) -> None:
    assert untold_names(text, TOLD) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "DHL brings it.",
        "Hi Olivia, it is on its way.",
        "안녕하세요, 최지호님! 배송 중입니다.",
        "Hello! Unfortunately it is gone.",
        "Hello, Refunds take a week.",
        "Dear customer, it is on its way.",
        "Hello there! The target date is near, and there were ups and downs.",
        "고객님, 배송 중입니다.",
        "소중한 고객님, 감사합니다.",
        "Hello! Your order is on its way.",
        "See https://shop.example/Amazon-fire.",
    ],
)
def test_names_that_were_said_and_words_are_left(text: str) -> None:
    assert untold_names(text, TOLD) == []
