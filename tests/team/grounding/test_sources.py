"""An answer's figures stand in what was told, or are named as missing; true answers pass, made-up ones do not."""

import json
from datetime import date

import pytest

from team.grounding.sources import Sources

TODAY = date(2026, 11, 1)
ORDER = {
    "order_id": "#W1042",
    "status": "delivered",
    "currency": "USD",
    "total": 5420,
    "lines": [{"line": 1, "name": "Umbrella", "price": 2400}, {"line": 2, "name": "Desk Lamp 27-inch", "price": 3020}],
    "payments": [
        {"type": "payment", "amount": 5420},
        {"type": "refund", "amount": -1000},
        {"type": "refund", "amount": -500},
    ],
    "shipments": [{"tracking_ids": ["660132650850"]}],
    "delivered_at": "2026-10-29T09:30:00Z",
    "return_window_days": 30,
    "card": {"last_four": "9212", "balance": 2000},
}
POLICY = {
    "passages": [
        {
            "title": "Refunds",
            "text": "Refunds take five to seven business days. Parcels over $50 ship free, Monday to Friday. "
            "Returns are possible within 30 days. A restocking fee of 10 percent applies until December 24.",
        }
    ]
}
POLICY_KO = {
    "passages": [
        {
            "title": "환불",
            "text": "환불은 영업일 기준 5일에서 7일이 걸립니다. 5만원 이상 무료 배송이며 11월 3일부터 적용됩니다.",
        }
    ]
}


def sources(*results: object, said: str = "") -> Sources:
    known = Sources(TODAY)
    known.add_text(said)
    for one in results:
        known.add_result(json.dumps(one, ensure_ascii=False))
    return known


TRUE = [
    "Order #W1042 was delivered on October 29, 2026; its total is $54.20.",
    "It came 3 days ago, on a Thursday, at 09:30.",
    "You paid 54.20 USD for 2 items: Umbrella (24.00 USD) and Desk Lamp 27-inch, $30.20.",
    "15 USD was given back: 10.00 USD and 5 dollars.",
    "Your tracking number is 6601-3265-0850, and the card ends in 9212.",
    "It can be returned within 30 days; the gift card has $20 left.",
    "주문 W1042는 10월 29일에 배송되었고 총 54.20달러입니다.",
    "운송장 번호는 660132650850입니다. 30일 이내에 반품하실 수 있습니다.",
    "Here are 3 ways:\n- one\n- two\n- three",
]
MADE_UP = [
    ("The refund of $54 is on its way.", ["$54"]),
    ("It arrives on November 2.", ["November 2"]),
    ("It arrives tomorrow.", ["tomorrow"]),
    ("Order #W1043 was delivered.", ["#W1043"]),
    ("Order #W104 was delivered.", ["#W104"]),
    ("The tracking number is 660132650851.", ["660132650851"]),
    ("It costs 5,420 USD.", ["5,420 USD"]),
    ("You have 14 days to return it.", ["14 days"]),
    ("환불까지 10초에서 1분이 걸립니다.", ["10초", "1분"]),
    ("내일 도착합니다.", ["내일"]),
    ("총 54달러입니다.", ["54달러"]),
    ("You bought 7 umbrellas.", ["7"]),
    ("Write to help@shop.example.", ["help@shop.example"]),
]


@pytest.mark.parametrize("answer", TRUE)
def test_a_true_answer_about_an_order_misses_nothing(answer: str) -> None:
    assert sources(ORDER).missing(answer) == []


COMING = {
    "order_id": "#W1042",
    "ordered_on": "2026-10-29",
    "expected_on": "2026-11-03",
    "expected_by": "shop rules",
    "shipments": [{"tracking_ids": ["660132650850"], "carrier": "CJ대한통운", "shipped_on": "2026-10-30"}],
}


@pytest.mark.parametrize(
    "answer",
    [
        "You ordered it on October 29, 2026, and it left on Friday, 30 October.",
        "UPS has had it since 10/30/2026; by our estimate it comes by Tuesday, Nov 3.",
        "It should be with you in 2 days, on 3 November 2026.",
        "주문하신 날은 2026년 10월 29일이고, 10월 30일(금)에 발송했습니다.",
        "CJ대한통운으로 보냈고 11월 3일 화요일까지 도착할 것으로 예상합니다.",
        "도착 예정일은 2026. 11. 3.입니다. 이틀 뒤예요.",
        "3일에 도착할 예정이에요.",
    ],
)
def test_the_days_of_an_order_may_be_told_in_either_language(answer: str) -> None:
    assert sources(COMING).missing(answer) == []


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        ("It comes on November 4.", ["November 4"]),
        ("It comes on Wednesday.", ["Wednesday"]),
        ("11월 5일에 도착합니다.", ["11월 5일"]),
        ("도착 예정일은 2026. 11. 4.입니다.", ["2026. 11. 4"]),
    ],
)
def test_another_day_than_an_orders_own_is_missing(answer: str, missing: list[str]) -> None:
    assert sources(COMING).missing(answer) == missing


@pytest.mark.parametrize(("answer", "missing"), MADE_UP)
def test_what_nobody_told_is_missing(answer: str, missing: list[str]) -> None:
    assert sources(ORDER).missing(answer) == missing


