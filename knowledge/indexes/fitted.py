"""What `scripts/fit_answers` learned: how much each meaning weighs, and when a question counts as answered."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FITTED = Path(__file__).resolve().parent / "fitted.toml"


class Decision(BaseModel):
    """A logistic regression: answered where the weighted evidence and the constant together are above 0."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    constant: float
    weights: Mapping[str, float]

    def says_yes(self, evidence: Mapping[str, float]) -> bool:
        """Tell whether the evidence speaks for an answer."""
        return self.constant + sum(weight * evidence[name] for name, weight in self.weights.items()) >= 0


class Fitted(BaseModel):
    """All that was learned.

    `by_words` decides where nobody measured what an embedder's cosines mean, and `built_in` where the built-in handbook
    would answer, of whose questions more is known.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    by_words: Decision
    by_both: Decision
    built_in: Decision
    meanings: Mapping[str, float]


@cache
def fitted() -> Fitted:
    """Read what was learned, once in a process: it is data of this package and does not change."""
    return Fitted.model_validate(tomllib.loads(FITTED.read_text()))
