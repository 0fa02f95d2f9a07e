"""The customer's language, and what the desk itself says in it."""

import re
import tomllib
from pathlib import Path

from storage.words.catalogue import Catalogue, Fact
from storage.words.languages import LANGUAGES as SPOKEN
from storage.words.languages import Language
from team.words.sentences import sentences

WORDS = Catalogue(Path(__file__).parent)
"""What the desk says when no model speaks."""

LANGUAGES = {code: language.name for code, language in SPOKEN.items()}
"""What each language is called in a prompt."""

OTHER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0400-\u04ff]")
THIRD = re.compile(r"[\u0370-\u10ff\u1200-\u1dff\u3040-\u30ff\u3400-\u9fff]++")
"""Letters of scripts in which no language of the shop is written."""
LATIN = re.compile(r"[a-zà-öø-ÿA-ZÀ-ÖØ-ß]+")
FOREIGN = frozenset(
    tomllib.loads(Path(__file__).with_name("foreign.toml").read_text(encoding="utf-8"))["words"].split()
)
CODES = re.compile(r"(?<!\S)[^\s@]++@\S++|#?\b[^\W\d]*+\d\w*+|\[[^\[\]]*+\]")
"""Addresses, numbers and policy names, which are the same in every language."""

BORROWED = re.compile(r"[\"“「][^\"“”「」\n]*+[\"”」]|(?<!\w)[\u3131-\u318e]++(?!\w)")
"""Quotations, and Korean letters that make no syllable: a laugh or tears, in whatever language."""

COMMON = 2
"""So many different common words make a sentence; fewer may be the name of a product."""

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


def language_heard(text: str, before: str) -> str:
    """Return the language in which somebody goes on who used the one from before.

    That is the same one while their sentences are in it, whatever words, quotations or smileys of another language
    stand between or below them.
    """
    found = language_of(text, before)
    own = BORROWED.sub(" ", text)
    if found == before or not SPOKEN[before].shown_by.search(own):
        return found
    return before if _speaks(SPOKEN[before], own, SPOKEN[found]) else found


def _speaks(own: Language, text: str, other: Language) -> bool:
    """Whether the sentences of a text in this language hold more letters than those in the other one."""
    in_own, in_other = 0, 0
    for sentence in sentences(text):
        words = CODES.sub(" ", sentence).split()
        lent = sum(other.shown_by.search(word) is not None for word in words)
        common = {word.casefold() for word in own.common.findall(sentence)}
        if lent and (len(common) < COMMON or lent * 2 >= len(words) or other.ends.search(sentence)):
            in_other += len(other.letters.findall(sentence))
        elif common or any(map(str.islower, words)):
            # A line of capitals alone is the name of something.
            in_own += len(own.letters.findall(sentence))
    return in_own > in_other


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


def third_languages(text: str) -> list[str]:
    """Return the pieces of a text in scripts, or the words of languages, that the shop does not speak."""
    return [*THIRD.findall(text), *(word for sentence in sentences(text) for word in _foreign(sentence))]


def _foreign(sentence: str) -> list[str]:
    found = [word for word in LATIN.findall(sentence) if word.casefold() in FOREIGN]
    return found if len({word.casefold() for word in found}) > COMMON else []


def say(what: str, language: str, **facts: Fact) -> str:
    """Return one of the desk's own sentences with these facts filled in."""
    return WORDS.say(what, language, **facts)
