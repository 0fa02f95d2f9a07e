"""The trace of a failure: who answered in whose place, why, and the ticket that was opened."""

from typing import Any

import pytest

from scripts.chat.trace import trace_of
from scripts.chat.words import Words
from storage.reasons import Code, Reason

STORED: dict[str, Any] = {"name": "answer", "verdict": "blocked", "reason": "raw JSON"}
"""A guard's step as it was stored when it had no code."""


def test_the_trace_says_which_endpoint_answered_in_the_place_of_which() -> None:
    spent = {"prompt_tokens": 3, "completion_tokens": 1, "ms": 2.0, "stand_in": False}
    asked = {"agent": "OrderTracker", "role": "orders", "endpoint": "slice1", "model": "m", "slice": 1}

    assert "instead of slice2" in (trace_of("model", {**asked, **spent, "in_place_of": "slice2"}, Words("en")) or "")
    assert "in the place" not in (trace_of("model", {**asked, **spent}, Words("en")) or "")


def test_the_trace_names_the_ticket() -> None:
    assert "T1 opened" in (trace_of("ticket", {"ticket_id": "T1", "opened": True}, Words("en")) or "")


def test_the_trace_says_why_a_ticket_was_opened() -> None:
    ticket = {"ticket_id": "T1", "opened": True, **Reason(Code.MODEL_DOWN).as_fields("reason")}

    assert trace_of("ticket", ticket, Words("ko")) == "ticket      T1 opened · 응답한 모델이 없음"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "guard       answer: passed · prompt, tool names reworded: get_order, list_orders"),
        ("ko", "guard       answer: passed · 지시문, 도구 이름을 풀어 씀: get_order, list_orders"),
    ],
)
def test_a_reason_is_worded_in_the_language_of_the_terminal(language: str, expected: str) -> None:
    several = [Reason(Code.PROMPT), Reason(Code.TOOL_NAMES, {"names": ["get_order", "list_orders"]})]
    why = Reason(Code.SEVERAL, {"reasons": several}).as_fields("reason")

    assert trace_of("guard", {"name": "answer", "verdict": "passed", **why, "reason": "-"}, Words(language)) == expected


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"reason_code": "of another release", "reason_facts": {}},
        {"reason_code": "status", "reason_facts": {}},
        {"reason_code": "status_again", "reason_facts": {"status": 429, "seconds": "soon"}},
        {"reason_code": "no_model", "reason_facts": {"why": {"code": "of another release", "facts": {}}}},
    ],
)
def test_a_reason_that_is_not_known_here_keeps_the_teams_own_sentence(fields: dict[str, Any]) -> None:
    assert trace_of("guard", {**STORED, **fields}, Words("ko")) == "guard       answer: blocked · raw JSON"
