"""Templates, calls and JSON are known by their first sign; what a customer needs is none of them."""

import pytest

from team.words.markup import markup_in, settled

TOOLS = ["get_order", "hand_over"]


@pytest.mark.parametrize(
    "text",
    [
        '<tool_call>\n{"name": "get_order"',
        "<function=get order>\n<parameter=order_id>",
        '[get_order(order_id="#W1042")]',
        'get_order(order_id="#W1042")',
        '[TOOL_CALLS][{"name": "get_order"',
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>",
        '```json\n{"name": "get_order"',
        "```tool_code\nprint(1)\n```",
        "One moment. <|im_start|>assistant",
        "### Response:\nYour order is on its way.",
        "## 응답\n배송 중입니다.",
        "최종 답변: 배송 중입니다.",
        "You are a helpful support agent. Hello!",
        "당신은 친절한 상담원입니다. 안녕하세요.",
        "Agent: It is on its way.\nCustomer: ok thanks",
        "**고객:** 배송은요?\n**상담원:** 배송 중입니다.",
        "The refund is \\boxed{24}.",
        "$$0.8 p$$",
        "SELECT status FROM orders WHERE id = 1042;",
        "<|eot_id|>",
        "<start_of_turn>model",
        "[INST] Where is it? [/INST]",
        "It is on its way.\nuser\nWhere is it?",
        "It is on its way.\n### Human: and then?",
        '{"order_id": "#W1042"}',
        '{"order_id',
        "{'name': 'get_order'}",
        "functions.get_order",
        'get_order{"order_id"',
        "<invoke name=x>",
        "<minimax:tool_call>",
        "</s>",
        "<think>",
        "Dear [Customer Name],",
        "Best regards,\n[Your Name]",
        "안녕하세요 [고객님 성함], 주문이 처리되었습니다.",
        "Hello {customer_name}!",
        "Hello {{ name }}!",
        "Your order <order_number> is pending.",
        "It arrives on XX/XX/XXXX.",
        "import requests",
        "def get_status(order):\n    return order.status",
        'print("Order is processed")',
    ],
)
def test_a_sign_is_found(text: str) -> None:
    assert markup_in(text, TOOLS) or settled(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Your tracking numbers are:\n```\n660132650850\n660132650851\n```",
        "**Order #W1042**\n\n- Status: *processed*\n\n| Item | Qty |\n|---|---|\n| Umbrella | 1 |",
        "I love it <3, and 2 < 3.",
        "Customer: Olivia Brown\nEmail: o@example.com",
        "You are a valued customer, and our agent will answer.",
        "Please select a size from the list.",
        "The answer: yes.",
        "**System:** Windows 11\n**Input:** USB-C",
        "## Output\n5 V",
        "[Order status](/policies/orders), and (Refunds [refunds], Changes [order-changes]).",
        "You can import goods, and print (both sides).\nFrom our shop with love.",
        "It comes in [black] and [navy blue].",
        "It comes in <M> and [L], and costs 3 (incl. tax).",
        "Refunds take 5 to 7 days ([Refunds](/policies/refunds)).",
        "The t_shirt comes in S, M and L; the a_frame_ladder does not.",
        "It is in use <br> every day.",
        "The user manual: see the box. System requirements: none.",
    ],
)
def test_what_a_customer_needs_is_no_sign(text: str) -> None:
    assert markup_in(text, TOOLS) == ""
