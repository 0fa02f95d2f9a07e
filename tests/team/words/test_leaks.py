"""What no customer is to read is said again without it, or not at all; what they need stays."""

import pytest

from storage.db import Sessions
from storage.reasons import Code
from storage.settings import Settings
from team.standin.completion import Reply
from team.standin.mind import answer
from team.standin.wire import ChatRequest
from team.words.language import is_foreign
from team.words.leaks import leaks_in, masked
from tests.factories import add_conversation, add_order
from tests.team.shopfloor import Mind, answer_of, only, open_shopfloor

PROMPT = "You are the order desk.\n- Look every fact up with a tool before you state it. Never guess."
HARMLESS = [
    "Order #W1042 is on its way, tracking number 1Z999AA10123456784.",
    "Your ticket is T00000042; a colleague answers by email to olivia.b_rown@example.com.",
    "It takes 5 to 7 days (Refunds [refunds]).",
    "주문 #W1042는 발송되었습니다. 운송장 번호: 123456789012. (환불 [refunds])",
    "Your Visa ending in 9212, or the gift card with 20.00 USD left?",
    "Your tracking numbers are:\n```\n123456789012\n123456789013\n```",
    "The t_shirt comes in S, M and L; the a_frame_ladder does not.",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_a_customer_needs_is_no_leak(text: str) -> None:
    assert leaks_in(text, ["olivia_brown_1234"], PROMPT) == []
    assert masked(text, "en", ["olivia_brown_1234"], PROMPT) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Paid with credit_card_4421087 today.", "Paid with your payment method today."),
        ("It was paid with Visa ending in 9212 (credit_card_4421087).", "It was paid with Visa ending in 9212."),
        ("Back to PayPal account (`paypal_8812345`) it goes.", "Back to PayPal account it goes."),
        ("Only payment method gift_card_1234567 is left.", "Only your payment method is left."),
        ("Your picture (img_0123456789ab) is sharp.", "Your picture is sharp."),
        ("Hello Olivia (id: olivia_brown_1234), it ships soon.", "Hello Olivia, it ships soon."),
        ("Question q_Ab3dEf6hIj9k is open.", "Question is open."),
        ('It is done. {"order_id": "#W1", "lines": [{"a": 1}]}', "It is done."),
        ('Here:\n```json\n{"status": "done"}\n```', "Here:"),
        ("<think>the customer wants it</think>It is on its way.<|im_end|>", "It is on its way."),
        (
            "My rules: Look every fact up with a tool before you state it. Never guess. That is all.",
            "My rules: That is all.",
        ),
    ],
)
def test_a_leak_is_named_and_masked_and_the_rest_stays(text: str, left: str) -> None:
    assert leaks_in(text, ["olivia_brown_1234"], PROMPT)
    assert masked(text, "en", ["olivia_brown_1234"], PROMPT) == left
    assert leaks_in(left, ["olivia_brown_1234"], PROMPT) == []


@pytest.mark.parametrize(
    "text",
    [
        "Sure! Look every fact up with a tool before you answer, I was told.",
        "I always look every fact up with a tool before answering.",
        "규칙: look every fact up, with a tool, before you state it",
    ],
)
def test_a_piece_of_the_prompt_is_a_leak(text: str) -> None:
    assert [one.code for one in leaks_in(text, (), PROMPT)] == [Code.PROMPT]


@pytest.mark.parametrize(
    ("text", "language", "foreign"),
    [
        ("Order #W1042 is being prepared.", "en", False),
        ("Order #W1042 is being prepared.", "ko", True),
        ("주문 #W1042는 현재 배송 준비 중입니다.", "ko", False),
        ("주문 #W1042는 현재 배송 준비 중입니다.", "en", True),
        ("찾은 상품입니다.\n- Wireless Headphones, 59.00 USD부터\n- Bluetooth Speaker, 39.00 USD부터", "ko", False),
        (
            "Our policy is written in Korean: 환불은 영업일 기준 5일에서 7일이 걸립니다. 카드사에 따라 다릅니다.",
            "en",
            False,
        ),
        ("영어로 된 정책입니다: Refunds take five to seven business days. It depends on your bank.", "ko", False),
        ("您的订单正在准备中，还没有运单号码。", "en", True),
        ("您的订单正在准备中，还没有运单号码。", "ko", True),
        ("#W1042", "ko", False),
    ],
)
def test_another_language_than_the_customers_is_told(text: str, language: str, foreign: bool) -> None:
    assert is_foreign(text, language) is foreign


def saying(*lines: str) -> tuple[Mind, list[str]]:
    """Specialists who say these lines one after the other, the last for ever; and what they were told each time."""
    told: list[str] = []

    def mind(asked: ChatRequest) -> Reply:
        if asked.structured_outputs:
            return answer(asked)
        told.append(asked.messages[-1].text)
        return Reply(lines[min(len(told), len(lines)) - 1])

    return mind, told


@pytest.mark.parametrize(
    ("first", "second", "expected", "nudge"),
    [
        (
            "주문은 배송 준비 중이고 내일 출발합니다.",
            "Which order do you mean?",
            "Which order do you mean?",
            "Answer in English only",
        ),
        (
            "Your last reply stated something that you did not look up. Call a tool first.",
            "Which order do you mean?",
            "Which order do you mean?",
            "without any of these",
        ),
        (
            "Did you pay with credit_card_4421087?",
            "Did you pay with your Visa?",
            "Did you pay with your Visa?",
            "without any of these",
        ),
    ],
)
async def test_a_model_is_asked_once_more_for_what_the_customer_can_read(
    settings: Settings, sessions: Sessions, first: str, second: str, expected: str, nudge: str
) -> None:
    order = await add_order(sessions, id="#W1042")
    chat = await add_conversation(sessions, customer_id=order.customer_id)
    mind, told = saying(first, second)

    async with open_shopfloor(settings, sessions, mind) as floor:
        steps = await floor.say(chat.id, "Where is my order #W1042?")

    assert answer_of(steps) == expected
    assert nudge in told[1]
    assert only(steps, "turn_ended")[0]["status"] == "done"


@pytest.mark.parametrize(
    ("ask", "always", "expected"),
    [
        ("Where is #W1042?", "주문은 배송 준비 중이고 내일 출발합니다.", "couldn't write my answer in English"),
        ("#W1042 어디 있어요?", "Your order ships tomorrow morning.", "한국어로 작성하지 못했습니다"),
        ("Where is #W1042?", "Paid with credit_card_4421087.", "I couldn't find an answer to that"),
        ("#W1042 결제 뭐로 했죠?", "credit_card_4421087 수단으로 결제하셨습니다.", "답을 찾지 못했습니다"),
    ],
)
async def test_where_a_model_does_it_again_the_customer_is_told_honestly(
    settings: Settings, sessions: Sessions, ask: str, always: str, expected: str
) -> None:
    order = await add_order(sessions, id="#W1042")
    chat = await add_conversation(sessions, customer_id=order.customer_id)

    async with open_shopfloor(settings, sessions, saying(always)[0]) as floor:
        steps = await floor.say(chat.id, ask)

    assert expected in answer_of(steps)
    assert always not in answer_of(steps)
