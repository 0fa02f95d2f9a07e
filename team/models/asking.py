"""Asks a role's model, retries where that can help, and then asks the endpoint that may replace it.

Not with tenacity: each fault decides whether, when and with what nudge to retry, and a circuit breaker ends it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from storage.process.logs import note as note_line
from storage.process.logs import tell
from storage.reasons import Code, Reason
from team.models.fault import MODEL_ERRORS, Fault, NobodyAnswersError, UnusableReplyError, fault_of
from team.models.models import Model, Models
from team.models.slices.speeds import doing
from team.turn.turn import Turn

logger = logging.getLogger(__name__)

T = TypeVar("T")

TRIES = 2
MOST_WAITED_S = 5.0
"""An endpoint that asks for a longer wait is skipped in favour of the other slice."""

MARGIN_S = 0.05

Ask = Callable[[Model, str], Awaitable[T]]
"""Asks this model; the text, unless empty, tells it what was wrong with its last reply."""

Note = Callable[[Model, Fault], Awaitable[None]]
"""Records a call that failed."""


async def ask(models: Models, role: str, turn: Turn, call: Ask[T], note: Note) -> T:
    """Return the first usable answer from the models that may speak for a role: of several, the least loaded first.

    Raises:
        NobodyAnswersError: none gave a usable answer.
        StoppedError: the turn was stopped first.
    """
    await models.look(role)
    return await ask_in_order(models, models.candidates(role), turn, call, note)


async def ask_in_order(models: Models, candidates: Sequence[Model], turn: Turn, call: Ask[T], note: Note) -> T:
    """Return the first usable answer of these models, of which there is at least one.

    The first is asked up to twice, its replacements once each. If all their circuit breakers are open, wait for the
    first that lets a call through again, provided that is soon.

    Raises:
        NobodyAnswersError: none gave a usable answer.
        StoppedError: the turn was stopped first.
    """
    role = candidates[0].role
    if not any(models.breaker(model.endpoint).left_s == 0 for model in candidates):
        soonest = min(models.breaker(model.endpoint).left_s for model in candidates)
        await _waited(soonest + MARGIN_S, turn)
    problem = NobodyAnswersError(role, Reason(Code.ALL_REST), None)
    for model in candidates:
        try:
            answer = await _asked(models, model, turn, call, note)
        except NobodyAnswersError as error:
            problem = error if error.asked or not problem.asked else problem
        else:
            if model.in_place_of:
                tell(logger, "fallback", logging.WARNING, role=role, endpoint=model.key, in_place_of=model.in_place_of)
            return answer
    raise problem


async def _asked(models: Models, model: Model, turn: Turn, call: Ask[T], note: Note) -> T:
    """Ask one endpoint, and retry where that can help."""
    breaker, nudge = models.breaker(model.endpoint), ""
    problem = NobodyAnswersError(model.role, Reason(Code.RESTS, {"endpoint": model.key}), None)
    for left in range(1 if model.in_place_of else TRIES, 0, -1):
        if not breaker.admits():
            break
        turn.log.steps.metrics.model_retries.labels(model.key, model.role).inc(problem.asked)
        try:
            async with models.turns.awake(model.endpoint):
                with models.balance.calling(model.endpoint), doing(model.role):
                    answer = await call(model, nudge)
        except (*MODEL_ERRORS, UnusableReplyError) as error:
            fault = fault_of(error)
            note_line(logger, "model", endpoint=model.key, role=model.role, fault=fault.reason.code.value)
            if fault.strange:
                logger.debug("A reply of another shape than the API has", exc_info=True)
            line = None
            if isinstance(error, UnusableReplyError):
                # It answered, even if not usefully: the endpoint is up.
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
    """Wait, unless that is longer than the customer can wait; return whether it waited."""
    if seconds > min(MOST_WAITED_S, turn.left_s / 2):
        return False
    await turn.unless_stopped(asyncio.sleep(seconds))
    return True
