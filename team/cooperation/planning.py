"""Taking a question apart: a model writes the graph of steps, and code decides whether it can be run."""

import json
import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from storage.endpoints import Endpoint
from team.cooperation.asked import Asked, StepAsked
from team.cooperation.plans import MERGE, BadGraphError, Planned, pipeline

PLAN = "plan"
MOST_PARTS = 6
PLANNING = (
    f"Take the question apart into at most {MOST_PARTS} steps that others will work on; do not answer it. "
    'Write JSON alone: {"steps": [{"name": "short_name", "task": "what to find out", "after": ["name", …]}]}. '
    "`after` names the steps whose answers this one needs; steps that need none run side by side."
)


class Part(BaseModel):
    """A step as the planner writes it."""

    model_config = ConfigDict(extra="ignore")

    name: str
    task: str = Field(min_length=1)
    after: list[str] = Field(default_factory=list)


class Parts(BaseModel):
    """What the planner writes."""

    model_config = ConfigDict(extra="ignore")

    steps: list[Part] = Field(min_length=1, max_length=MOST_PARTS)


SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "steps": {
            "type": "array",
            "maxItems": MOST_PARTS,
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "task": {"type": "string"},
                    "after": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["name", "task", "after"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["steps"],
    "additionalProperties": False,
}


def planning_args(endpoint: Endpoint) -> dict[str, Any]:
    """Return the arguments of the planner's call: its reply's schema, where the endpoint knows such."""
    if endpoint.choice not in {"structured_outputs", "json_schema"}:
        return {}
    named = {"name": PLAN, "schema": SCHEMA, "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": named}}


def plan_of(written: str, asked: Asked) -> list[Planned]:
    """Return the steps that a planner wrote, ending in one answer.

    Raises:
        BadGraphError: it wrote no plan, or one that cannot be run.
    """
    # A model may write words around its plan.
    plan = written[written.find("{") : written.rfind("}") + 1]
    try:
        parts = Parts.model_validate(json.loads(plan)).steps
        steps = [StepAsked(name=_name(one.name), task=one.task, after=tuple(map(_name, one.after))) for one in parts]
    except (ValidationError, ValueError) as error:
        raise BadGraphError(f"the planner wrote no plan of 1 to {MOST_PARTS} steps, each with a task") from error
    made = pipeline(steps, asked.models)
    if any(step.name == PLAN for step in made):
        raise BadGraphError(f"a step is called {PLAN}")
    return made


def _name(written: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", written.lower()).strip("_")[:32]
    return f"part_{plain}" if plain in {"", PLAN, MERGE} or not plain[:1].isalpha() else plain
