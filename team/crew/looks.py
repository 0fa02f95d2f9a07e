"""The model calls a tool made for its result, as its server reports them in the result's `_meta`."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter

from team.models.load import STAND_IN

MODEL_CALLS = "shopdesk/model_calls"


class Look(BaseModel):
    """One call: which model, for which role, and what was wrong with its answer, if anything.

    The error's code and facts are missing if the tool server runs an older release.
    """

    role: str
    endpoint: str
    model: str
    slice: int
    ms: float
    prompt_tokens: int = 0
    completion_tokens: int = 0
    in_place_of: str | None = None
    error: str | None = None
    error_code: str | None = None
    error_facts: dict[str, str | int | float] | None = None
    fingerprint: str = ""

    def as_event(self) -> dict[str, Any]:
        """The data of the `model` event."""
        shown = self.model_dump(exclude={"fingerprint"}, exclude_none=True)
        return {"agent": self.role, "stand_in": self.fingerprint == STAND_IN} | shown


LOOKS = TypeAdapter(tuple[Look, ...])


def looks_in(meta: Mapping[str, Any] | None) -> tuple[Look, ...]:
    """Return the model calls behind a result; empty if no model was involved."""
    return LOOKS.validate_python((meta or {}).get(MODEL_CALLS, ()))
