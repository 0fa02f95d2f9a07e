"""What a task asks: a question, how models work together on it, and within which limits."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator, model_validator

from storage.endpoints import Endpoints
from storage.errors import ShopError
from team.cooperation.voting import options_in
from team.words.language import LANGUAGES

Mode = Literal["select", "sequential", "parallel", "vote", "pipeline", "decompose"]
SEVERAL = frozenset({"sequential", "parallel", "vote"})
"""The modes that make no sense with one model."""

MOST_MODELS = 8
MOST_STEPS = 12
MOST_DEEP = 6
"""The most steps that may follow one on another."""

USUAL_MODELS = 3
"""How many models are asked where a task names none."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A step's name: AutoGen knows its agent by it."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8_000)]
Option = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class UnknownModelError(ShopError):
    """A task names a model that models.toml does not have."""

    def __init__(self, model: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no endpoint {model} in models.toml; it has: {', '.join(known)}.")


class TooFewModelsError(ShopError):
    """A mode in which models work together was asked for with one of them."""

    def __init__(self, mode: str, models: Sequence[str]) -> None:
        super().__init__(
            f"The mode {mode} needs two models or more, and it has {', '.join(models) or 'none'}. "
            "Name more of them, or choose the mode select."
        )


class StepAsked(BaseModel):
    """A step of a pipeline: what to do, with which model, after which other steps."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    task: Text
    model: str = ""
    after: tuple[str, ...] = Field((), max_length=MOST_STEPS)


class Asked(BaseModel):
    """A task, as it was asked for.

    `models` are keys of models.toml. `steps` are a pipeline's. `options` and `weights` (by model) are a vote's.
    `tools` are the tool servers that the models may use; None for all of the caller's. `language` is the answer's;
    empty for the question's. `deadline_s` is how long it may take, and `most_tokens` how much it may read and write.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    query: Text
    mode: Annotated[Mode, BeforeValidator(lambda value: "vote" if value == "voting" else value)] = "select"
    models: tuple[str, ...] = Field((), max_length=MOST_MODELS)
    steps: tuple[StepAsked, ...] = Field((), max_length=MOST_STEPS)
    options: tuple[Option, ...] = Field((), max_length=10)
    weights: Mapping[str, Annotated[float, Field(gt=0, le=100)]] = Field(default_factory=dict)
    tools: tuple[str, ...] | None = None
    language: str = Field("", json_schema_extra={"enum": ["", *LANGUAGES]})
    deadline_s: float = Field(90, gt=0, le=600)
    most_tokens: int = Field(60_000, ge=100, le=1_000_000)

    @field_validator("language")
    @classmethod
    def _is_spoken(cls, value: str) -> str:
        if value and value not in LANGUAGES:
            raise ValueError(f"it is none of {', '.join(LANGUAGES)}")
        return value

    @field_validator("models", "options")
    @classmethod
    def _once_each(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) < len(value):
            raise ValueError("it names one twice")
        return value

    @model_validator(mode="after")
    def _fits_its_mode(self) -> Self:
        if self.steps and self.mode != "pipeline":
            raise ValueError("steps are for the mode pipeline")
        if (self.options or self.weights) and self.mode != "vote":
            raise ValueError("options and weights are for the mode vote")
        if len(self.options) == 1:
            raise ValueError("a vote needs two options or more")
        if strange := set(self.weights) - set(self.models):
            raise ValueError(f"weights names {sorted(strange)[0]}, which is not among the models")
        return self


def with_models(asked: Asked, found: Endpoints) -> Asked:
    """Return a task with the models it will ask, and a vote with its options.

    One that names no models asks those that speak for roles.

    Raises:
        UnknownModelError: it names one that models.toml does not have.
        TooFewModelsError: its mode needs more of them.
    """
    usual = dict.fromkeys(key for role in found.roles.values() for key in role.endpoints)
    models = asked.models or tuple(usual)[:USUAL_MODELS]
    for key in (*models, *(step.model for step in asked.steps if step.model)):
        if key not in found.endpoints:
            raise UnknownModelError(key, list(found.endpoints))
    if asked.mode in SEVERAL and len(models) < 2:  # noqa: PLR2004 - one alone does not cooperate
        raise TooFewModelsError(asked.mode, models)
    options = asked.options or options_in(asked.query) if asked.mode == "vote" else ()
    return asked.model_copy(update={"models": models, "options": options})
