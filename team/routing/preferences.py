"""What the person who asks wants of an answer: quick, cheap, good, or from the shop's own machines."""

from dataclasses import dataclass
from typing import Literal

from storage.models.needs import Complexity, Strategy

QUALITY = {Complexity.SIMPLE: 0.3, Complexity.MEDIUM: 0.5, Complexity.COMPLEX: 0.8}
"""How much quality counts against time and cost, 0 to 1, where nobody says: the more a message asks for, the more."""


@dataclass(frozen=True)
class Preferences:
    """One request's wishes.

    Attributes:
        strategy: what counts.
        quality_priority: how much quality counts with `auto` and `local_first`, 0 to 1; None: by the complexity.
        max_cost: what an answer may cost at most, in US dollars; None: anything.
        max_latency_s: how long it may be expected to take at most, in seconds; None: any time.
        classify: whether the task is found out by rules, or by the model of the role `classifier`.
    """

    strategy: Strategy = "auto"
    quality_priority: float | None = None
    max_cost: float | None = None
    max_latency_s: float | None = None
    classify: Literal["rules", "model"] = "rules"

    def quality(self, complexity: Complexity) -> float:
        """Return how much quality counts for a message."""
        return QUALITY[complexity] if self.quality_priority is None else self.quality_priority
