"""Specialists are files."""

from pathlib import Path

import pytest

from team.roster import FALLBACK, AgentFileError, load_roster

FILE = """---
name: GiftAdvisor
description: gifts
role: orders
tools: [products.*, orders.get_order]
---
You advise on gifts.
"""


def test_the_shops_specialists_are_these() -> None:
    roster = load_roster()

    assert set(roster) == {"OrderTracker", "ReturnsAgent", "ProductAdvisor", "PolicyGuide", "TicketDesk"}
    assert FALLBACK in roster
    assert roster["ReturnsAgent"].role == "returns"


def test_a_file_more_is_a_specialist_more(tmp_path: Path) -> None:
    (tmp_path / "gift_advisor.md").write_text(FILE)

    advisor = load_roster(tmp_path)["GiftAdvisor"]

    assert advisor.prompt == "You advise on gifts."
    assert advisor.may_use("products", "search_products")
    assert advisor.may_use("orders", "get_order")
    assert not advisor.may_use("orders", "cancel_order")


@pytest.mark.parametrize("missing", ["name", "description", "role", "tools"])
def test_a_file_without_a_field_is_refused_by_name(tmp_path: Path, missing: str) -> None:
    kept = [line for line in FILE.splitlines() if not line.startswith(f"{missing}:")]
    (tmp_path / "gift_advisor.md").write_text("\n".join(kept))

    with pytest.raises(AgentFileError, match=rf"gift_advisor\.md has no {missing}"):
        load_roster(tmp_path)
