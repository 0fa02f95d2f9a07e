"""The question set of the tests, and metrics for a ranked list of answers."""

import math
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

QUESTIONS = Path(__file__).resolve().parents[2] / "tests" / "knowledge" / "questions.toml"
CUT = 5


@dataclass(frozen=True)
class Question:
    """A question, its language, and the places (policy/section) that answer it."""

    text: str
    language: str
    answers: Sequence[str]
    later: bool = False


def read_questions(path: Path) -> list[Question]:
    """Read a question set."""
    return [Question(**each) for each in tomllib.loads(path.read_text())["question"]]


def ndcg(ranked: Sequence[str], right: Sequence[str]) -> float:
    """Return how near the right places are to the top, 1 for the best order."""
    gain = sum(1 / math.log2(rank + 2) for rank, place in enumerate(ranked[:CUT]) if place in right)
    return gain / sum(1 / math.log2(rank + 2) for rank in range(min(CUT, len(right))))


def recall(ranked: Sequence[str], right: Sequence[str]) -> float:
    """Return 1 if a right place is among the first, otherwise 0."""
    return float(any(place in right for place in ranked[:CUT]))


def reciprocal_rank(ranked: Sequence[str], right: Sequence[str]) -> float:
    """Return one over the rank of the first right place."""
    return next((1 / rank for rank, place in enumerate(ranked, start=1) if place in right), 0.0)


def mean(numbers: Iterable[float]) -> float:
    """Return the mean, or 0 for no numbers."""
    listed = list(numbers)
    return sum(listed) / len(listed) if listed else 0.0
