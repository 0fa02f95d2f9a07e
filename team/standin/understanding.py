"""What a customer's message asks for: one wish, or several."""

import itertools
import logging
import re
import threading
import tomllib
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path

import numpy as np

from team.standin import learning
from team.standin.classifier import Classifier
from team.standin.language import Language, language_of
from team.standin.taken_back import as_meant
from team.standin.wire import Json
from team.standin.words import group, said, says

EXAMPLES_PER_LINE = 6
SURE = 0.22
SURE_WITHOUT_CONCEPTS = 0.45
SURE_IN_A_CLAUSE = 0.45
SURE_OF_A_CLAUSE = 0.7
SHARE_OF_A_WISH = 0.6
SURE_OF_A_STATEMENT = 0.9
EVERYWHERE = {"me", "you", "list", "how_much", "when", "how_long"}
LEARNING = threading.Lock()
QUOTED = re.compile(r"((?:ticket|티켓|문의)[^:：\n]{0,30}[:：])\s.*", re.IGNORECASE | re.DOTALL)
"""As in "add to my ticket: the box is torn"."""
TALK = ("small_talk", "unknown")
QUESTION = "policy_question"


@dataclass(frozen=True)
class Intent:
    """One thing a customer may want, and how a specialist goes about it."""

    name: str
    specialist: str
    tool: str = ""
    look_up: str = ""
    statuses: tuple[str, ...] = ()
    several: str = ""
    items: bool = False
    variant: bool = False
    then: str = ""
    instead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wish:
    """An intent found in a text, with how sure that is."""

    intent: Intent
    text: str
    confidence: float


def expand(line: str) -> list[str]:
    """Every utterance a line of the data stands for: `(cancel|stop) it` is two."""
    parts = re.split(r"\(([^()]*)\)", line)
    choices = [part.split("|") if at % 2 else [part] for at, part in enumerate(parts)]
    return [" ".join("".join(words).split()) for words in itertools.product(*choices)]


@cache
def _data() -> dict[str, Json]:
    """Each intent's entries of all files: what one file says of it, and the utterances of each."""
    merged: dict[str, Json] = {}
    for file in sorted(Path(__file__).with_name("intents").glob("*.toml")):
        for name, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
            before = merged.setdefault(name, {"en": [], "ko": []})
            utterances = {language: [*before[language], *_lines(entry.get(language, []))] for language in ("en", "ko")}
            merged[name] = before | entry | utterances
    return merged


def _lines(written: str | list[str]) -> list[str]:
    """The utterances of a list, or of a text that holds one a line."""
    return written.strip().splitlines() if isinstance(written, str) else written


@cache
def intents() -> dict[str, Intent]:
    """Every intent of the data, by name."""
    return {name: _intent(name, entry) for name, entry in _data().items()}


def _intent(name: str, entry: Json) -> Intent:
    known = {field.name for field in fields(Intent)}
    told: Json = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items() if key in known
    }
    return Intent(name=name, **told)


def learn() -> None:
    """Read what is learnt of both languages now, so that the first message need not wait for it."""
    classifier("en")
    classifier("ko")


def classifier(language: Language) -> Classifier:
    """The classifier of one language, as learnt from the data; where the data is newer, learnt now."""
    with LEARNING:
        return _learnt(language)


@cache
def _learnt(language: Language) -> Classifier:
    with np.load(learning.LEARNT) as learnt:
        if learnt["digest"].tobytes().decode() == learning.digest():
            return Classifier.read(learnt, language)
    logging.getLogger(__name__).warning("the utterances changed: learning them again; python -m %s", learning.__name__)
    return learning.learn(examples(language))


def examples(language: Language) -> list[learning.Example]:
    """The utterances that are learnt in a language, each with its intent and the intent's specialist."""
    labels = {name: (name, intent.specialist) for name, intent in intents().items()}
    return [(text, labels[name]) for name, entry in _data().items() for line in entry[language] for text in _some(line)]


def _some(line: str) -> list[str]:
    """As many utterances of a line as are learnt, spread over all of its choices."""
    every = expand(line)
    stride = next(
        step for step in range(max(1, int(len(every) * 0.618)), 2 * len(every) + 2) if _coprime(step, len(every))
    )
    return [every[at * stride % len(every)] for at in range(min(len(every), EXAMPLES_PER_LINE))]


def _coprime(one: int, other: int) -> bool:
    return not any(one % divisor == 0 == other % divisor for divisor in range(2, other + 1))


def scores(text: str) -> dict[str, float]:
    """How well each intent fits the text, by itself and by its specialist; what it quotes for a ticket is no wish.

    Whose work something is, is learnt from more utterances than what it is, and is known more surely.
    """
    fit = classifier(language_of(text)).scores(unquoted(text))
    return {name: (fit[name] + fit[intent.specialist]) / 2 for name, intent in intents().items()}


def unquoted(text: str) -> str:
    """The text without the words that it asks to be written into a ticket."""
    return QUOTED.sub(r"\1", text)


def wish(text: str) -> Wish:
    """The one thing the text asks for most clearly; unknown where nothing is clear."""
    best = likeliest(text)
    telling = best.intent.name in TALK or set(said(text, "concepts")) - EVERYWHERE
    clear = best.confidence >= (SURE if telling else SURE_WITHOUT_CONCEPTS)
    return best if clear else replace(best, intent=intents()["unknown"])


def likeliest(text: str) -> Wish:
    """The intent that fits the text best, however badly."""
    found = scores(text)
    best = max(found, key=lambda name: found[name])
    return Wish(intents()[best], text, found[best])


def wishes(text: str) -> list[Wish]:
    """What a message asks for, in its order: its clauses where they clearly want different things, else the whole."""
    text = as_meant(text, clauses)
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
    """Each thing that is asked of the handbook: "do you ship to Canada? And who pays customs?" are two."""
    return [one for one in clear if one.intent.name == QUESTION and one.confidence >= SURE_OF_A_CLAUSE]


def by_specialist(text: str) -> dict[str, float]:
    """How well the text fits each specialist: as the best of their intents does."""
    found, best = scores(text), dict.fromkeys((intent.specialist for intent in intents().values()), 0.0)
    for name, score in found.items():
        best[intents()[name].specialist] = max(best[intents()[name].specialist], score)
    return best


def _fits(one: Wish, fit: dict[str, float]) -> bool:
    """Whether a clause is a wish of its own and not only the story of another one, which the whole text then tells."""
    return one.confidence >= SURE_OF_A_CLAUSE or fit[one.intent.specialist] >= SHARE_OF_A_WISH * max(fit.values())


def _only_tells(one: Wish) -> bool:
    """Whether a clause asks for nothing: "my old kettle broke. Which one do you recommend?" reports no damage."""
    return one.confidence < SURE_OF_A_STATEMENT and says(one.text, "statement", "told")


def _each_once(found: list[Wish]) -> list[Wish]:
    """The wishes that are no talk, of each intent the first."""
    firsts = {one.intent.name: one for one in reversed(found) if one.intent.name not in TALK}
    return [one for one in found if firsts.get(one.intent.name) is one]


def clauses(text: str) -> list[str]:
    """The parts of a message that may each be a wish."""
    parts = [text]
    for pattern in group("clauses")["breaks"]:
        parts = [piece for part in parts for piece in pattern.split(part)]
    return [bare for part in parts if part and (bare := part.strip().rstrip(".!;"))]
