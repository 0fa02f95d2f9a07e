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


@dataclass(frozen=True)
class Written:
    """A question, in the language it says, and the words of the section that answer it."""

    language: str
    question: str
    quote: str


def parsed(reply: str) -> list[Written]:
    """Return the questions in a model's reply, whatever it wrote around them; none if there is no list of them."""
    start, end = reply.find("["), reply.rfind("]")
    try:
        told = json.loads(reply[start : end + 1], strict=False) if 0 <= start < end else []
    except (ValueError, RecursionError):
        return []
    return list(_each(told))


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


def _each(told: object) -> Iterator[Written]:
    for one in told if isinstance(told, list) else ():
        if isinstance(one, dict) and all(isinstance(one.get(name), str) for name in ("language", "question", "quote")):
            question = " ".join(one["question"].split())
            yield Written(one["language"].strip().lower()[:2], question, one["quote"])


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
