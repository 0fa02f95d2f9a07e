"""Evidence on whether the handbook answers a question at all.

The fewer passages mention a topic of the question, the more that topic weighs. An answer covers most topics; if the
handbook has few of the question's terms, or none of the important ones, it has no answer.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from knowledge.indexes.bm25 import WordIndex
from knowledge.language.words import MEANING_MARK, search_words, subjects

BEST_SHOWN = 3


@dataclass(frozen=True)
class Subject:
    """One topic of a question: its terms, its weight, and how much of it any passage covers."""

    words: Sequence[str]
    weight: float
    known: float

    def said_in(self, words: Collection[str]) -> float:
        """Return how much of it these terms cover: 1 for its meaning, otherwise the share of its terms present."""
        return _part_in(self.words, words)


def subjects_of(question: str, index: WordIndex) -> list[Subject]:
    """Return a question's topics."""
    return [_subject(words, index) for words in subjects(question)]


def evidence(
    asked: Sequence[Subject], passages: Sequence[str], score: float, *, is_korean: bool
) -> Mapping[str, float]:
    """Return the evidence for an answer, by name.

    Args:
        asked: the question's topics.
        passages: the texts of the best passages found.
        score: the best passage's BM25 score.
        is_korean: whether the question is Korean, whose words are counted differently.
    """
    total = sum(subject.weight for subject in asked) or 1.0
    found = [set(search_words(text)) for text in passages[:BEST_SHOWN]]
    covered = [sum(subject.weight * subject.said_in(words) for subject in asked) / total for words in found]
    silent = sum(subject.known == 0 and subject.words[0].startswith(MEANING_MARK) for subject in asked)
    return {
        "korean": float(is_korean),
        "score": score,
        "covered": max(covered, default=0.0),
        "known": sum(subject.weight * subject.known for subject in asked) / total,
        "silent": float(min(silent, 1)),
        "things": math.log1p(len(asked)),
    }


def _subject(words: Sequence[str], index: WordIndex) -> Subject:
    frequencies = {word: index.frequency(word) for word in words}
    known = {word for word, count in frequencies.items() if count}
    often = max(frequencies.values()) if words[0].startswith(MEANING_MARK) else min(frequencies.values())
    return Subject(words, rarity(often, index.count), _part_in(words, known))


def rarity(often: int, passages: int) -> float:
    """Return a word's weight in BM25, given how many of all passages contain it."""
    return math.log(1 + (passages - often + 0.5) / (often + 0.5))


def _part_in(words: Sequence[str], said: Collection[str]) -> float:
    if words[0].startswith(MEANING_MARK) and words[0] in said:
        return 1.0
    letters = [word for word in words if not word.startswith(MEANING_MARK)]
    return sum(word in said for word in letters) / len(letters) if letters else 0.0