@pytest.mark.parametrize(
    "answer",
    [
        "Refunds take 5 to 7 business days.",
        "It takes five to seven days, and returns are possible for 30 days.",
        "환불은 5~7일 걸리고, 반품은 30일 이내에 가능합니다.",
        "50달러 이상은 무료이며 월요일부터 금요일까지 발송합니다.",
        "A fee of 10% applies until 24 December.",
    ],
)
def test_a_policy_may_be_told_in_other_words_and_in_the_other_language(answer: str) -> None:
    assert sources(POLICY).missing(answer) == []


@pytest.mark.parametrize(
    "answer", ["Refunds take 5–7 business days.", "It is free from ₩50,000.", "It applies from November 3."]
)
def test_a_korean_policy_may_be_told_in_english(answer: str) -> None:
    assert sources(POLICY_KO).missing(answer) == []


def test_a_policy_holds_no_other_duration() -> None:
    assert sources(POLICY).missing("The refunds take 10 seconds to 1 minute to process.") == ["10 seconds", "1 minute"]


def test_what_the_customer_said_may_be_said_back() -> None:
    assert sources(said="I paid 99 dollars on 5 May for order 1042").missing("You paid $99 on May 5.") == []


@pytest.mark.parametrize("said", ["The courier came yesterday.", "어제 기사님이 왔어요."])
def test_the_date_of_a_day_that_the_customer_named_may_be_said(said: str) -> None:
    assert sources(said=said).missing("The courier came on October 31, 2026.") == []
    assert sources(said=said).missing("The courier came on October 30.") == ["October 30"]


@pytest.mark.parametrize(
    ("said", "given", "named"),
    [
        ("Where is #W1042?", "#W1042", True),
        ("where is w1042", "#W1042", True),
        ("order 1042 please", "#W1042", True),
        ("주문 번호 W 1042 예요", "#W1042", True),
        ("order 10421", "#W1042", False),
        ("where is my order", "#W1042", False),
        ("I have 2 orders", "#W2", False),
    ],
)
def test_an_order_is_named_in_whatever_writing(said: str, given: str, named: bool) -> None:
    assert sources(said=said).names(given) is named


@pytest.mark.parametrize(
    "answer",
    [
        "The umbrella and a refund of 5 dollars make $29.00.",
        "The lamp costs 6.20 USD more than the umbrella.",
        "The umbrella (24.00 USD), the lamp (30.20 USD) and the gift card ($20) are 74.20 USD in all.",
        "Three umbrellas at $24 each would be $72.",
        "우산 24달러와 스탠드 30.20달러에 기프트 카드 20달러를 더하면 74.20달러입니다.",
    ],
)
def test_an_amount_that_told_ones_add_up_to_may_be_said(answer: str) -> None:
    assert sources(ORDER).missing(answer) == []


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        ("The umbrella (24.00 USD) and the lamp (30.20 USD) are 54.30 USD.", "54.30 USD"),
        ("The umbrella and the lamp are 84.20 EUR.", "84.20 EUR"),
        ("It all comes to $77.77.", "$77.77"),
        ("Twelve umbrellas at $24 each would be $288.", "$288"),
        ("The umbrella is 24.00 USD and the rest 7.77 USD: 31.77 USD.", "7.77 USD"),
    ],
)
def test_a_sum_that_is_wrong_or_of_amounts_nobody_told_is_missing(answer: str, missing: str) -> None:
    assert missing in sources(ORDER).missing(answer)


def test_among_many_prices_no_two_that_the_answer_does_not_name_are_added() -> None:
    known = sources({"currency": "USD", "variants": [{"price": 1000 + 137 * at} for at in range(40)]})

    assert known.missing("Together they are $21.37.") == ["$21.37"]
    assert known.missing("At $10.00 and $11.37 they are $21.37 together.") == []


@pytest.mark.parametrize(
    "made_up",
    ["<script>alert(1)</script>", '<div class="x">hi</div>', "![](https://evil.example/p.png)", "www.evil.example/x"],
)
def test_a_tag_or_an_address_may_be_quoted_and_not_made_up(made_up: str) -> None:
    told, untold = Sources(date(2026, 3, 2)), Sources(date(2026, 3, 2))
    told.add_text(f"My subject is {made_up}")

    assert untold.missing(f"See {made_up} for it.")
    assert told.missing(f"See {made_up} for it.") == []


@pytest.mark.parametrize(
    "text", ["It arrives next Thursday.", "다음 주 목요일에 도착합니다.", "It comes this Thursday."]
)
def test_a_day_of_this_week_or_the_next_needs_a_date_that_falls_on_it(text: str) -> None:
    past, soon, asked = Sources(TODAY), Sources(TODAY), Sources(TODAY)
    past.add_result(json.dumps(ORDER))
    soon.add_result(json.dumps({**ORDER, "expected_on": "2026-11-05"}))
    asked.add_text(f"Is it true? {text}")

    assert len(past.missing(text)) == 1
    assert soon.missing(text) == asked.missing(text) == []
    assert past.missing("It was delivered on Thursday.") == []
