"""Figures are read with their units in both languages, and sentences that name others contradict each other."""

import pytest

from knowledge.reading.documents import HANDBOOK
from knowledge.reading.reader import Request, read_source
from knowledge.rehearsal.contradictions import contradictions, mistranslations
from knowledge.rehearsal.figures import Sentence, figures_in
from scripts.handbook.rules import PLACE, kept_rules


def sentence(text: str, policy_id: str, language: str = "en", section: str = "") -> Sentence:
    return Sentence(f"{policy_id}:{language}", policy_id, language, section, text)


@pytest.mark.parametrize(
    ("text", "language", "figures"),
    [
        ("within 5 to 7 business days", "en", {"days": {5, 7}}),
        ("at most 10 MB each and 3 photos", "en", {"size": {10}, "pieces": {3}}),
        ("$1,250.50 or 8%", "en", {"money": {1250.5}, "percent": {8}}),
        ("on 24 November 2025 at 9", "en", {}),
        ("영업일 기준 1~2일, 해외는 7~14영업일", "ko", {"days": {1, 2, 7, 14}}),
        ("11월 24일부터 45일 동안", "ko", {"days": {45}}),
        ("5만 원 이상, 30퍼센트", "ko", {"money": {50_000}, "percent": {30}}),
        ("12개월, 3개", "ko", {"months": {12}, "pieces": {3}}),
    ],
)
def test_figures_are_read_with_their_units(text: str, language: str, figures: dict[str, set[float]]) -> None:
    assert figures_in(text, language) == figures


@pytest.mark.parametrize(
    ("new", "old", "language"),
    [
        ("Return parcels must be handed in within 30 days.", "Please hand the parcel in within 14 days.", "en"),
        ("전자 제품은 24개월 보증합니다.", "전자 제품과 가전은 12개월 동안 보증해 드립니다.", "ko"),
    ],
)
def test_two_policies_with_other_figures_for_the_same_thing_contradict_each_other(
    new: str, old: str, language: str
) -> None:
    [found] = contradictions([sentence(new, "new", language)], [sentence(old, "old", language)])

    assert (found.one.text, found.other.text) == (new, old)
    assert contradictions([sentence(old, "new", language)], [sentence(old, "old", language)]) == []


@pytest.mark.parametrize(
    "text",
    [
        "A refund to a credit card takes 10 to 14 business days.",
        "Items of a delivered order can be returned within 30 days.",
        "A login lasts 2 hours.",
        "신용카드 환불은 10~14영업일 걸려요.",
    ],
)
def test_what_the_code_does_not_keep_is_told(text: str) -> None:
    language = "ko" if "환불" in text else "en"

    found = contradictions([sentence(text, "returns", language)], list(kept_rules()))

    assert [one.other.place for one in found][:1] == [PLACE]


def test_the_built_in_handbook_names_the_same_figures_in_both_languages() -> None:
    sources = [read_source(Request(path, str(path))) for path in sorted(HANDBOOK.rglob("*.md"))]
    sections = {
        (source.heading.id, piece.number, source.heading.language): piece.text
        for source in sources
        for piece in source.pieces
    }
    pairs = [
        (sentence(text, policy_id), sentence(sections[policy_id, number, "ko"], policy_id, "ko"))
        for (policy_id, number, language), text in sections.items()
        if language == "en"
    ]

    assert list(mistranslations(pairs)) == []
    assert len(list(mistranslations([(sentence("5 days", "a"), sentence("7일", "a", "ko"))]))) == 1
