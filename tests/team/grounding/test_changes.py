"""Changes that a model says were made, and what a shop must have told for them to be true."""

import pytest

from team.grounding.changes import unfounded_changes

MADE_UP = [
    "I have cancelled #W1042 for you and the money is on its way back.",
    "Your order has been cancelled.",
    "We've refunded the full amount to your card.",
    "Your refund has already been processed.",
    "I've just changed the address of your order.",
    "I have opened a ticket with our team for you.",
    "I’ve emailed you the label.",
    "I have applied a discount to your next order.",
    "#W1042 주문을 취소해 드렸고 환불이 진행 중입니다.",
    "배송지를 변경해 드렸습니다.",
    "반품이 접수되었습니다.",
    "문의를 접수해 드렸습니다.",
    "쿠폰을 발급해 드렸어요.",
    "We have successfully updated the address.",
    "Your order #W1042 is now cancelled.",
    "Your payment was refunded.",
    "주문을 취소했습니다.",
    "환불 처리되었습니다.",
    "I've gone ahead and taken care of the cancellation for you.",
    "취소 처리를 마무리해 드렸습니다.",
    "담당자에게 전달했으니 기다려 주세요.",
    "It is with our manager, who will call you soon.",
]
NO_CLAIM = [
    "Your order is on its way.",
    "Your order has not been cancelled.",
    "Once it has been cancelled, the money goes back to your card.",
    "Shall I cancel it for you?",
    "I can open a ticket for you.",
    "아직 취소되지 않았습니다.",
    "취소된 후 환불됩니다.",
    "취소해 드릴까요?",
    "If it was cancelled, the refund takes some days.",
    "Do you want me to say when it has been refunded?",
    "It can be cancelled.",
    "I have looked your order up.",
    "Your order was delivered.",
    "주문이 취소되면 환불해 드립니다.",
    "주문을 확인했습니다.",
]


PROMISES = [
    "We will refund you in full today.",
    "I'll send you a free replacement tomorrow.",
    "You will receive a 20% discount on your next order.",
    "I promise to make an exception for you.",
    "We guarantee that it arrives on Friday.",
    "I will personally call you back.",
    "전액 보상해 드리겠습니다.",
    "교환품을 바로 보내 드리겠습니다.",
    "쿠폰을 지급해 드릴게요.",
]
NO_PROMISE = [
    "I will look into it.",
    "I'll check your order.",
    "If the item is faulty, we will refund you.",
    "You will receive an answer from a colleague here.",
    "확인해 드리겠습니다.",
    "환불이 되면 알려 드리겠습니다.",
]


@pytest.mark.parametrize("text", PROMISES)
def test_a_promise_that_nobody_told_of_is_found(text: str) -> None:
    assert unfounded_changes(text, "Order #W1042 is pending. 주문이 준비 중입니다.") == [text]


@pytest.mark.parametrize("text", NO_PROMISE)
def test_what_the_desk_will_look_at_is_no_promise(text: str) -> None:
    assert unfounded_changes(text, "") == []


def test_a_promise_that_the_handbook_makes_may_be_repeated() -> None:
    assert unfounded_changes("We will refund you within 7 days.", "We refund within 7 days of the return.") == []


@pytest.mark.parametrize("text", MADE_UP)
def test_a_change_that_nobody_told_of_is_found(text: str) -> None:
    assert unfounded_changes(text, "Order #W1042 is pending. 주문이 준비 중입니다.") == [text.replace("’", "'")]


@pytest.mark.parametrize("text", NO_CLAIM)
def test_a_condition_a_denial_and_a_question_claim_nothing(text: str) -> None:
    assert unfounded_changes(text, "") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I have cancelled it, and the refund has been sent.", "Order #W1 cancelled. 45.00 USD refunded to Visa."),
        ("주문을 취소해 드렸습니다.", "주문 #W1 건이 취소되었습니다."),
        ("I have cancelled it.", "주문 #W1 건이 취소되었습니다."),
        ("I've updated the address.", "The address of order #W1 was changed."),
        ("Your order has been cancelled.", '{"status": "cancelled"}'),
        ("10 USD was refunded.", '{"payments": [{"type": "refund"}]}'),
        ("I have opened a ticket for our team.", '{"ticket_id": "T1001", "status": "open"}'),
    ],
)
def test_a_change_that_the_shop_told_of_may_be_told(text: str, told: str) -> None:
    assert unfounded_changes(text, told) == []
