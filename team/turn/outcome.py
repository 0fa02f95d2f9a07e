"""What came of a turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from team.turn.confirmations import OpenQuestion
from team.words.guardrails import Guarded

NOT_RUN = Guarded("", "not run")


@dataclass(frozen=True)
class Outcome:
    """What the customer is answered: who said it, the guard's word on it, and the question it ends with.

    `state` is what the team remembers of it; None where the team had no part in it.
    """

    text: str
    agent: str = ""
    guard: Guarded = NOT_RUN
    state: Mapping[str, Any] | None = None
    question: OpenQuestion | None = None
