"""What a customer's message asks for: one wish, or several."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from team.standin.understanding.classifier import classifier
from team.standin.understanding.clauses import as_meant, clauses, says_what_is_unwanted
from team.standin.understanding.intents import QUESTION, TALK, Intent, intents
from team.standin.understanding.language import language_of
from team.standin.understanding.words import said, says

SURE = 0.22
SURE_WITHOUT_CONCEPTS = 0.45
SURE_IN_A_CLAUSE = 0.45
SURE_OF_A_CLAUSE = 0.7
SHARE_OF_A_WISH = 0.6
SURE_OF_A_STATEMENT = 0.9
EVERYWHERE = {"me", "you", "list", "how_much", "when", "how_long"}
QUOTED = re.compile(r"((?:ticket|티켓|문의)[^:：\n]{0,30}[:：])\s.*", re.IGNORECASE | re.DOTALL)
"""As in "add to my ticket: the box is torn"."""


KEPT = 4_096
"""Texts whose scores are cached: each request repeats the conversation so far."""


@dataclass(frozen=True)
class Wish:
    """An intent found in a text, with the confidence in it."""

    intent: Intent
    text: str
    confidence: float


@lru_cache(maxsize=KEPT)
def scores(text: str) -> dict[str, float]:
    """Return how well each intent fits the text, by itself and by its specialist; words quoted for a ticket do not
    count.

    A specialist is learnt from more utterances than a single intent, so it is recognised more reliably.
    """
    fit = classifier(language_of(text)).scores(unquoted(text))
    return {name: (fit[name] + fit[intent.specialist]) / 2 for name, intent in intents().items()}


def unquoted(text: str) -> str:
    """Return the text without the words it asks to be written into a ticket."""
    return QUOTED.sub(r"\1", text)


def wish(text: str) -> Wish:
    """Return the one thing the text asks for most clearly; unknown if nothing is clear."""
    best = likeliest(text)
    telling = best.intent.name in TALK or set(said(text, "concepts")) - EVERYWHERE
    clear = best.confidence >= (SURE if telling else SURE_WITHOUT_CONCEPTS)
    return best if clear else replace(best, intent=intents()["unknown"])


def likeliest(text: str) -> Wish:
    """Return the intent that fits the text best, however badly."""
    found = scores(text)
    best = max(found, key=lambda name: found[name])
    return Wish(intents()[best], text, found[best])


def wishes(text: str) -> list[Wish]:
    """Return a message's wishes in order: by clause if its clauses clearly want different things, or else whole."""
    found = list(_asked(as_meant(text)))
    return [Wish(intents()["small_talk"], text, 1.0)] if _is_talk(found) and says_what_is_unwanted(text) else found


def leaves_alone(text: str) -> bool:
    """Whether a message only says what must not be done: "please do not cancel #W1042"."""
    return says_what_is_unwanted(text) and _is_talk(wishes(text))


def _is_talk(found: list[Wish]) -> bool:
    return all(one.intent.name in TALK for one in found)


@lru_cache(maxsize=KEPT)
def _asked(text: str) -> tuple[Wish, ...]:
    return tuple(_read(text))


def _read(text: str) -> list[Wish]:
    clear = [found for clause in clauses(unquoted(text)) if (found := wish(clause)).confidence >= SURE_IN_A_CLAUSE]
    fit = by_specialist(text)
    asked = _each_once([one for one in clear if not _only_tells(one) and _fits(one, fit)])
    whole = wish(text)
    if len({one.intent.specialist for one in asked}) > 1:
        return asked
    if len(questions := _questions(clear)) > 1 and whole.intent.name in (QUESTION, *TALK):
        return questions
    return _each_once(clear) or [whole] if whole.intent.name in TALK else [whole]


def _questions(clear: list[Wish]) -> list[Wish]:
    """Return each question for the handbook: "do you ship to Canada? And who pays customs?" are two."""
    return [one for one in clear if one.intent.name == QUESTION and one.confidence >= SURE_OF_A_CLAUSE]


def by_specialist(text: str) -> dict[str, float]:
    """Return how well the text fits each specialist: as well as their best intent does."""
    found, best = scores(text), dict.fromkeys((intent.specialist for intent in intents().values()), 0.0)
    for name, score in found.items():
        best[intents()[name].specialist] = max(best[intents()[name].specialist], score)
    return best


def _fits(one: Wish, fit: dict[str, float]) -> bool:
    """Whether a clause is a wish of its own, not just background for another one, as the whole text shows."""
    return one.confidence >= SURE_OF_A_CLAUSE or fit[one.intent.specialist] >= SHARE_OF_A_WISH * max(fit.values())


def _only_tells(one: Wish) -> bool:
    """Whether a clause asks for nothing: "my old kettle broke. Which one do you recommend?" reports no damage."""
    return one.confidence < SURE_OF_A_STATEMENT and says(one.text, "statement", "told")


def _each_once(found: list[Wish]) -> list[Wish]:
    """Return the wishes that are not small talk, the first of each intent."""
    firsts = {one.intent.name: one for one in reversed(found) if one.intent.name not in TALK}
    return [one for one in found if firsts.get(one.intent.name) is one]
