"""The languages of the shop."""

import pytest

from storage.words.languages import LANGUAGES, spoken


def test_each_language_says_how_it_is_called_in_english_and_by_its_speakers() -> None:
    assert [(one.code, one.name, one.own_name) for one in LANGUAGES.values()] == [
        ("en", "English", "English"),
        ("ko", "Korean", "한국어"),
    ]


@pytest.mark.parametrize(
    ("named", "code"),
    [("ko-KR", "ko"), ("KO", "ko"), ("ko_KR.UTF-8", "ko"), ("fr-CA", "en"), ("C.UTF-8", "en"), ("", "en")],
)
def test_a_language_is_known_by_any_of_its_names(named: str, code: str) -> None:
    assert spoken(named) == code
