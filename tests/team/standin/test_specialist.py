import pytest

from tests.team.standin.talk import (
    desk,
    order,
    orders,
)

TWO_PENDING = orders(("#W1042", "pending"), ("#W1043", "delivered"), ("#W1044", "pending"))
CANCELLED = {"status": "done", "summary": "Order #W1042 is cancelled: 54.20 USD back to your Visa."}
SHIRTS = {
    "product_id": "P2",
    "name": "T-Shirt",
    "variants": [
        {"item_id": "222", "options": {"size": "M"}, "price": 3420, "available": True},
        {"item_id": "223", "options": {"size": "L"}, "price": 3420, "available": True},
        {"item_id": "224", "options": {"size": "XL"}, "price": 3420, "available": False},
    ],
}


def test_where_an_order_is_comes_from_the_order() -> None:
    shipped = order(
        "#W2611340", status="processed", shipments=[{"tracking_ids": ["357962501027"], "item_ids": ["111"]}]
    )
    talk = desk(get_order=shipped, list_orders={})

    assert talk.says("Where is #W2611340?") == (
        "Order #W2611340 is processed and on its way. Tracking number: 357962501027. It holds: Desk Lamp, T-Shirt."
    )
    assert talk.calls == [("get_order", {"order_id": "#W2611340"})]


def test_where_an_order_is_can_be_asked_in_korean() -> None:
    talk = desk(get_order=order(), list_orders={})

    assert talk.says("1042번 주문 어디쯤 왔나요?") == (
        "주문 #W1042는 현재 배송 준비 중 상태입니다. 아직 운송장 번호가 없습니다. 주문 상품: Desk Lamp, T-Shirt."
    )
    assert talk.calls == [("get_order", {"order_id": "#W1042"})]


def test_without_a_number_the_order_on_its_way_is_meant() -> None:
    listed = orders(("#W3", "delivered"), ("#W2", "processed"), ("#W1", "pending"))
    talk = desk(get_order=order("#W2"), list_orders=listed)

    talk.says("where is my package")

    assert talk.calls == [("list_orders", {}), ("get_order", {"order_id": "#W2"})]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("please cancel W1042", "no longer needed"),
        ("cancel #W1042, I ordered it by mistake", "ordered by mistake"),
        ("#W1042 취소해 주세요", "no longer needed"),
        ("실수로 주문했으니 #W1042 취소해 주세요", "ordered by mistake"),
    ],
)
def test_cancelling_calls_the_tool_with_the_customer_s_reason(text: str, reason: str) -> None:
    talk = desk(cancel_order=CANCELLED)

    assert CANCELLED["summary"] in talk.says(text)
    assert talk.calls == [("cancel_order", {"order_id": "#W1042", "reason": reason})]


def test_several_pending_orders_are_asked_about_and_the_answer_goes_on_with_the_cancellation() -> None:
    talk = desk(list_orders=TWO_PENDING, cancel_order={"status": "done", "summary": "Order #W1044 is cancelled."})

    asked = talk.says("I want to cancel my order")
    assert asked.startswith("Which order do you mean?")
    assert "#W1042" in asked
    assert "#W1043" not in asked

    talk.says("the second one")
    assert talk.calls == [("cancel_order", {"order_id": "#W1044", "reason": "no longer needed"})]

    talk.says("and the other one?")
    assert talk.calls == [("cancel_order", {"order_id": "#W1042", "reason": "no longer needed"})]


def test_the_only_pending_order_needs_no_question() -> None:
    talk = desk(list_orders=orders(("#W1", "delivered"), ("#W2", "pending")), cancel_order=CANCELLED)

    talk.says("주문 취소하고 싶어요")

    assert talk.calls[-1] == ("cancel_order", {"order_id": "#W2", "reason": "no longer needed"})


