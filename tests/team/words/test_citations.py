"""An answer names the policies it rests on by their titles."""

import pytest

from team.words.citations import policies_in, sources, without_ids

REFUNDS = {"policy_id": "refunds", "title": "Refunds", "text": "5 to 7 days."}
POLICIES = {"refunds": "Refunds", "gift-cards": "Gift cards"}


@pytest.mark.parametrize(
    ("structured", "found"),
    [
        ({"passages": [REFUNDS, REFUNDS], "answered": True}, {"refunds": "Refunds"}),
        (REFUNDS, {"refunds": "Refunds"}),
        ({"passages": []}, {}),
        ({"error": "no"}, {}),
        (None, {}),
    ],
)
def test_the_policies_of_a_result_are_known_by_id(structured: dict[str, object] | None, found: dict[str, str]) -> None:
    assert policies_in(structured) == found


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("It takes 5 days (Refunds [refunds]).", "It takes 5 days (Refunds)."),
        ("See Gift cards [policy: gift-cards] and [1].", "See Gift cards and [1]."),
        ("환불과 처리 기간 [refunds]을 보세요.", "환불과 처리 기간을 보세요."),
        ("Shipping [shipping] is free.", "Shipping [shipping] is free."),
    ],
)
def test_a_customer_reads_no_policy_id(said: str, read: str) -> None:
    assert without_ids(said, POLICIES) == read


def test_the_message_says_which_policies_it_names() -> None:
    assert sources("5 days (Refunds).", POLICIES) == {"policies": [{"policy_id": "refunds", "title": "Refunds"}]}
    assert sources("Hello.", POLICIES) == {}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Gift cards are refunded at once, others in 5 days (Refunds).", ["refunds"]),
        ("Both (Refunds, Gift cards).", ["refunds", "gift-cards"]),
        ("바로 들어와요（Gift cards）.", ["gift-cards"]),
        ("Not the same (Refunds from abroad).", []),
        ("It includes tax (Prices, taxes and currency; Refunds).", ["refunds", "prices"]),
    ],
)
def test_the_words_of_a_title_in_a_sentence_are_no_source(text: str, named: list[str]) -> None:
    more = POLICIES | {"prices": "Prices, taxes and currency"}

    assert [one["policy_id"] for one in sources(text, more).get("policies", [])] == named
