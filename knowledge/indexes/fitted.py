"""What `scripts/bench/fit_answers` learned: each meaning's weight, and when a question counts as answered."""

import math
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

    def chance(self, evidence: Mapping[str, float]) -> float:
        """Return how likely an answer is by the evidence, from 0 to 1; from 0.5 on it counts as answered."""
        return 1 / (
            1 + math.exp(-self.constant - sum(weight * evidence[name] for name, weight in self.weights.items()))
        )


class Fitted(BaseModel):
    """Everything that was learned.

    `built_in` is used if the best passage is from the built-in handbook, about whose questions more is known, `own` if
    it is from a shop's own and lists what customers ask about it, and `bare` if it lists nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    own: Decision
    bare: Decision
    built_in: Decision
    meanings: Mapping[str, float]


@cache
def fitted() -> Fitted:
    """Read it once per process: it is package data and does not change."""
    return Fitted.model_validate(tomllib.loads(FITTED.read_text()))
