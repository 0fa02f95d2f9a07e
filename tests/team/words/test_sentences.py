"""Sentences are told apart, and one that is still being written is not whole."""

import pytest

from team.words.sentences import sentences, whole_part


@pytest.mark.parametrize(
    "expected",
    [
        ["Hello! ", "It costs 54.20 USD. ", "Fine?"],
        ["안녕하세요! ", "주문은 배송 중입니다. ", "네."],
        ["Two rows:\n", "- one\n", "- two"],
        ["1. Open it. ", "Then close it."],
        ["Mr. Brown wrote it, e.g. today."],
        ["It has ended"],
    ],
)
def test_a_text_is_its_sentences(expected: list[str]) -> None:
    assert list(sentences("".join(expected))) == expected


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("Your order is on its w", ""),
        ("It is here. Your order", "It is here. "),
        ("It is here.", ""),
        ("It is here. ", "It is here. "),
        ("It costs 54.", ""),
        ("A row:\n- on", "A row:\n"),
        ("", ""),
    ],
)
def test_only_what_something_stands_after_is_whole(written: str, whole: str) -> None:
    assert whole_part(written) == whole
