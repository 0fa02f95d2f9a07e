"""Asking a role's model, once more where that can help, and then the endpoint that stands in its place.

Not with tenacity: each fault says by itself whether, when and with what words to ask again, and a breaker ends it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from storage.reasons import Code, Reason
from team.models.fault import MODEL_ERRORS, Fault, NobodyAnswersError, UnusableReplyError, fault_of
from team.models.models import Model, Models
from team.turn.turn import Turn

logger = logging.getLogger(__name__)

T = TypeVar("T")

TRIES = 2
MOST_WAITED_S = 5.0
"""Who asks for more time than this is left for the other slice."""

MARGIN_S = 0.05

Ask = Callable[[Model, str], Awaitable[T]]
"""Ask this model; the text, where there is any, tells it what was wrong with its last reply."""

Note = Callable[[Model, Fault], Awaitable[None]]
"""Record a call that failed."""


async def ask(models: Models, role: str, turn: Turn, call: Ask[T], note: Note) -> T:
    """Return the first usable answer of the models that may speak for a role.

    The role's own endpoint is asked twice where that can help, one in its place once. Where all are left alone because
    they failed before, the first that may be asked again soon is waited for.

    Raises:
        NobodyAnswersError: none gave one.
        StoppedError: the turn was stopped first.
    """
    candidates = models.candidates(role)
    if not any(models.breaker(model.endpoint).left_s == 0 for model in candidates):
        soonest = min(models.breaker(model.endpoint).left_s for model in candidates)
        await _waited(soonest + MARGIN_S, turn)
    problem = NobodyAnswersError(role, Reason(Code.ALL_REST), None)
    for model in candidates:
        try:
            return await _asked(models, model, turn, call, note)
        except NobodyAnswersError as error:
            problem = error if error.asked or not problem.asked else problem
    raise problem


async def _asked(models: Models, model: Model, turn: Turn, call: Ask[T], note: Note) -> T:
    """Ask one endpoint, again where that can help."""
    breaker, nudge = models.breaker(model.endpoint), ""
    problem = NobodyAnswersError(model.role, Reason(Code.RESTS, {"endpoint": model.key}), None)
    for left in range(1 if model.in_place_of else TRIES, 0, -1):
        if not breaker.admits():
            break
        try:
            answer = await call(model, nudge)
        except (*MODEL_ERRORS, UnusableReplyError) as error:
            fault = fault_of(error)
            logger.warning("%s, asked for %s: %s", model.key, model.role, fault.reason, exc_info=fault.strange)
            line = None
            if isinstance(error, UnusableReplyError):
                # It answered, if with nothing of use: the endpoint is up.
                line = error.line
                breaker.worked()
            problem = NobodyAnswersError(model.role, fault.reason, line, asked=True)
        else:
            breaker.worked()
            return answer
        models.note(model, fault)
        await note(model, fault)
        nudge = fault.nudge
        if left == 1 or not fault.again or not await _waited(fault.wait_s, turn):
            break
    raise problem


async def _waited(seconds: float, turn: Turn) -> bool:
    """Wait, where the customer can wait for so long."""
    if seconds > min(MOST_WAITED_S, turn.left_s / 2):
        return False
    await turn.unless_stopped(asyncio.sleep(seconds))
    return True
