"""The outcome of a turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from team.turn.confirmations import OpenQuestion
from team.words.guardrails import NOT_RUN, Guarded

UNGUARDED = Guarded("", NOT_RUN)


@dataclass(frozen=True)
class Outcome:
    """The answer to the customer: who gave it, the guard's verdict, and the question it ends with.

    `state` is what the team remembers of the turn; None if the team was not involved.
    """

    text: str
    agent: str = ""
    guard: Guarded = UNGUARDED
    state: Mapping[str, Any] | None = None
    question: OpenQuestion | None = None
