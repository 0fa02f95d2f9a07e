"""The page's own files: every word in every language, and no way for text to become markup."""

import json
import re
from pathlib import Path

import pytest

from storage.reasons import Code
from storage.words.languages import LANGUAGES
from tests.catalogues import File
from ui.app import STATIC
from ui.errors import STATUS
from ui.words.page import WORDS, words_in
from ui.words.patterns import patterns_in

SCRIPTS = sorted(STATIC.rglob("*.js"))
KEYS = set(File(WORDS.folder / "en.ftl").facts())
INSIDE = set(File(STATIC.parent / "inside" / "words" / "en.ftl").facts())
"""The words of the pages that only staff see."""
MET_BY_PROGRAMS = {
    *("not_json", "account_needed", "bad_bearer", "bad_refresh_token", "customer_unknown"),
    *("endpoint_away", "no_such_model", "no_such_response", "not_recognized", "registration_off"),
}
"""Refusals of what the page never sends."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_page_is_one_that_the_page_can_fill(language: str) -> None:
    assert set(patterns_in(WORDS, language)) == KEYS


@pytest.mark.parametrize(
    ("page", "words"),
    [("index.html", 20), ("consent.html", 10), ("confirm.html", 10), ("docs.html", 5), ("desk.html", 25)],
)
def test_every_word_a_page_asks_for_exists(page: str, words: int) -> None:
    asked = set(re.findall(r'data-i18n(?:-\w+)?="([\w.]+)"', (STATIC / page).read_text()))
    assert len(asked) > words
    assert asked - KEYS == set()


@pytest.mark.parametrize("error", sorted(error.__name__ for error in STATUS))
def test_every_refusal_a_customer_can_meet_has_words(error: str) -> None:
    words = "_".join(re.findall(r"[A-Z][a-z]+", error.removesuffix("Error"))).lower()
    known = {f"error_{words}", f"error_picture_{words}"} & (KEYS | INSIDE)

    assert known or words in MET_BY_PROGRAMS


def test_the_words_of_reasons_are_those_of_the_whole_shop() -> None:
    assert {key for key in KEYS if key.startswith("reason_")} == set()
    assert {f"reason_{code}" for code in Code} <= set(json.loads(words_in("en").body)["messages"])


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_text_can_become_markup(path: Path) -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|srcdoc"
    assert re.findall(forbidden, path.read_text()) == []


@pytest.mark.parametrize("file", ["index.html", "consent.html", "confirm.html", "docs.html", "desk.html"])
def test_a_page_has_no_inline_code_and_asks_nobody_else_for_anything(file: str) -> None:
    page = (STATIC / file).read_text()
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", page) == []
    everything = [path.read_text() for path in STATIC.rglob("*.*") if path.suffix != ".png"]
    addresses = {found for text in everything for found in re.findall(r"https?://[^\s\"')]+", text)}
    assert addresses == {"http://www.w3.org/2000/svg"}
