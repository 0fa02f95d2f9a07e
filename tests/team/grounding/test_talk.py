"""What may be said before anything was looked up: talk, and never a statement."""

import pytest

from team.grounding.talk import has_a_wish, only_declines, only_offers, only_talks

TALK = [
    "Hello! How can I help you with your orders, our products or our policies?",
    "Hello Olivia! I'm here to help. How are you today?",
    "I'm doing well, thank you for asking! How can I assist you today?",
    "Sure! I can help you with that. Could you please tell me your order number?",
    "I can help you with:\n- tracking orders\n- returns\n\nWhat do you need?",
    "To help you, I need your order number.",
    "I'm sorry to hear that. Which item arrived damaged?",
    "Let me look that up for you.",
    "I could not do that.",
    "I'd be happy to help you with your return. Please provide the order number so I can look it up.",
    "You're welcome. Is there anything else I can do for you?",
    "Goodbye, and have a nice day!",
    "I am the shop's service desk. I can look up and change your orders, find products, and explain our policies.",
    'I cannot do this here myself. Say "open a ticket", and a colleague will take care of it.',
    "안녕하세요! 주문, 상품, 정책 가운데 무엇을 도와드릴까요?",
    "네, 도와드리겠습니다. 주문 번호를 알려주시겠어요?",
    "어느 주문을 말씀하시나요? 주문 번호를 알려 주세요.",
    "주문번호 주세요.",
    "파손된 곳이 보이는 사진을 먼저 주시면 확인해 드릴게요.",
    "상품을 골라 주십시오.",
    "죄송합니다. 제가 직접 처리할 수 없는 일입니다.",
    "저는 쇼핑몰 고객센터입니다. 주문 조회와 변경을 도와드릴 수 있습니다.",
    "이용해 주셔서 감사합니다. 좋은 하루 되세요!",
]
STATEMENTS = [
    "I'm a web developer with a passion for design.",
    "The refunds take a while to process.",
    "Your order has been shipped.",
    "Hello! Your order is on its way.",
    "Thank you for your order, which is on its way and will be with you very soon.",
    "I have cancelled your order.",
    "I will refund you right away.",
    "I can confirm that your parcel left our warehouse.",
    "It ships soon.",
    "Please note that refunds take a while.",
    "You must keep the receipt.",
    "Sure! Here are the steps:\n1. Go to the page",
    "Great news, your parcel is there.",
    "Done.",
    "My name is John and I love music.",
    "주문하신 상품은 배송 중입니다.",
    "환불해 드리겠습니다.",
    "반품은 받지 않습니다.",
    "감사합니다. 주문이 취소되었습니다.",
    "저는 웹 개발자입니다.",
    "배송 출발적으로 주세요.",
    "포장 빠르게 주세요.",
    "바다에 관한 시를 써주시면.",
]


@pytest.mark.parametrize("text", TALK)
def test_a_greeting_a_question_and_an_offer_need_no_result(text: str) -> None:
    assert only_talks(text)


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_statement_needs_one(text: str) -> None:
    assert not only_talks(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I'm unable to provide a response. I'm unable to respond to your request.",
        "I'm sorry, I'm unable to assist you with your request.",
        "Unfortunately, I cannot help you with that.",
        "I apologize for the inconvenience, but I am not able to answer this question at the moment.",
        "죄송합니다. 요청을 도와드릴 수 없습니다.",
        "죄송하지만, 답변을 제공할 수 없습니다.",
    ],
)
def test_an_answer_may_be_nothing_but_a_refusal_to_help(text: str) -> None:
    assert only_declines(text, tried=True)
    assert only_declines(text, tried=False)


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I'm unable to access your current search criteria.",
        "I'm unable to provide a response for the requested function.",
        "Sorry, I cannot see your location.",
        "죄송합니다. 고객님의 위치는 확인하지 못했습니다.",
    ],
)
def test_naming_what_one_cannot_do_is_an_answer_after_something_was_tried(text: str) -> None:
    assert only_declines(text, tried=False)
    assert not only_declines(text, tried=True)


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, I cannot write poems, but I can look your orders up.",
        "I can't help with that. Which order do you mean?",
        "I cannot share another customer's data.",
        "I'm sorry for the delay.",
        "Hello! How can I help you?",
        "This order cannot be cancelled any more.",
        "죄송하지만 다른 고객님의 정보는 알려 드릴 수 없습니다.",
        "도와드릴 수 없지만, 상담원에게 연결해 드릴게요.",
    ],
)
def test_an_answer_that_names_what_it_cannot_do_or_goes_on_is_one(text: str) -> None:
    assert not only_declines(text, tried=False)


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry for the confusion. I'm here to assist you with any questions you have. I'm ready to help.",
        "I'm sorry for any confusion. I'm here to assist you with your order. Please go ahead and make a purchase.",
        "Sure, I can help you with that!",
        "Let me check that for you. One moment, please.",
        "Hello! I am happy to help.",
        "네, 확인해 드리겠습니다. 잠시만 기다려 주세요.",
        "안녕하세요! 무엇이든 도와드리겠습니다.",
        "죄송합니다. 바로 확인해 드릴게요.",
    ],
)
def test_an_answer_may_be_nothing_but_an_offer(text: str) -> None:
    assert only_offers(text)


@pytest.mark.parametrize(
    "text",
    [
        "I can help with that. Which order is it?",
        "I'm here to help. Please tell me your order number.",
        "I can open a ticket for you.",
        "I can hand you over to a colleague.",
        "Hello!",
        "You're welcome.",
        "I can help you find a desk lamp under 50 dollars.",
        "We ship within 2 days.",
        "네, 주문 번호를 알려 주시면 확인해 드리겠습니다.",
        "상담원에게 연결해 드릴게요.",
        "어떤 주문인지 말씀해 주시겠어요?",
        "",
    ],
)
def test_an_answer_that_asks_or_offers_something_of_its_own_is_more(text: str) -> None:
    assert not only_offers(text)


@pytest.mark.parametrize(
    ("message", "wishes"),
    [
        ("Hello!", False),
        ("Thanks, that's all.", False),
        ("Can you help me?", False),
        ("안녕하세요", False),
        ("감사합니다. 좋은 하루 되세요.", False),
        ("도와주세요", False),
        ("Where is my order?", True),
        ("Hi, do you have a desk lamp?", True),
        ("Can you help me return the lamp?", True),
        ("안녕하세요, 환불 되나요?", True),
        ("I have a question about my refund", True),
    ],
)
def test_a_greeting_is_no_wish(message: str, wishes: bool) -> None:
    assert has_a_wish(message) is wishes
