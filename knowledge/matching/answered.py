"""Whether a search's results answer the question, using the weights that `scripts/bench/fit_answers` learned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from knowledge.indexes.fitted import fitted
from knowledge.matching.evidence import evidence
from knowledge.matching.fusing import Unit
from knowledge.matching.likeness import likeness
from knowledge.matching.lookup import Candidates
from knowledge.matching.whole_policy import is_about_another_shop, names_all, subjects_of_policy
from storage.handbook.passages import BUILT_IN, Document, Passage

HALF = 0.5


@dataclass(frozen=True)
class Result:
    """A search's results: all hits from the index, the best units, and their passages with documents."""

    candidates: Candidates
    units: Mapping[str, Unit]
    best: Sequence[tuple[Unit, float]]
    rows: Sequence[tuple[Passage, Document]]

    @property
    def is_built_in(self) -> bool:
        """Whether the best passage is from the built-in handbook."""
        return any(document.source.startswith(BUILT_IN) for _, document in self._first)

    @property
    def lists_questions(self) -> bool:
        """Whether the best passage has questions that customers ask about it."""
        return any(passage.asked for passage, _ in self._first)

    @property
    def _first(self) -> Sequence[tuple[Passage, Document]]:
        first = self.best[0][0]
        return [row for row in self.rows if self.units[row[0].id] == first]

    @cached_property
    def policies_asked_for(self) -> set[str]:
        """The policies that the question may ask for by name, if it does: their titles say all that it names."""
        named = subjects_of_policy(self.candidates.asked.text)
        return {document.policy_id for _, document in self.rows if names_all(document.title, named)}


@dataclass(frozen=True)
class Nearness:
    """How near a search came to an answer.

    `chance` is how likely an answer is among the passages, from 0 to 1. `others` is whether the question is about
    another shop, of which they say nothing.
    """

    chance: float
    others: bool = False

    @property
    def answered(self) -> bool:
        """Whether the question counts as answered."""
        return self.chance >= HALF


def nearness_of(result: Result) -> Nearness:
    """Return how near a search came to an answer."""
    if not result.best:
        return Nearness(0.0)
    if is_about_another_shop(result.candidates.asked.written, map(_told, result.rows)):
        return Nearness(0.0, others=True)
    if result.policies_asked_for:
        return Nearness(1.0)
    if result.is_built_in:
        like = likeness(result.candidates.asked.text)
        return Nearness(fitted().built_in.chance({**evidence_of(result), "likeness": like}))
    decision = fitted().own if result.lists_questions else fitted().bare
    return Nearness(decision.chance(evidence_of(result)))


def evidence_of(result: Result) -> Mapping[str, float]:
    """Return the evidence for an answer, by name."""
    by_unit: dict[Unit, list[str]] = {}
    for (passage, _), text in zip(result.rows, _texts_of(result), strict=True):
        by_unit.setdefault(result.units[passage.id], []).append(text)
    candidates = result.candidates
    return evidence(
        candidates.subjects,
        ["\n".join(by_unit[unit]) for unit, _ in result.best],
        candidates.score,
        is_korean=candidates.asked.language == "ko",
    )


def _texts_of(result: Result) -> list[str]:
    return [f"{_told(row)}\n{row[0].asked}" for row in result.rows]


def _told(row: tuple[Passage, Document]) -> str:
    passage, document = row
    return f"{document.title}\n{passage.section}\n{passage.text}"
