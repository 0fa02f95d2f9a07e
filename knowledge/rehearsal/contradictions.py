"""Contradictions by code: two sentences about the same thing that name different figures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.indexes.alike import comparable
from knowledge.language.words import MEANING_MARK, search_words
from knowledge.rehearsal.figures import Sentence

ALIKE = (2.0, 0.6, 0.5)
"""The cosine from which two sentences without their figures are about the same, by how many shop words both name.

Of the built-in handbook's 142 sentences with figures, in force and not, this takes five pairs for contradictions, all
such as a person wants to look at once (deliveries before the holidays, parcels from abroad). Of 18 contradicting
sentences that were added to it, 13 are found.
"""
AT_ONCE = 2_000


@dataclass(frozen=True)
class Contradiction:
    """Two sentences with different figures of the same unit, and how alike they are otherwise."""

    one: Sentence
    other: Sentence
    alike: float


def contradictions(changed: Sequence[Sentence], others: Sequence[Sentence]) -> list[Contradiction]:
    """Return which of the changed sentences contradict each other or one of the others, the most alike first.

    Args:
        changed: sentences of the documents that are new or changed.
        others: sentences of the other documents, and of the rules that the code keeps.
    """
    told = [*changed, *others]
    if not changed:
        return []
    vectors = comparable([one.about for one in told])
    named = [_meanings(one) for one in told]
    found = list[Contradiction]()
    for start in range(0, len(changed), AT_ONCE):
        near = vectors[start : min(start + AT_ONCE, len(changed))] @ vectors.T
        for row, column in zip(*np.nonzero(near >= min(ALIKE)), strict=True):
            place, alike = start + int(row), float(near[row, column])
            least = ALIKE[min(len(named[place] & named[column]), len(ALIKE) - 1)]
            # Two changed sentences are compared once.
            if column > place and alike >= least and _differ(told[place], told[column]):
                found.append(Contradiction(told[place], told[column], alike))
    return sorted(found, key=lambda one: -one.alike)


def mistranslations(sections: Iterable[tuple[Sentence, Sentence]]) -> Iterator[Contradiction]:
    """Yield the sections whose texts in two languages name different figures of the same unit."""
    for one, other in sections:
        if any(one.figures[unit] != other.figures[unit] for unit in one.figures.keys() & other.figures.keys()):
            yield Contradiction(one, other, 1.0)


def _differ(one: Sentence, other: Sentence) -> bool:
    if one.policy_id == other.policy_id or one.language != other.language:
        return False
    shared = one.figures.keys() & other.figures.keys()
    exceeds = other.unlimited & one.figures.keys() or one.unlimited & other.figures.keys()
    return bool(exceeds) or any(not one.figures[unit] & other.figures[unit] for unit in shared)


def _meanings(sentence: Sentence) -> set[str]:
    return {word for word in search_words(sentence.about) if word.startswith(MEANING_MARK)}
