"""What `scripts/bench/fit_answers` learned: each meaning's weight, and when a question counts as answered."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FITTED = Path(__file__).resolve().parent / "fitted.toml"


class Decision(BaseModel):
    """A logistic regression: answered if the weighted evidence plus the constant is above 0."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    constant: float
    weights: Mapping[str, float]

    def says_yes(self, evidence: Mapping[str, float]) -> bool:
        """Return whether the evidence points to an answer."""
        return self.constant + sum(weight * evidence[name] for name, weight in self.weights.items()) >= 0


class Fitted(BaseModel):
    """Everything that was learned.

    `by_words` is used for embedders whose cosines have not been measured, and `built_in` if the best passage is from
    the built-in handbook, about whose questions more is known.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    by_words: Decision
    by_both: Decision
    built_in: Decision
    meanings: Mapping[str, float]


@cache
def fitted() -> Fitted:
    """Read it once per process: it is package data and does not change."""
    return Fitted.model_validate(tomllib.loads(FITTED.read_text()))
