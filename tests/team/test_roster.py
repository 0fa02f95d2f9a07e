"""Specialists are files."""

from pathlib import Path

import pytest

from team.roster import FALLBACK, AgentFileError, ReminderError, load_roster

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

    own = {"OrderTracker", "ReturnsAgent", "ChangesAgent", "ProductAdvisor", "PolicyGuide", "TicketDesk"}
    assert set(roster) == own
    assert FALLBACK in roster
    assert {roster[name].role for name in ("ReturnsAgent", "ChangesAgent")} == {"returns"}


def test_what_colleagues_read_of_a_specialist_is_its_brief_else_its_description(tmp_path: Path) -> None:
    (tmp_path / "gift_advisor.md").write_text(FILE)
    (tmp_path / "toy_advisor.md").write_text(
        FILE.replace("GiftAdvisor", "ToyAdvisor").replace("role:", "brief: toys\nrole:")
    )

    roster = load_roster(tmp_path)

    assert (roster["GiftAdvisor"].brief, roster["ToyAdvisor"].brief) == ("gifts", "toys")


def test_a_file_with_a_byte_order_mark_is_read_as_one_without(tmp_path: Path) -> None:
    (tmp_path / "gift_advisor.md").write_text(FILE, encoding="utf-8-sig")

    assert load_roster(tmp_path)["GiftAdvisor"].description == "gifts"


def test_a_reminder_for_what_code_does_not_look_for_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "gift_advisor.md").write_text(FILE.replace("role:", "remind:\n  at_night: Sleep.\nrole:"))

    with pytest.raises(ReminderError, match=r"gift_advisor\.md .* always, picture, order, no_order"):
        load_roster(tmp_path)


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
