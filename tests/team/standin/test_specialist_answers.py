import pytest
from openai.types.chat import ChatCompletionFunctionToolParam

from team.standin.completion import Call
from tests.team.standin.talk import (
    CANCEL,
    GET_ORDER,
    POLICIES,
    Json,
    Talk,
    desk,
    order,
    tool,
)

CANCELLED = {"status": "done", "summary": "Order #W1042 is cancelled: 54.20 USD back to your Visa."}
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


def test_a_return_where_no_tool_returns_is_answered_from_the_policies() -> None:
    talk = desk(search_policies=PASSAGES)

    assert talk.says("I want to return the shoes") == "5 to 7 days.\n(Refunds)"


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
        ("how long do refunds take?", "5 to 7 days.\n(Refunds)"),
        ("환불은 얼마나 걸리나요?", "영업일 5~7일 걸립니다.\n(Refunds)"),
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
    assert second.text == "5 to 7 days.\n(Refunds)"


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


def hand_over(*specialists: str) -> ChatCompletionFunctionToolParam:
    """The tool that hands a part over to one of these."""
    return tool(
        "hand_over",
        required=("specialist", "answer_so_far", "remaining"),
        specialist={"type": "string", "enum": list(specialists)},
    )


def test_work_of_another_specialist_is_handed_over_once() -> None:
    talk = Talk([hand_over("PolicyGuide"), GET_ORDER], {"hand_over": "PolicyGuide has answered in this turn already."})
    talk.messages.append({"role": "user", "name": "user", "content": "how long do refunds take?"})

    first = talk.ask()
    assert first.call is not None
    assert first.call == Call(
        "hand_over", {"specialist": "PolicyGuide", "answer_so_far": "", "remaining": "how long do refunds take?"}
    )
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

    assert told == "5 to 7 days.\n(Refunds)\n\nI am sorry, no order #W1042 was found. Please check the order number."


def test_a_specialist_hands_on_what_is_to_be_changed_with_its_own_answer() -> None:
    guide = Talk([POLICIES, hand_over("OrderTracker", "ReturnsAgent")], {"search_policies": PASSAGES})
    guide.messages.append({"role": "user", "name": "user", "content": "Cancel #W1042, and how long do refunds take?"})

    first = guide.ask()
    assert first.call is not None
    guide.do(first, first.call)
    second = guide.ask()

    assert second.call is not None
    answered = {"specialist": "ReturnsAgent", "answer_so_far": "5 to 7 days.\n(Refunds)"}
    assert second.call == Call("hand_over", {**answered, "remaining": "Cancel #W1042"})


def test_a_specialist_who_asked_for_a_yes_hands_on_the_rest() -> None:
    waiting = "Waiting for the customer's confirmation."
    returns = Talk([CANCEL, GET_ORDER, hand_over("ProductAdvisor")], {"get_order": order(), "cancel_order": waiting})
    returns.messages.append(
        {"role": "user", "name": "user", "content": "Cancel #W1042, and do you have a blue jacket?"}
    )

    calls = []
    while (reply := returns.ask()).call and reply.call.name != "hand_over":
        calls.append(reply.call.name)
        returns.do(reply, reply.call)

    assert calls[-1] == "cancel_order"
    assert reply.call is not None
    assert reply.call.arguments == {
        "specialist": "ProductAdvisor",
        "answer_so_far": "",
        "remaining": "do you have a blue jacket?",
    }


def test_a_picture_is_described_by_what_can_be_measured_where_no_tool_looks_at_it() -> None:
    talk = desk(get_order=order())
    pixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    talk.messages.append({"role": "user", "content": [{"type": "image_url", "image_url": {"url": pixel}}]})

    assert "1 by 1 pixels" in talk.ask().text