def test_an_order_asked_for_in_korean_is_named_with_a_particle() -> None:
    talk = desk(list_orders=TWO_PENDING, cancel_order=CANCELLED)

    talk.says("주문 취소해 주세요")
    talk.says("#W1044요")

    assert talk.calls == [("cancel_order", {"order_id": "#W1044", "reason": "no longer needed"})]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("where is #W99", "I am sorry, no order #W99 was found. Please check the order number."),
        ("#W99 어디 있어요?", "죄송합니다. 주문 #W99를 찾을 수 없습니다. 주문 번호를 확인해 주세요."),
    ],
)
def test_a_tool_s_refusal_is_told_without_its_prefix(text: str, told: str) -> None:
    talk = desk(get_order="Error executing tool get_order: No order #W99 was found. Check the order id.")

    assert talk.says(text) == told


def test_a_refusal_it_does_not_know_is_told_in_the_tool_s_words() -> None:
    talk = desk(cancel_order="Error executing tool cancel_order: The shop is closed today.")

    assert talk.says("cancel #W1042") == "I am sorry, that did not work: The shop is closed today."


def test_a_no_of_the_customer_leaves_everything_as_it_was() -> None:
    talk = desk(cancel_order="The customer declined. Nothing was changed.")

    assert talk.says("cancel #W1042") == "All right, nothing was changed."


def test_a_turn_that_code_resumed_tells_what_was_done() -> None:
    talk = desk(cancel_order=CANCELLED)
    called = {"name": "cancel_order", "arguments": '{"order_id": "#W1042", "reason": "no longer needed"}'}
    talk.messages += [
        {"role": "user", "name": "user", "content": "주문 #W1042 취소해 주세요"},
        {"role": "assistant", "content": "주문을 취소할까요?"},
        {"role": "user", "name": "user", "content": "네"},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "c1", "type": "function", "function": called}]},
        {"role": "tool", "tool_call_id": "c1", "content": '{"status": "done", "summary": "주문이 취소되었습니다."}'},
    ]

    assert talk.ask().text == "주문이 취소되었습니다."


def test_returning_takes_the_named_item_and_the_payment_it_was_bought_with() -> None:
    talk = desk(get_order=order(status="delivered"), return_items=CANCELLED)

    talk.says("I want to return the lamp from #W1042")

    wanted = {"order_id": "#W1042", "item_ids": ["111"], "payment_method_id": "card_1"}
    assert talk.calls == [("get_order", {"order_id": "#W1042"}), ("return_items", wanted)]


def test_an_open_item_is_asked_for_and_the_answer_goes_on_with_the_return() -> None:
    talk = desk(get_order=order(status="delivered"), return_items=CANCELLED)

    assert (
        talk.says("#W1042 반품하고 싶어요")
        == "주문 #W1042의 어느 상품을 말씀하시나요?\n- Desk Lamp (black)\n- T-Shirt (M)"
    )
    talk.says("티셔츠요")

    assert talk.calls[-1][1]["item_ids"] == ["222"]


def test_exchanging_finds_the_version_the_customer_wants() -> None:
    talk = desk(get_order=order(status="delivered"), get_product=SHIRTS, exchange_items=CANCELLED)

    talk.says("exchange the t-shirt from #W1042 for size L")

    wanted = {"order_id": "#W1042", "item_ids": ["222"], "new_item_ids": ["223"], "payment_method_id": "card_1"}
    assert talk.calls[-1] == ("exchange_items", wanted)


@pytest.mark.parametrize("text", ["Please cancel my pending order", "준비 중인 주문 취소해 주세요"])
def test_an_order_meant_by_its_status_is_not_the_one_talked_about(text: str) -> None:
    rows = orders(("#W1042", "processed"), ("#W1044", "pending"))
    talk = desk(list_orders=rows, get_order=order("#W1042"), cancel_order=CANCELLED)

    talk.says("Where is order #W1042?")
    talk.says(text)

    assert talk.calls[-1] == ("cancel_order", {"order_id": "#W1044", "reason": "no longer needed"})
