"""Slips in a shop's word are mended, and other words are left alone."""

import pytest

from knowledge.language.glossary import korean_meanings
from knowledge.language.spelling import corrected


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("where is my refnud", "where is my refund"),
        ("delivry adress", "delivery address"),
        ("변겅 언제", "변경 언제"),
        ("반퓸하고 싶어요", "반품하고 싶어요"),
        ("rice cooker and shoes", "rice cooker and shoes"),
        ("refund", "refund"),
    ],
)
def test_a_word_nobody_knows_is_read_as_the_shops_word_one_slip_away(written: str, meant: str) -> None:
    assert corrected(written, lambda _word: False) == meant


def test_a_word_that_a_passage_has_is_left_alone() -> None:
    assert corrected("refnud", lambda word: word == "refnud") == "refnud"


def test_a_letter_that_only_reads_like_one_of_a_shop_word_is_read_as_it() -> None:
    read = [[one.meaning for one in korean_meanings(text)] for text in ("a\u017f받을 수 있나요", "as받을 수 있나요")]

    assert read[0] == read[1] != []
