import pytest

from tests.team.standin.talk import (
    CANCEL,
    EXCHANGE,
    GET_ORDER,
    GET_PRODUCT,
    GET_TICKET,
    INSPECT,
    LIST_ORDERS,
    LIST_TICKETS,
    POLICIES,
    RETURN,
    SEARCH_PRODUCTS,
    TICKET,
    Json,
    Talk,
    order,
    orders,
    tool,
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
PASSAGES = {
    "answered": True,
    "passages": [
        {
            "policy_id": "refunds",
            "title": "Refunds",
            "section": "",
            "language": "ko",
            "text": "영업일 5~7일 걸립니다.",
            "score": 1,
        },
        {
            "policy_id": "refunds",
            "title": "Refunds",
            "section": "",
            "language": "en",
            "text": "5 to 7 days.",
            "score": 0.9,
        },
    ],
}


def desk(**results: object) -> Talk:
    known = {tool["function"]["name"]: tool for tool in ALL}
    return Talk([known[name] for name in results], results)


ALL = [CANCEL, EXCHANGE, GET_ORDER, GET_PRODUCT, GET_TICKET, INSPECT, LIST_ORDERS]
ALL += [LIST_TICKETS, POLICIES, RETURN, SEARCH_PRODUCTS, TICKET]


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

    assert talk.ask().text == "처리되었습니다. 주문이 취소되었습니다."


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


def test_a_return_where_no_tool_returns_is_answered_from_the_policies() -> None:
    talk = desk(search_policies=PASSAGES)

    assert talk.says("I want to return the shoes") == "5 to 7 days.\n(Refunds [refunds])"


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("do you have desk lamps under $50?", {"query": "desk lamps", "max_price": 5000}),
        ("5만원 이하 책상 램프 있어요?", {"query": "책상 램프 lamp desk lamp", "max_price": 50000}),
        ("헤드폰 찾아 주세요", {"query": "헤드폰 headphones"}),
    ],
)
def test_a_search_takes_what_is_looked_for_and_the_highest_price(text: str, arguments: Json) -> None:
    found = {"products": [{"product_id": "P1", "name": "Desk Lamp", "price_from": 2000, "available": True}]}
    talk = desk(search_products=found)

    assert "Desk Lamp, " in talk.says(text)
    assert talk.calls == [("search_products", arguments)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("how long do refunds take?", "5 to 7 days.\n(Refunds [refunds])"),
        ("환불은 얼마나 걸리나요?", "영업일 5~7일 걸립니다.\n(Refunds [refunds])"),
    ],
)
def test_a_policy_is_quoted_in_the_customer_s_language_with_its_id(text: str, told: str) -> None:
    talk = desk(search_policies=PASSAGES)

    assert talk.says(text) == told
    assert talk.calls[0][1]["query"] == text


def test_of_two_wishes_the_answer_comes_first_and_the_change_last() -> None:
    talk = desk(search_policies=PASSAGES, cancel_order=CANCELLED)
    talk.messages.append({"role": "user", "content": "Cancel #W1042, and how long do refunds take?"})

    first = talk.ask()
    assert first.call is not None
    assert first.call.name == "search_policies"
    talk.do(first, first.call)
    second = talk.ask()

    assert second.call is not None
    assert second.call.name == "cancel_order"
    assert second.text == "5 to 7 days.\n(Refunds [refunds])"


def test_a_complaint_becomes_a_ticket_of_the_fitting_category() -> None:
    talk = desk(create_ticket={"status": "done", "summary": "Ticket opened", "id": "T00000001"})

    told = talk.says("배달 기사님이 너무 불친절했어요")

    assert told == "문의 T00000001을 접수했습니다. 담당자가 확인해 드리겠습니다."
    assert talk.calls[0][1]["category"] == "delivery"


def test_tickets_are_listed_where_none_is_named() -> None:
    listed = {"tickets": [{"ticket_id": "T00000001", "subject": "Late", "status": "open"}]}
    talk = desk(get_ticket={}, list_tickets=listed)

    assert talk.says("any news on my ticket?") == "These are your tickets:\n- T00000001: Late (open)"


