"""What a model wrote as questions about a section, and which of it may be kept."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from knowledge.language.words import language_of
from knowledge.questions.kept import Section

FOR_EACH_LANGUAGE = 6
LONGEST, SHORTEST = 160, 6
_SHORTEST_QUOTE = 6
_MARKUP = re.compile(r"https?:|[<>{}\[\]|`\n]")
_SAME_BEGINNING = 4
_LONGEST_REPLY = 100_000
_FIELDS = ("language", "question", "quote")
_JSON = json.JSONDecoder(strict=False)


@dataclass(frozen=True)
class Written:
    """A question, in the language it says, and the words of the section that answer it."""

    language: str
    question: str
    quote: str


def parsed(reply: str) -> list[Written]:
    """Return the questions in a model's reply, whatever it wrote around them.

    Each question is read by itself: a list that was cut at the limit, thoughts before it, objects on lines of their own
    or a list inside an object lose none of those that are whole.
    """
    found, at = list[Written](), reply.find("{")
    while 0 <= at < _LONGEST_REPLY:
        try:
            told, at = _JSON.raw_decode(reply, at)
        except (ValueError, RecursionError):
            at += 1
        else:
            found += _questions_in(told)
        at = reply.find("{", at)
    return found


def kept_of(
    written: Collection[Written], section: Section, languages: Collection[str], known: set[str]
) -> tuple[list[str], Counter[str]]:
    """Return the questions that may be kept, and why how many others may not.

    Args:
        written: what a model wrote.
        section: the section they are to be about.
        languages: those of the shop.
        known: the letters of every question kept so far, to which these are added.
    """
    kept, dropped, counted = list[str](), Counter[str](), Counter[str]()
    for one in written:
        why = _why_not(one, section, languages) or ("asked already" if letters(one.question) in known else "")
        if not why and counted[one.language] == FOR_EACH_LANGUAGE:
            why = "more than enough"
        if why:
            dropped[why] += 1
            continue
        counted[one.language] += 1
        known.add(letters(one.question))
        kept.append(one.question)
    return kept, dropped


def letters(text: str) -> str:
    """Return a text's letters and digits alone, to tell whether two texts are the same."""
    return "".join(filter(str.isalnum, text.casefold()))


def _questions_in(told: object) -> Iterator[Written]:
    if isinstance(told, list):
        for one in told:
            yield from _questions_in(one)
    elif isinstance(told, dict) and all(isinstance(told.get(name), str) for name in _FIELDS):
        yield Written(told["language"].strip().lower()[:2], " ".join(told["question"].split()), told["quote"])
    elif isinstance(told, dict):
        for one in told.values():
            yield from _questions_in(one)


def _why_not(one: Written, section: Section, languages: Collection[str]) -> str:
    if not SHORTEST <= len(one.question) <= LONGEST or _MARKUP.search(one.question):
        return "no question"
    if one.language not in languages or language_of(one.question) != one.language:
        return "not in its language"
    quoted = letters(one.quote)
    if len(quoted) < _SHORTEST_QUOTE or quoted not in letters(f"{section.name} {section.text}"):
        return "not answered by the section"
    about = f"{section.title} {section.name} {section.text}"
    if language_of(about) == one.language and not _shares_a_word(one.question, about):
        return "not about the section"
    return ""


def _shares_a_word(question: str, about: str) -> bool:
    found = {word[:_SAME_BEGINNING] for word in _words(about)}
    return any(word[:_SAME_BEGINNING] in found for word in _words(question))


def _words(text: str) -> Iterator[str]:
    for word in re.findall(r"\w+", text.casefold()):
        # Korean words change at their end, and two syllables tell them apart.
        if "가" <= word[0] <= "힣":
            yield word[:2]
        elif len(word) >= _SAME_BEGINNING or word.isdecimal():
            yield word
