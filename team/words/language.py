"""The customer's language, and what the desk itself says in it."""

import re
from pathlib import Path

from storage.words.catalogue import Catalogue, Fact
from storage.words.languages import LANGUAGES as SPOKEN

WORDS = Catalogue(Path(__file__).parent)
"""What the desk says when no model speaks."""

LANGUAGES = {code: language.name for code, language in SPOKEN.items()}
"""What each language is called in a prompt."""

OTHER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0400-\u04ff]")
THIRD = re.compile(r"[\u0370-\u10ff\u1200-\u1dff\u3040-\u30ff\u3400-\u9fff]++")
"""Letters of scripts in which no language of the shop is written."""
CODES = re.compile(r"(?<!\S)[^\s@]++@\S++|#?\b[^\W\d]*+\d\w*+|\[[^\[\]]*+\]")
"""Addresses, numbers and policy names, which are the same in every language."""

FEWEST, HEAD = 12, 20
"""The fewest letters that tell a language, and how many letters count as a text's beginning."""


def language_of(text: str, before: str) -> str:
    """Return the language code of a text; if it shows none, such as an order number, keep the one from before.

    Latin letters occur in texts of any language, so the language that needs the smallest share of its own letters wins.
    """
    shown = [language for language in SPOKEN.values() if language.shown_by.search(text)]
    if not shown:
        return before
    least = min(language.least for language in shown)
    likely = [language.code for language in shown if language.least == least]
    return before if before in likely else likely[0]


def is_foreign(text: str, language: str) -> bool:
    """Whether a text for a customer is in a language other than theirs."""
    own, plain = SPOKEN[language], CODES.sub(" ", text)
    letters = "".join(char for char in plain if char.isalpha())
    if len(letters) < FEWEST:
        return False
    others = [char for char in OTHER.findall(letters) if not own.letters.match(char)]
    if len(others) * 3 > len(letters):
        return True
    return all(len(own.letters.findall(part)) < own.least * len(part) for part in (letters, letters[:HEAD]))


def third_scripts(text: str) -> list[str]:
    """Return the pieces of a text in scripts that none of the shop's languages uses."""
    return THIRD.findall(text)


def say(what: str, language: str, **facts: Fact) -> str:
    """Return one of the desk's own sentences with these facts filled in."""
    return WORDS.say(what, language, **facts)
