"""The glossary's data: which words of a shop mean the same."""

import tomllib
from collections import defaultdict

import pytest

from knowledge.language.glossary import GLOSSARY, korean_meanings, stemmer


def test_no_word_of_the_glossary_has_two_meanings() -> None:
    meant = defaultdict(set)
    for meaning, words in tomllib.loads(GLOSSARY.read_text())["meaning"].items():
        for word in words["en"]:
            meant[" ".join(stemmer().analyze(word))].add(meaning)
        for word in words["ko"]:
            meant["".join(word.split())].add(meaning)

    assert {word: meanings for word, meanings in meant.items() if len(meanings) > 1} == {}


@pytest.mark.parametrize(
    "text",
    [
        "나이키",  # 나이, an age
        "불이익",  # 불이, a fire
        "찜찜해요",  # 찜, put aside
        "섬유",  # 섬, an island
        "선택을",  # 택을, a price tag
        "지원하지 않아요",  # 지원하, to apply for a job
        "이다음에 사기로",  # 사기, a fraud
        "그대로예요",  # 그대로, as before
    ],
)
def test_a_korean_shop_word_is_not_seen_where_other_words_hold_its_letters(text: str) -> None:
    assert korean_meanings(text) == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("특수문자", ["password"]),
        ("브라우저", ["app"]),
        ("옵션별로", ["variant"]),
        ("배송 연기해 주세요", ["deliver", "delivery_slot"]),
        ("값이 더 싸졌어요", ["cost", "price_drop"]),
        ("돈이 나갔어요", ["charge"]),
        ("AS 신청", ["warranty"]),
    ],
)
def test_the_longest_korean_shop_word_wins(text: str, meant: list[str]) -> None:
    assert [one.meaning for one in korean_meanings(text)] == meant
