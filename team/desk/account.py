"""What the log line and the span of a finished turn contain: never a word that was said."""

from collections.abc import Sequence
from typing import Any

from storage.traces import conventions as names
from storage.traces.tracing import Attributes, as_attributes
from team.turn.request import Request
from team.turn.steps import Step
from team.turn.turn import Turn

SPAN = f"{names.INVOKE_WORKFLOW} turn"

LEFT = "left"
"""This process is shutting down, and another one resumes the turn."""
OUTLIVED = "outlived"
"""It outlived its lease: another turn answers the message."""
NOT_KEPT = "not kept"
"""Its end could not be stored."""


def begun(request: Request) -> Attributes:
    """Return the attributes a turn's span starts with."""
    return {
        names.OPERATION: names.INVOKE_WORKFLOW,
        names.WORKFLOW: "turn",
        names.CONVERSATION: request.conversation_id,
        names.TURN: request.turn_id,
    }


def status_in(steps: Sequence[Step]) -> str:
    """Return how a turn ended, from its last stored steps."""
    return next((str(step.data["status"]) for step in steps if step.kind == "turn_ended"), OUTLIVED)


def facts_of(turn: Turn, status: str) -> dict[str, Any]:
    """Return what the log says about a turn: who answered with which tools and models, and what it cost."""
    log = turn.log
    return {
        "turn": turn.request.turn_id,
        "outcome": status,
        "trouble": log.trouble,
        "ms": turn.ms,
        "specialists": log.spoke,
        "tools": log.tools,
        "models": list(dict.fromkeys(log.models)),
        "model_calls": log.spent.model_calls,
        "prompt_tokens": log.spent.prompt_tokens,
        "completion_tokens": log.spent.completion_tokens,
    }


def attributes_of(turn: Turn, status: str) -> Attributes:
    """Return the attributes a turn's span ends with."""
    spent = turn.log.spent
    return as_attributes(
        **{
            names.STATUS: status,
            names.TROUBLE: turn.log.trouble,
            names.MODEL_CALLS: spent.model_calls,
            names.INPUT_TOKENS: spent.prompt_tokens,
            names.OUTPUT_TOKENS: spent.completion_tokens,
        }
    )
