"""The page's own files: every word in both languages, and no way for text to become markup."""

import re
from pathlib import Path

import pytest

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
    assert untranslated == {"other_language"}


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


REASON = re.compile(r'^  \[/(.+)/, "(\w+)"\],$', re.MULTILINE)
REASONS = [
    *("this specialist waited to know the customer", "this specialist's question was answered"),
    *("the likeliest of the candidates", "the model's choice", "no model answered: status 500"),
    *("the model named nobody: 'Bob'", "no answer in time", "status 401", "status 429, again after 1.5 s"),
    *("the connection failed", "a reply that cannot be read (KeyError)", "an empty reply", "a reply cut at max_tokens"),
    *("a tool call that cannot be read", "arguments that are no JSON object", "a reply in another language"),
    *("every endpoint failed a moment ago", "slice1 failed a moment ago", "not for the customer: raw data"),
    *("the vision model did not answer in time", "the vision model answered with status 503"),
    *("the vision model's answer could not be read", "the vision model cannot be reached"),
    *("4001 characters; at most 4000", "no text", "empty", "raw JSON", "raw data", "payment method id", "internal id"),
    *("model markup", "prompt", "tool names reworded: get_order"),
]
"""What the team says of its steps, in English."""


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_the_team_gives_for_a_step_has_words_in_both_languages(reason: str) -> None:
    patterns = REASON.findall((STATIC / "reasons.js").read_text())
    [(_, key)] = [one for one in patterns if re.search(one[0].replace("(?<", "(?P<"), reason)]

    assert key in PAIRS


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
