"""The page's own files: every word in both languages, and no way for text to become markup."""

import re
from pathlib import Path

import pytest

from storage.reasons import SENTENCES, Code
from tests.reasons import facts_of
from ui.app import STATIC
from ui.errors import STATUS

SCRIPTS = sorted(STATIC.glob("*.js"))
WORDS = (STATIC / "words.js").read_text()
PAIR = re.compile(r'^  "?([\w.]+)"?: \[\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)",?\s*\],', re.MULTILINE)
PAIRS = {key: (english, korean) for key, english, korean in PAIR.findall(WORDS)}


def test_every_word_of_the_page_is_there_in_english_and_korean() -> None:
    assert len(PAIRS) == len(re.findall(r"^  \"?[\w.]+\"?: \[", WORDS, re.MULTILINE))
    assert {key for key, (english, _) in PAIRS.items() if not english.strip()} == set()
    untranslated = {key for key, (_, korean) in PAIRS.items() if not re.search("[가-힣]", korean)}
    assert untranslated == {"other_language", "reason_several"}


def test_both_languages_fill_in_the_same_values() -> None:
    values = re.compile(r"\{(\w+)\}")
    assert {
        key for key, pair in PAIRS.items() if len({frozenset(values.findall(words)) for words in pair}) > 1
    } == set()


@pytest.mark.parametrize(("page", "words"), [("index.html", 20), ("consent.html", 10)])
def test_every_word_a_page_asks_for_exists(page: str, words: int) -> None:
    asked = set(re.findall(r'data-i18n(?:-\w+)?="([\w.]+)"', (STATIC / page).read_text()))
    assert len(asked) > words
    assert asked - set(PAIRS) == set()


@pytest.mark.parametrize("error", sorted(error.__name__ for error in STATUS))
def test_every_refusal_a_customer_can_meet_has_words_in_both_languages(error: str) -> None:
    words = "_".join(re.findall(r"[A-Z][a-z]+", error.removesuffix("Error"))).lower()
    known = {f"error.{words}", f"error.picture_{words}"} & set(PAIRS)

    assert known or words == "not_json"


@pytest.mark.parametrize("code", Code)
def test_every_reason_of_a_step_has_words_in_both_languages_with_all_of_its_facts(code: Code) -> None:
    words = PAIRS[f"reason_{code}"]

    assert [facts_of(each) for each in words] == [facts_of(SENTENCES[code])] * 2


def test_the_page_has_words_for_no_other_reason() -> None:
    assert {key for key in PAIRS if key.startswith("reason_")} == {f"reason_{code}" for code in Code}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_text_can_become_markup(path: Path) -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|srcdoc"
    assert re.findall(forbidden, path.read_text()) == []


@pytest.mark.parametrize("file", ["index.html", "consent.html"])
def test_a_page_has_no_inline_code_and_asks_nobody_else_for_anything(file: str) -> None:
    page = (STATIC / file).read_text()
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", page) == []
    everything = [path.read_text() for path in STATIC.iterdir() if path.suffix != ".png"]
    addresses = {found for text in everything for found in re.findall(r"https?://[^\s\"')]+", text)}
    assert addresses == {"http://www.w3.org/2000/svg"}
