"""A catalogue says its messages in each language there is a file for."""

from pathlib import Path

import pytest

from storage.words.catalogue import LONGEST_FACT, Catalogue, CatalogueError

ENGLISH = """
items = { $count ->
    [one] one item
   *[other] { $count } items
}
sent = { $what } was sent.
    .title = Sent
several = Sent: { $first }, { $second }.
only_attributes =
    .title = Alone
"""
POLISH = """
items = { $count ->
    [one] jedna rzecz
    [few] { $count } rzeczy
   *[many] { $count } rzeczy w sumie
}
sent = Wysłano: { $what }.
    .title = Wysłano
several = Wysłano: { $first }, { $second }.
only_attributes =
    .title = Sam
"""


@pytest.fixture
def words(tmp_path: Path) -> Catalogue:
    (tmp_path / "en.ftl").write_text(ENGLISH)
    (tmp_path / "pl.ftl").write_text(POLISH)
    return Catalogue(tmp_path)


def test_a_language_is_there_once_its_file_is(words: Catalogue) -> None:
    assert words.languages == ("en", "pl")
    assert words.say("sent", "pl", what="list") == "Wysłano: list."


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["one item", "3 items", "5,000 items"]),
        ("pl", ["jedna rzecz", "3 rzeczy", "5\u00a0000 rzeczy w sumie"]),
    ],
)
def test_a_number_has_the_plural_form_and_the_digits_of_the_language(
    words: Catalogue, language: str, said: list[str]
) -> None:
    assert [words.say("items", language, count=count) for count in (1, 3, 5_000)] == said


def test_a_language_that_the_shop_does_not_speak_is_english(words: Catalogue) -> None:
    assert words.say("sent", "de", what="It") == "It was sent."


def test_an_attribute_is_said_by_its_name(words: Catalogue) -> None:
    assert (words.say("sent.title", "en"), words.text("only_attributes.title")("pl")) == ("Sent", "Sam")


def test_a_text_of_any_length_and_with_any_sign_is_said_as_it_is(words: Catalogue) -> None:
    first, second = "{ $second } " * LONGEST_FACT, "\\u0041 { items }"

    assert words.say("several", "en", first=first, second=second) == f"Sent: {first}, {second}."


@pytest.mark.parametrize(
    ("message", "facts", "told"),
    [
        ("nothing", {}, "There is no message nothing"),
        ("sent.nothing", {}, "There is no message sent.nothing"),
        ("only_attributes", {}, "only_attributes has attributes alone"),
        ("sent", {}, "what"),
    ],
)
def test_what_cannot_be_said_is_an_error(words: Catalogue, message: str, facts: dict[str, str], told: str) -> None:
    with pytest.raises(CatalogueError, match=told):
        words.say(message, "en", **facts)


def test_a_file_that_cannot_be_read_is_told_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "en.ftl").write_text("good = Good.\nbad = { $what\n")

    with pytest.raises(CatalogueError, match=r"en\.ftl cannot be read at: bad = "):
        Catalogue(tmp_path).say("good", "en")
