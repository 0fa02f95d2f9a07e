"""The trace of a failure: who answered in whose place, and the ticket that was opened."""

from scripts.chat.trace import trace_of


def test_the_trace_says_which_endpoint_answered_in_the_place_of_which() -> None:
    spent = {"prompt_tokens": 3, "completion_tokens": 1, "ms": 2.0, "stand_in": False}
    asked = {"agent": "OrderTracker", "role": "orders", "endpoint": "slice1", "model": "m", "slice": 1}

    assert "in the place of slice2" in (trace_of("model", {**asked, **spent, "in_place_of": "slice2"}) or "")
    assert "in the place" not in (trace_of("model", {**asked, **spent}) or "")


def test_the_trace_names_the_ticket() -> None:
    assert "T1 opened" in (trace_of("ticket", {"ticket_id": "T1", "opened": True}) or "")