def test_a_photo_is_looked_at_by_its_id() -> None:
    talk = desk(inspect_image={"description": "A lamp.", "text": "", "quality": "good"})

    assert talk.says("What is in this picture? [image img_7f]") == "The photo shows: A lamp."
    assert talk.calls == [("inspect_image", {"image_id": "img_7f", "question": "What is in this picture?"})]


def test_work_of_another_specialist_is_handed_over_once() -> None:
    talk = Talk(
        [tool("transfer_to_policyguide"), GET_ORDER], {"transfer_to_policyguide": "Transferred to PolicyGuide."}
    )
    talk.messages.append({"role": "user", "name": "user", "content": "how long do refunds take?"})

    first = talk.ask()
    assert first.call is not None
    assert first.call.name == "transfer_to_policyguide"
    talk.do(first, first.call)

    assert talk.ask().call is None


@pytest.mark.parametrize(
    ("text", "begins"),
    [("qwerty zxcv", "I am not sure what you need."), ("ㅁㄴㅇㄹ", "무엇을 도와드려야 할지 잘 모르겠습니다.")],
)
def test_what_is_not_understood_is_asked_about(text: str, begins: str) -> None:
    assert desk(get_order=order(), cancel_order=CANCELLED).says(text).startswith(begins)


def test_a_tool_nobody_wrote_an_intent_for_is_called_when_its_words_are_the_customer_s() -> None:
    warranty = tool("get_warranty", "Until when a product is under warranty.", required=("item_id",))
    talk = Talk([warranty], {"get_warranty": {"item_id": "8942387129", "covered_until": "2027-01-31"}})

    told = talk.says("is item 8942387129 still under warranty?")

    assert talk.calls == [("get_warranty", {"item_id": "8942387129"})]
    assert "covered until: 2027-01-31" in told


def test_the_system_prompt_may_order_a_language() -> None:
    talk = desk(get_order=order())
    talk.messages[0] = {"role": "system", "content": "You help customers. Answer in Korean."}

    assert talk.says("where is #W1042").startswith("주문 #W1042는")


def test_the_last_answer_holds_every_part_though_one_was_refused() -> None:
    refused = "No order #W1042 was found. Check the order id."
    talk = desk(search_policies=PASSAGES, cancel_order=refused)

    told = talk.says("Cancel #W1042, and how long do refunds take?")

    assert (
        told
        == "5 to 7 days.\n(Refunds [refunds])\n\nI am sorry, no order #W1042 was found. Please check the order number."
    )


def test_another_specialist_answers_first_and_hands_back_what_is_to_be_changed() -> None:
    text = "Cancel #W1042, and how long do refunds take?"
    guide = Talk([POLICIES, tool("transfer_to_returnsagent")], {"search_policies": PASSAGES})
    guide.messages.append({"role": "user", "name": "user", "content": text})
    guide.messages.append({"role": "user", "name": "ReturnsAgent", "content": "Transferred to PolicyGuide."})

    first = guide.ask()
    assert first.call is not None
    guide.do(first, first.call)
    second = guide.ask()
    assert second.call is not None
    assert (second.call.name, second.text) == ("transfer_to_returnsagent", "5 to 7 days.\n(Refunds [refunds])")

    returns = Talk([CANCEL, tool("transfer_to_policyguide")], {"cancel_order": CANCELLED})
    returns.messages.append({"role": "user", "name": "user", "content": text})
    returns.messages.append({"role": "user", "name": "PolicyGuide", "content": second.text})
    last = returns.ask()
    assert last.call is not None
    assert last.call.name == "cancel_order"


def test_a_picture_is_described_by_what_can_be_measured_where_no_tool_looks_at_it() -> None:
    talk = desk(get_order=order())
    pixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    talk.messages.append({"role": "user", "content": [{"type": "image_url", "image_url": {"url": pixel}}]})

    assert "1 by 1 pixels" in talk.ask().text
