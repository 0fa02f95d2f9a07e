"""The customer's language, and what the desk itself says in it."""

import re
from pathlib import Path

from storage.words.catalogue import Catalogue, Fact
from storage.words.languages import LANGUAGES as SPOKEN

WORDS = Catalogue(Path(__file__).parent)
"""What the desk says where no model speaks."""

LANGUAGES = {code: language.name for code, language in SPOKEN.items()}
"""What each language is called in a prompt."""

OTHER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0400-\u04ff]")
CODES = re.compile(r"(?<!\S)[^\s@]++@\S++|#?\b[^\W\d]*+\d\w*+|\[[^\[\]]*+\]")
"""Addresses, numbers and names of policies, which are the same in any language."""

FEWEST, HEAD = 12, 20
"""Letters without which no language can be told; letters of a beginning."""


def language_of(text: str, before: str) -> str:
    """Return the code of a text's language; a text that shows none, such as an order number, keeps the one before.

    Latin letters stand in texts of any language, so one that may have the fewest letters of its own is told first.
    """
    shown = [language for language in SPOKEN.values() if language.shown_by.search(text)]
    if not shown:
        return before
    least = min(language.least for language in shown)
    likely = [language.code for language in shown if language.least == least]
    return before if before in likely else likely[0]


def is_foreign(text: str, language: str) -> bool:
    """Whether a text for a customer is in another language than theirs."""
    own, plain = SPOKEN[language], CODES.sub(" ", text)
    letters = "".join(char for char in plain if char.isalpha())
    if len(letters) < FEWEST:
        return False
    others = [char for char in OTHER.findall(letters) if not own.letters.match(char)]
    if len(others) * 3 > len(letters):
        return True
    return all(len(own.letters.findall(part)) < own.least * len(part) for part in (letters, letters[:HEAD]))


def say(what: str, language: str, **facts: Fact) -> str:
    """Return one of the desk's own sentences, with these facts in it."""
    return WORDS.say(what, language, **facts)
