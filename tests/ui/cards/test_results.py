"""What a tool told becomes a card: the listed fields, in plain text, and nothing that is not for customers."""

import json
from typing import Any

import pytest

from ui.cards.results import card_of, proposal_of

ORDER: dict[str, Any] = {
    "order_id": "#W1",
    "customer_id": "olivia_1",
    "status": "pending",
    "currency": "USD",
    "total": 5400,
    "lines": [
        {"line": 1, "item_id": "i1", "product_id": "p1", "name": "Lamp", "options": {"color": "⟦red⟧"}, "price": 5400}
    ],
    "address": {"address1": "1 Elm", "address2": "", "city": "Rye", "state": "NY", "country": "USA", "zip": "10580"},
    "ordered_on": "2026-06-29",
    "expected_on": "2026-07-08",
    "expected_by": "shop rules",
    "shipments": [{"tracking_ids": ["T9"], "item_ids": ["i1"], "carrier": "UPS", "shipped_on": "2026-06-30"}],
    "payments": [{"type": "payment", "amount": 5400, "payment_method_id": "credit_card_77"}],
    "return": {"item_ids": ["i1"], "payment_method_id": "gift_card_8"},
    "allowed_actions": ["cancel_order"],
}
TICKET = {
    "ticket_id": "T1",
    "customer_id": "olivia_1",
    "subject": "⟦Broken⟧",
    "status": "open",
    "category": "damage",
    "priority": "high",
    "history": [
        {"at": "2026-06-01T10:00:00Z", "by": "olivia_1", "kind": "opened", "text": "⟦It broke⟧"},
        {"at": "2026-06-01T11:00:00Z", "by": "u_staff", "kind": "comment", "text": "Sorry"},
    ],
}


def told(tool: str, structured: dict[str, Any], **more: object) -> dict[str, Any]:
    server, _, name = tool.partition(".")
    return {"server": server, "tool": name, "text": "", "is_error": False, "structured": structured, **more}


def test_an_order_is_shown_without_the_ids_of_payment_methods_and_without_marks() -> None:
    card = card_of(told("orders.get_order", ORDER))

    assert card is not None
    assert card["lines"] == [
        {"item_id": "i1", "product_id": "p1", "name": "Lamp", "options": {"color": "red"}, "price": 5400}
    ]
    assert (card["ordered_on"], card["expected_on"], card["expected_by"]) == ("2026-06-29", "2026-07-08", "shop rules")
    assert card["shipments"] == [{"tracking_ids": ["T9"], "carrier": "UPS", "shipped_on": "2026-06-30"}]
    assert (card["payments"], card["returned"]) == ([{"type": "payment", "amount": 5400}], {"item_ids": ["i1"]})
    assert [hidden for hidden in ("credit_card_77", "gift_card_8", "olivia_1", "⟦") if hidden in json.dumps(card)] == []


def test_a_ticket_tells_which_entries_are_the_customers_own_and_not_who_of_staff_wrote() -> None:
    card = card_of(told("tickets.get_ticket", TICKET))

    assert card is not None
    assert [(entry["text"], entry["by_customer"]) for entry in card["history"]] == [
        ("It broke", True),
        ("Sorry", False),
    ]
    assert "u_staff" not in json.dumps(card)


def test_a_policy_and_a_look_at_a_photo_are_shown_as_they_were_told_and_nothing_of_models() -> None:
    policy = {"policy_id": "returns", "title": "Returns", "language": "en", "text": "⟦30 days⟧"}
    damage = {"verdict": "damaged", "confidence": 0.8, "evidence": "⟦a dent⟧"}

    assert card_of(told("policies.get_policy", policy)) == {
        "kind": "policy",
        "policy_id": "returns",
        "title": "Returns",
        "text": "30 days",
    }
    assert card_of(told("vision.inspect_damage", damage)) == {
        "kind": "damage",
        "verdict": "damaged",
        "confidence": 0.8,
        "evidence": "a dent",
    }


def test_a_change_is_told_before_and_after_in_words() -> None:
    changes = [
        {"table": "payments", "key": ["#W1", 2], "before": None, "after": {"type": "refund", "amount": 900, "x": "id"}},
        {"table": "order_lines", "key": ["#W1", 1], "before": {"options": {"color": "red"}, "price": 5400},
         "after": {"options": {"color": "blue"}, "price": 4500, "item_id": "b"}},
        {"table": "orders", "key": ["#W1"], "before": {"status": "pending", "city": "Rye"},
         "after": {"status": "cancelled", "city": "Troy"}},
        {"table": "accounts", "key": ["u_1"], "before": {"password_hash": "x"}, "after": {"password_hash": "y"}},
    ]  # fmt: skip

    card = card_of(told("orders.cancel_order", {"status": "done", "summary": "Done."}, changes=changes))

    assert card is not None
    assert (card["summary"], card["order_id"]) == ("Done.", "#W1")
    assert card["differences"] == [
        {"what": "refund", "now": 900},
        {"what": "item", "was": "color: red", "now": "color: blue"},
        {"what": "price", "was": 5400, "now": 4500},
        {"what": "status", "was": "pending", "now": "cancelled"},
        {"what": "address", "was": "Rye", "now": "Troy"},
    ]


@pytest.mark.parametrize(
    "step",
    [
        told("orders.get_customer", {"email": "olivia@example.com", "payment_methods": []}),
        told("orders.get_order", {"order_id": "#W1"}),
        told("orders.get_order", ORDER, is_error=True),
        told("orders.list_orders", {"orders": []}),
        told("orders.cancel_order", {"status": "needs_confirmation", "summary": "Sure?"}),
        told("mirror.get_order", ORDER),
        {"server": "orders", "tool": "get_order", "text": "no structure", "is_error": False},
    ],
)
def test_what_is_no_card_of_the_shops_own_tools_shows_nothing(step: dict[str, Any]) -> None:
    assert card_of(step) is None


def test_a_question_tells_what_it_would_change_and_not_how_it_is_paid() -> None:
    asked = {"order_id": "#W1", "item_ids": ["i1"], "new_item_ids": ["i2"], "payment_method_id": "credit_card_77"}
    moved = {"order_id": "#W1", "address1": "1 Elm", "city": "Rye", "state": "NY", "country": "USA", "zip": "10580"}

    assert proposal_of({"server": "orders", "tool": "exchange_items", "arguments": asked}) == {
        "action": "exchange_items",
        "order_id": "#W1",
        "item_ids": ["i1"],
        "new_item_ids": ["i2"],
    }
    proposed = proposal_of({"server": "orders", "tool": "change_order_address", "arguments": moved})
    assert proposed is not None
    assert proposed["address"]["city"] == "Rye"
    assert proposal_of({"server": "elsewhere", "tool": "cancel_order", "arguments": asked}) is None
