"""What the steps of one running task share: what was said so far, what it cost, and where it is written down."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from storage.cooperation.writes import TaskWrite
from storage.endpoints import Role
from storage.reasons import Code, Reason
from team.cooperation.asked import Asked
from team.cooperation.plans import Planned
from team.models.models import Model, Models
from team.tools.servers import Tools
from team.turn.turn import Turn

ROLE = "cooperation"
"""The role under which the calls of tasks are counted."""

MAX_TOKENS, TIMEOUT_S = 600, 30.0
"""The longest reply of one step, in tokens, and the longest wait for it to start or go on."""

SHARED = frozenset({"parallel", "vote"})
"""Modes in which nobody speaks for a model that is silent: another would be counted twice."""

Record = Callable[[str, dict[str, Any]], Awaitable[None]]
"""Stores a step of the task, and shows it to who follows."""

AskWrite = Callable[[TaskWrite], Awaitable[None]]
"""Stores a change that waits for the person's yes."""


@dataclass(frozen=True)
class Said:
    """How a step ended: its text and who wrote it, or why there is none."""

    step: str
    model: str
    text: str = ""
    in_place_of: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    ms: float = 0.0
    error: str = ""
    error_code: str = ""
    error_facts: dict[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether nothing came of the step."""
        return bool(self.error_code)

    def as_json(self) -> dict[str, Any]:
        """The data of the `step_ended` event."""
        return {name: value for name, value in asdict(self).items() if value or name in {"step", "model", "text"}}


@dataclass
class Run:
    """One task while it runs. `said` is by step; those that another process finished are in it from the start."""

    asked: Asked
    models: Models
    tools: Tools
    turn: Turn
    record: Record
    ask_write: AskWrite
    said: dict[str, Said] = field(default_factory=dict)
    spent: int = 0
    broken: Exception | None = None
    """What went wrong with the task itself, not with a model; no further step is taken."""

    @property
    def language(self) -> str:
        """The language of the answer."""
        return self.turn.language

    @property
    def over_budget(self) -> bool:
        """Whether the task has used up its tokens."""
        return self.spent >= self.asked.most_tokens

    def candidates(self, step: Planned) -> list[Model]:
        """Return the models to ask for a step: its own, then those of the task that may speak in its place."""
        alone = self.asked.mode in SHARED and not step.after
        others = [] if alone else [key for key in self.asked.models if key != step.model]
        return [self._model(step.model), *(self._model(key, step.model) for key in others)]

    def _model(self, key: str, in_place_of: str = "") -> Model:
        limits = Role(endpoint=(key,), max_tokens=MAX_TOKENS, timeout_s=TIMEOUT_S)
        return Model(ROLE, key, self.models.endpoints.endpoints[key], limits, in_place_of)


def failed(step: Planned, reason: Reason, **more: Any) -> Said:  # noqa: ANN401 - the other fields of it
    """Return the end of a step of which nothing came."""
    return Said(step.name, step.model, **reason.as_fields("error"), **more)


OVER_BUDGET = Reason(Code.OVER_BUDGET)
