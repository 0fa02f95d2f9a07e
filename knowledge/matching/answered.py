"""Whether a search's results answer the question, using the weights that `scripts/bench/fit_answers` learned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.indexes.fitted import Decision, fitted
from knowledge.matching.evidence import evidence
from knowledge.matching.fusing import Unit
from knowledge.matching.likeness import likeness
from knowledge.matching.lookup import Candidates
from knowledge.matching.whole_policy import asks_for_a_policy, is_about_another_shop
from storage.handbook.passages import BUILT_IN, Document, Passage


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
        first = self.best[0][0]
        return any(
            document.source.startswith(BUILT_IN) for passage, document in self.rows if self.units[passage.id] == first
        )


def is_answered(result: Result, *, is_measured: bool) -> bool:
    """Return whether a search found an answer; `is_measured`: its embedder's cosines have been measured."""
    if not result.best or is_about_another_shop(result.candidates.asked.text, _texts_of(result)):
        return False
    if asks_for_a_policy(result.candidates.asked.text, {document.title for _, document in result.rows}):
        return True
    learned = fitted()
    if not is_measured:
        return learned.by_words.says_yes(evidence_of(result))
    if not result.is_built_in:
        return learned.by_both.says_yes(evidence_of(result))
    return _says_yes_of_built_in(result, learned.built_in)


def _says_yes_of_built_in(result: Result, decision: Decision) -> bool:
    asked = result.candidates.asked
    return decision.says_yes({**evidence_of(result), "likeness": likeness(asked.text, asked.vector)})


def evidence_of(result: Result) -> Mapping[str, float]:
    """Return the evidence for an answer, by name."""
    by_unit: dict[Unit, list[str]] = {}
    for (passage, _), text in zip(result.rows, _texts_of(result), strict=True):
        by_unit.setdefault(result.units[passage.id], []).append(text)
    candidates = result.candidates
    return evidence(
        candidates.subjects,
        ["\n".join(by_unit[unit]) for unit, _ in result.best],
        candidates.cosine(result.units),
        candidates.score,
        is_korean=candidates.asked.language == "ko",
    )


def _texts_of(result: Result) -> list[str]:
    return [
        f"{document.title}\n{passage.section}\n{passage.text}\n{passage.asked}" for passage, document in result.rows
    ]
