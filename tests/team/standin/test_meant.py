"""Which order is meant however its number is written, and that what shall not be done is not done."""

import pytest

from team.standin.understanding.order_ids import order_ids
from team.standin.understanding.wishes import wishes
from tests.team.standin.talk import desk, order, orders

LEFT = {"en": "All right, I leave everything as it is.", "ko": "알겠습니다. 그대로 두겠습니다."}


@pytest.mark.parametrize(
    "number", ["＃Ｗ１０４２", "Ｗ１０４２", "W 1042", "w1042", "W-1042", "# W1042", "#w 1042", "W 1 0 4 2"]
)
@pytest.mark.parametrize("text", ["Where is order {}?", "order number: {}, where is it?", "주문 {} 어디쯤 왔나요?"])
def test_an_order_number_is_read_in_any_writing(text: str, number: str) -> None:
    talk = desk(list_orders=orders(("#W1", "processed")), get_order=order("#W1042"))

    talk.says(text.format(number))

    assert talk.calls == [("get_order", {"order_id": "#W1042"})]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("cancel order W10x42", "Which order do you mean? Please tell me its number."),
        ("cancel order number 10-42", "Which order do you mean? Please tell me its number."),
        ("where is 1000294?", "Which order do you mean? Please tell me its number."),
        ("주문번호 10-42 취소해 주세요", "어느 주문을 말씀하시나요? 주문 번호를 알려 주세요."),
        ("1000294 어디 있어요?", "어느 주문을 말씀하시나요? 주문 번호를 알려 주세요."),
    ],
)
def test_a_number_that_cannot_be_read_is_asked_for_and_no_other_order_taken(text: str, asked: str) -> None:
    talk = desk(list_orders=orders(("#W1", "pending")), get_order=order("#W1"), cancel_order={"status": "done"})
    talk.says("where is #W1?")

    told = talk.says(text)

    assert (told, talk.calls) == (asked, [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a kettle of 1200 W 2200 ml", []),
        ("a 100 W 230 V lamp", []),
        ("two lamps at 1,000,000 won", []),
        ("cancel W 1042 and w-1043", ["#W1042", "#W1043"]),
        ("#W1042를 취소해 주세요", ["#W1042"]),
    ],
)
def test_watts_and_prices_are_no_order_numbers(text: str, found: list[str]) -> None:
    assert order_ids(text) == found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I don't want to cancel #W1042", "en"),
        ("Please do not cancel my order #W1042", "en"),
        ("please don't just cancel #W1042", "en"),
        ("I did not ask you to cancel #W1042", "en"),
        ("I never asked for a refund of #W1042", "en"),
        ("I don't want #W1042 to be cancelled", "en"),
        ("I am not going to return the T-Shirt of #W1042", "en"),
        ("please stop cancelling my order", "en"),
        ("#W1042 취소하지 마세요", "ko"),
        ("#W1042 취소하지 말아 주세요", "ko"),
        ("주문 취소하고 싶지 않아요", "ko"),
        ("주문 취소 안 할래요", "ko"),
        ("#W1042 취소할 생각 없어요", "ko"),
        ("#W1042 취소 요청한 적 없어요", "ko"),
        ("#W1042 반품하지 않을게요", "ko"),
        ("교환은 원하지 않아요", "ko"),
    ],
)
def test_what_shall_not_be_done_is_left_alone(text: str, language: str) -> None:
    pending = order("#W1042", status="pending")
    talk = desk(list_orders=orders(("#W1042", "pending")), get_order=pending, cancel_order={}, return_items={})

    told = talk.says(text)

    assert told.startswith(LEFT[language])
    assert talk.calls == []


@pytest.mark.parametrize("text", ["Actually, I don't want to cancel anything", "역시 취소하고 싶지 않아요"])
def test_a_wish_is_dropped_where_its_question_is_answered_with_not_wanting_it(text: str) -> None:
    talk = desk(list_orders=orders(("#W1", "pending"), ("#W2", "pending")), cancel_order={"status": "done"})
    assert "#W1" in talk.says("cancel my order")

    talk.says(text)

    assert talk.calls == []


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("I never asked to cancel #W2, is it still coming?", [("get_order", "#W2")]),
        ("#W2 취소해 달라고 한 적 없는데요, 지금 어디쯤 왔나요?", [("get_order", "#W2")]),
        ("Don't cancel #W1, cancel #W2", [("cancel_order", "#W2")]),
        ("Do not cancel #W1 but cancel #W2", [("cancel_order", "#W2")]),
        ("cancel #W2, not #W1", [("cancel_order", "#W2")]),
        ("Do not cancel #W1, cancel the other one", [("cancel_order", "#W2")]),
        ("#W1 말고 #W2 취소해 주세요", [("cancel_order", "#W2")]),
        ("#W1은 취소하지 말고 #W2 취소해 주세요", [("cancel_order", "#W2")]),
    ],
)
def test_what_is_wanted_beside_it_is_done_for_the_order_it_is_wanted_for(
    text: str, calls: list[tuple[str, str]]
) -> None:
    listed = orders(("#W1", "pending"), ("#W2", "pending"))
    talk = desk(list_orders=listed, get_order=order("#W2"), cancel_order={"status": "done", "summary": "Cancelled."})

    talk.says(text)

    assert [(name, given["order_id"]) for name, given in talk.calls if "order_id" in given] == calls


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("don't forget to cancel #W1042", "cancel_order"),
        ("I don't want it, please cancel #W1042", "cancel_order"),
        ("why don't you cancel #W1042", "cancel_order"),
        ("#W1042 필요 없어졌어요, 취소해 주세요", "cancel_order"),
        ("안 맞아서 반품하고 싶어요", "return_items"),
    ],
)
def test_a_no_that_is_about_something_else_leaves_the_wish(text: str, name: str) -> None:
    assert [wish.intent.name for wish in wishes(text)] == [name]
