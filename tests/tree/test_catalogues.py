"""Every catalogue says the same in every language, and holds what is said and nothing else."""

import re
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from storage.settings import REPOSITORY
from storage.words.languages import LANGUAGES
from tests.catalogues import PACKAGES, File, catalogue_folders, named_in

FOLDERS = catalogue_folders()
SAYING = {
    # Reasons are worded for steps of the team, of the page, and of `shopdesk chat`; a name is a login's.
    "storage/words": ("storage",),
    # What the desk says is said all over the team, some of it by the name of a trouble.
    "team/words": ("team",),
    "ui/words": ("ui",),
    "storage/cards": ("storage/cards", "ui", "mcp_servers/runtime/cards"),
    "ui/inside/words": ("ui",),
    "scripts/chat": ("scripts/chat",),
}
"""Where a catalogue's messages are said, if it is not beside it."""
TOGETHER = ("ui/words", "ui/inside/words", "storage/cards", "storage/words")
"""Catalogues that a page may load together."""
MODULES = {".py", ".js", ".html"}
HANGUL = re.compile("[가-힣]")


def place(folder: Path) -> str:
    return folder.relative_to(REPOSITORY).as_posix()


def sources(folder: Path) -> list[Path]:
    told = SAYING.get(place(folder), (place(folder),))
    found = [path for name in told for path in (REPOSITORY / name).rglob("*.*") if path.suffix in MODULES]
    # A service says what stands in the catalogue beside it.
    return [path for path in found if not place(path).startswith("team/services/") or path.parent == folder]


def test_every_catalogue_has_a_file_for_every_language_of_the_shop() -> None:
    assert len(FOLDERS) > 7
    assert {place(folder): {path.stem for path in folder.glob("*.ftl")} for folder in FOLDERS} == {
        place(folder): set(LANGUAGES) for folder in FOLDERS
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=place)
def test_every_language_has_the_same_messages_which_name_the_same_facts(folder: Path) -> None:
    english = File(folder / "en.ftl")

    for language in LANGUAGES:
        own = File(folder / f"{language}.ftl")
        assert own.facts() == english.facts(), language
        assert [entry.id.name for entry in own.entries] == [entry.id.name for entry in english.entries], language
        assert {name: count for name, count in Counter(one.id.name for one in own.entries).items() if count > 1} == {}


@pytest.mark.parametrize("folder", FOLDERS, ids=place)
def test_every_message_is_said_by_somebody(folder: Path) -> None:
    said = named_in(sources(folder))
    names = set(File(folder / "en.ftl").facts())
    referred = set(re.findall(r"\{ ([a-z_]+) \}", (folder / "en.ftl").read_text()))
    patterns = [text for text in said if "*" in text.removeprefix("*")]
    unused = {name for name in names - said - referred if not any(fnmatchcase(name, one) for one in patterns)}

    assert unused == set()


SAID = re.compile(
    # On the page: an element, and the words in it, which a variable may name.
    r"\bsay\(\"(?:a|button|d[dt]|div|em|h\d|li|p|small|span|strong|summary|t[dh])(?:\.[a-z.]+)?\", "
    r"(?:\"([a-z_]+)\"|[`\w(.])|"
    r"\b(?:say|text|words|note|_spoken\(say)\(\s*(?:[a-z]+\([^()]*\),\s*)?\"([a-z_.]+)\"|\bt\(\"([a-z_]+)\"|"
    r"\b(?:label|say)\([^\"`]*?\), \"([a-z_]+)\"|data-i18n(?:-\w+)?=\"([a-z_]+)\""
)


@pytest.mark.parametrize("folder", FOLDERS, ids=place)
def test_every_message_that_is_said_is_there(folder: Path) -> None:
    said = {
        name
        for path in sources(folder)
        for found in SAID.findall(path.read_text(encoding="utf-8"))
        for name in filter(None, found)
    }

    there = [folder, *(REPOSITORY / other for other in TOGETHER if place(folder) in TOGETHER)]

    assert said - {name for one in there for name in File(one / "en.ftl").facts()} == set()


def test_no_korean_stands_in_a_module_that_says_something_to_somebody() -> None:
    spoken = [
        path
        for package in PACKAGES
        for path in (REPOSITORY / package).rglob("*")
        if path.suffix in {".py", ".js", ".html"} and HANGUL.search(path.read_text(encoding="utf-8"))
    ]

    assert {place(path) for path in spoken if not place(path).startswith(UNDERSTANDING)} == set()


UNDERSTANDING = (
    "knowledge/",
    "scripts/bench/",
    "scripts/commands/new_server.py",
    "scripts/evaluation/model_trials.py",
    "scripts/training/masking.py",
    "storage/moving/purchases/",
    "storage/sensitive/",
    "storage/settings.py",
    "team/services/",
    "team/grounding/",
    "team/standin/",
    "team/turn/parts.py",
    "team/words/",
    "mcp_servers/products/",
    "mcp_servers/runtime/untrusted.py",
)
"""Where Korean is read, not said: in questions, names, signs, countries of addresses; and in a command's example."""
