"""A call that a model wrote out in any dialect is read as the call it means, and prose about a call is none."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from storage.settings import REPOSITORY
from team.models.dialects.arguments import Offered
from team.models.dialects.table import BARE, NAMED, PLAIN, TAGGED
from team.models.dialects.written import calls_in, talks_of_calls, without_thinking

OFFERED: Offered = {
    "get_order": {
        "type": "object",
        "properties": {"order_id": {"type": "string"}},
        "required": ["order_id"],
        "additionalProperties": False,
    },
    "list_orders": {
        "type": "object",
        "properties": {
            "status": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "limit": {"type": "integer"},
        },
    },
}
REPLIES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "written.toml").read_text(encoding="utf-8"))[
    "reply"
]
TITLES = [*(one.title for one in (*NAMED, *TAGGED, BARE)), *PLAIN]
CALL = '{"name": "get_order", "arguments": {"order_id": "#W1042"}}'


def read(text: str) -> list[str]:
    """The calls of a reply, one a line."""
    written = calls_in(text, OFFERED)
    return [f"{one.tool} {json.dumps(one.arguments, sort_keys=True)}" for one in written.calls] if written else []


@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: reply["dialect"])
def test_a_call_in_each_dialect_is_the_call_it_means(reply: dict[str, Any]) -> None:
    assert read(reply["text"]) == reply["calls"]


@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: reply["dialect"])
def test_no_beginning_of_a_written_call_is_taken_for_another_call(reply: dict[str, Any]) -> None:
    begun = [read(reply["text"][:end]) for end in range(len(reply["text"]))]

    assert [calls for calls in begun if calls != reply["calls"][: len(calls)]] == []


def test_each_dialect_has_an_example_here_and_a_line_in_the_documentation() -> None:
    told = (REPOSITORY / "docs/models.md").read_text(encoding="utf-8")

    assert {reply["dialect"] for reply in REPLIES} == set(TITLES)
    assert [title for title in TITLES if f"| {title} |" not in told] == []


@pytest.mark.parametrize(
    "text",
    [
        f"To look an order up I would write <tool_call>{CALL}</tool_call> and then wait.",
        f"This is how it looks:\n<tool_call>{CALL}</tool_call>\nThen the shop answers.",
        f"This is how it looks:\n<tool_call>{CALL}</tool_call>\n\nThat is all.",
        f"<tool_call>{CALL}</tool_call> is how I would write it.",
        f"First this.\n{CALL}\nThen that.",
        f"For example:\n```json\n{CALL}\n```",
        f"예를 들면 다음과 같습니다:\n```json\n{CALL}\n```",
        f"The call is {CALL}.",
        'I use get_order(order_id="#W1042") for that.',
        'You could say `get_order(order_id="#W1042")`.',
        f"<think>I could write\n<tool_call>{CALL}</tool_call>\n</think>Your order was delivered.",
        "Your order #W1042 was delivered on Monday.",
        "[Order #W1042](https://example.com) was delivered.",
        '{"status": "delivered"}',
    ],
)
def test_prose_that_talks_about_a_call_and_an_answer_are_none(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        '<tool_call>{"name": "delete_orders", "arguments": {}}</tool_call>',
        f'<tool_call>{CALL}</tool_call><tool_call>{{"name": "delete_orders", "arguments": {{}}}}</tool_call>',
        '<tool_call>{"name": "get_order", "arguments": ["#W1042"]}</tool_call>',
        '<tool_call>{"name": "get_order", "arguments": "#W1042"}</tool_call>',
        '<tool_call>{"name": "get_order", "arguments": {"order_id": "#W1042", "order_id": "#W7"}}</tool_call>',
        '<tool_call>{"name": "get_order", "arguments": {"order_id": "#W10',
        "<function=get_order><parameter=order_id>#W10",
        "<function=get_order><parameter=order_id>#W1</parameter><parameter=order_id>#W2</parameter></function>",
        '[get_order(order_id=the_last_order("Olivia"))]',
        "[get_order(**everything)]",
        'get_order("#W1042", "#W7")',
        'get_order("#W1042", order_id="#W7")',
        'get_order({"order_id": "#W1042", "order_id": "#W7"})',
        '{"name": "get_order", "order_id": "#W1042", "note": "in a hurry"}',
        '{"name": "get_order", "order_id": "#W1042", "arguments": {}}',
        "<get_order>\n<order_id>#W1042</order_id>\n</get_order>",
        '<tools>{"name": "get_order", "description": "Look up", "parameters": {"type": "object"}}</tools>',
        '{"name": "get_order", "parameters": {"type": "object", "properties": {"order_id": {"type": "string"}}}}',
        "<tool_call>\n".join(["", *['{"name": "list_orders", "arguments": {"limit": %d}}\n' % n for n in range(40)]]),  # noqa: UP031
    ],
)
def test_what_cannot_be_read_as_one_call_is_none_and_no_text_for_a_customer(text: str) -> None:
    assert read(text) == []
    assert talks_of_calls(text, OFFERED)


@pytest.mark.parametrize("braces", ["", "}", "}}}"])
def test_a_brace_too_few_or_too_many_before_a_mark_changes_nothing(braces: str) -> None:
    text = f'<tool_call>{{"name": "get_order", "arguments": {{"order_id": "#W1042"{braces}\n</tool_call>'

    assert read(text) == ['get_order {"order_id": "#W1042"}']


def test_a_tool_named_by_a_plain_word_keeps_no_answer_from_a_customer() -> None:
    assert not talks_of_calls("The refund(s) arrive soon.", {"refund": {}})


def test_a_call_written_again_and_again_is_one_call() -> None:
    assert read(f"<tool_call>{CALL}</tool_call>\n" * 4) == ['get_order {"order_id": "#W1042"}']


def test_what_is_said_before_a_call_is_kept_apart_from_it() -> None:
    written = calls_in(f"Let me look.\n<tool_call>\n{CALL}\n</tool_call>", OFFERED)

    assert written is not None
    assert written.before == "Let me look."


@pytest.mark.parametrize(
    "text",
    ["Your order was delivered.", "주문하신 상품은 배송 중입니다.", "It costs 5 < 10 USD (each).", "Reply 1) yes"],
)
def test_an_answer_does_not_talk_of_calls(text: str) -> None:
    assert not talks_of_calls(text, OFFERED)


@pytest.mark.parametrize("depth", [1_000, 100_000])
@pytest.mark.parametrize("sign", ["[", '{"a":', "get_order(order_id=", "<tool_call>[", "get_order(order_id=-"])
def test_a_reply_made_to_be_slow_or_deep_is_no_call_and_takes_no_time(sign: str, depth: int) -> None:
    assert read(sign * (depth // len(sign))) == []


def test_what_a_model_thinks_is_left_out() -> None:
    assert without_thinking("Okay, so\n</think>\n\nIt was delivered.").strip() == "It was delivered."
