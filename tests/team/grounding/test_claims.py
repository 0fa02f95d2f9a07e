"""A rule has to be told by somebody before an answer states it."""

import pytest

from team.grounding.claims import unfounded_rules

TOLD = "Returns are possible within 30 days of delivery. The item has to be unused and in its packaging."
TOLD_KO = "반품은 배송 완료 후 30일 이내에 가능합니다. 상품은 사용하지 않은 상태여야 합니다."


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("You may return the item within 30 days.", TOLD),
        ("It must be unused, in its packaging.", TOLD),
        ("It cannot be cancelled any more, because it was delivered.", "can I cancel it? status: delivered"),
        ("30일 이내에 반품하실 수 있습니다.", TOLD_KO),
        ("반품하실 수 있습니다.", TOLD),
        ("Your parcel is on its way.", ""),
        ("I cannot do that.", ""),
        (
            "요청을 처리하지 못했습니다: Policies cannot be searched: the handbook has not been ingested yet.",
            f"{TOLD_KO} 배송비는 얼마예요? Policies cannot be searched: the handbook has not been ingested yet.",
        ),
    ],
)
def test_a_rule_that_was_told_may_be_said_in_other_words(rule: str, told: str) -> None:
    assert unfounded_rules(rule, told) == []


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("Pets must travel in a locked cage with a veterinary passport.", TOLD),
        ("Customers from France may choose a blue voucher instead.", TOLD),
        ("애완동물은 예방 접종 증명서를 제출해야 합니다.", TOLD_KO),
    ],
)
def test_a_rule_that_nobody_told_is_named(rule: str, told: str) -> None:
    assert unfounded_rules(rule, told) == [rule]
