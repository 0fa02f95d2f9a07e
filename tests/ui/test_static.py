"""The page's own files: every word in every language, and no way for text to become markup."""

import json
import re
from pathlib import Path

import pytest

from storage.cards.building import FOLDER, SHARED
from storage.reasons import Code
from storage.words.catalogue import Catalogue
from storage.words.languages import LANGUAGES
from storage.words.patterns import patterns_in
from tests.catalogues import File
from ui.app import STATIC
from ui.errors import STATUS
from ui.screens.screen import FOLDER as SCREENS
from ui.screens.screen import html_of
from ui.words.page import WORDS, words_in

SCRIPTS = sorted([*STATIC.rglob("*.js"), *FOLDER.rglob("*.js")])
OWN = set(File(WORDS.folder / "en.ftl").facts())
KEYS = OWN | set(File(FOLDER / "en.ftl").facts())
INSIDE = set(File(STATIC.parent / "inside" / "words" / "en.ftl").facts())
"""The words of the pages that only staff see."""
MET_BY_PROGRAMS = {
    *("not_json", "account_needed", "bad_bearer", "bad_refresh_token", "customer_unknown"),
    *("endpoint_away", "no_such_model", "no_such_response", "not_recognized", "registration_off"),
    "no_model",
}
"""Refusals of what the page never sends."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_page_is_one_that_the_page_can_fill(language: str) -> None:
    assert set(patterns_in(WORDS, language)) == OWN
    assert set(patterns_in(Catalogue(FOLDER), language)) == KEYS - OWN


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("index", 20),
        ("consent", 10),
        ("confirm", 10),
        ("pictures", 10),
        ("programs", 5),
        ("policy", 2),
        ("refused", 3),
        ("docs", 5),
        ("desk", 25),
        ("team", 5),
        ("traces", 10),
        ("tasks", 10),
    ],
)
def test_every_word_a_page_asks_for_exists(page: str, words: int) -> None:
    asked = set(re.findall(r'data-i18n(?:-\w+)?="([\w.]+)"', html_of(page)))
    assert len(asked) > words
    assert asked - (KEYS | INSIDE if "data-words" in html_of(page) else KEYS) == set()


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


@pytest.mark.parametrize("screen", sorted(path.stem for path in SCREENS.glob("*.html")))
def test_a_page_has_no_inline_code_and_asks_nobody_else_for_anything(screen: str) -> None:
    page = html_of(screen)
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", page) == []
    files = [*STATIC.rglob("*.*"), *SCREENS.rglob("*.html"), *FOLDER.glob("*/*.*")]
    everything = [path.read_text() for path in files if path.suffix in {".html", ".css", ".js", ".svg"}]
    addresses = {found for text in everything for found in re.findall(r"https?://[^\s\"')]+", text)}
    assert addresses == {"http://www.w3.org/2000/svg"}


def test_the_pages_own_code_is_under_200_kb() -> None:
    files = [path for folder in (STATIC, SCREENS) for path in folder.rglob("*.*")]
    own = sum(path.stat().st_size for path in files if path.suffix in {".html", ".css", ".js"})

    assert own < 200_000


IMPORT = re.compile(r"^(?:import|export) \{([^{}]*)\} from \"([./\w-]+\.js)\";", re.MULTILINE)
GIVEN = re.compile(r"^export (?:async )?(?:function|const|class) (\w+)|^export \{([^{}]*)\}", re.MULTILINE)


def given_by(path: Path) -> set[str]:
    """The names that others can import from a script."""
    found = GIVEN.findall(path.read_text())
    return {name.strip() for one, several in found for name in [one, *several.split(",")] if name.strip()}


@pytest.mark.parametrize("path", [path for path in SCRIPTS if path.parent.name != "frame"], ids=lambda path: path.name)
def test_what_a_script_of_the_page_imports_is_there(path: Path) -> None:
    missing = []
    for names, source in IMPORT.findall(path.read_text()):
        # What the page and other programs share lies in another folder, and is served under the same address.
        places = [path.parent / source, STATIC / source.removeprefix("./"), SHARED / Path(source).name]
        found = next((place for place in places if place.is_file()), None)
        wanted = {name.split(" as ")[0].strip() for name in names.split(",") if name.strip()}
        missing += [(source, name) for name in wanted - (given_by(found) if found else set())]

    assert missing == []
