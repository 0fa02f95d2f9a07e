"""What can go wrong with one call of a model, and what helps against it."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import httpx2
from autogen_core.models import CreateResult, RequestUsage
from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError, OpenAIError

from storage.reasons import Code, Reason

PAUSE_S = 0.3
"""Before a server that just failed is asked once more."""

MARGIN_S = 0.05
MOST_RESTED_S = 300.0
"""The longest a Retry-After is believed."""

TOO_MANY_REQUESTS, SERVER_ERROR, BAD_REQUESTS = 429, 500, frozenset({400, 413, 422})

T = TypeVar("T")


class UnreadableReplyError(Exception):
    """The model server answered with something of another shape than its API has."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(str(reason))


MODEL_ERRORS = (OpenAIError, httpx2.HTTPError, TimeoutError, UnreadableReplyError)
"""How a failed call shows. Anything else that is raised is a bug of ours, and no model's fault."""


@dataclass(frozen=True)
class Fault:
    """One failed call.

    `again`: asking the same endpoint once more may help, after `wait_s`. `nudge`: what the model is told then.
    `counts`: the endpoint's breaker counts it. `rest_s`: the endpoint asked to be left alone for so long.
    `strange`: the reply had a shape that no client expects. `usage`: the tokens it cost nevertheless.
    """

    reason: Reason
    again: bool
    wait_s: float = 0.0
    nudge: str = ""
    counts: bool = True
    rest_s: float = 0.0
    strange: bool = False
    usage: RequestUsage = field(default_factory=lambda: RequestUsage(0, 0))


class UnusableReplyError(Exception):
    """The model answered, with a line that nobody can use; `line` is that line."""

    def __init__(self, reason: Reason, nudge: str, line: CreateResult) -> None:
        self.reason = reason
        self.nudge = nudge
        self.line = line
        super().__init__(str(reason))


class NobodyAnswersError(Exception):
    """No endpoint that may serve a role gave an answer.

    `line` is the last one that could not be used, if any, and `asked` whether any endpoint was asked at all.
    """

    def __init__(self, role: str, reason: Reason, line: CreateResult | None, *, asked: bool = False) -> None:
        self.reason = reason
        self.line = line
        self.asked = asked
        super().__init__(f"No model answers for {role}: {reason}")


def fault_of(error: Exception) -> Fault:
    """Return what an error of a call means."""
    match error:
        case UnusableReplyError():
            return Fault(error.reason, again=True, nudge=error.nudge, counts=False, usage=error.line.usage)
        case APITimeoutError() | TimeoutError() | httpx2.TimeoutException():
            # Whoever is slow now is slow a moment later, and the customer has waited already.
            return Fault(Reason(Code.LATE), again=False)
        case APIStatusError():
            return _refused(error.status_code, error.response.headers.get("retry-after", ""))
        case APIConnectionError() | httpx2.HTTPError():
            return Fault(Reason(Code.AWAY), again=True, wait_s=PAUSE_S)
        case UnreadableReplyError():
            return Fault(error.reason, again=True, strange=True)
        case APIError():
            # It is told in the middle of a stream that began well.
            return Fault(Reason(Code.UNREADABLE, {"error": "APIError"}), again=True, wait_s=PAUSE_S)
    raise error


@contextmanager
def parsing() -> Iterator[None]:
    """Around what the clients do with a reply: they take its fields for granted, and fail on others in many ways.

    Raises:
        UnreadableReplyError: the reply has another shape than they expect.
    """
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise UnreadableReplyError(Reason(Code.UNREADABLE, {"error": type(error).__name__})) from error


async def parsed(reply: AsyncGenerator[T, None]) -> AsyncIterator[T]:
    """Yield the pieces of a reply; only what its client does is a reading of it, not what is done with the pieces.

    Raises:
        UnreadableReplyError: the reply has another shape than its client expects.
    """
    while True:
        with parsing():
            try:
                piece = await anext(reply)
            except StopAsyncIteration:
                return
        yield piece


def _refused(status: int, retry_after: str) -> Fault:
    if status == TOO_MANY_REQUESTS or (status >= SERVER_ERROR and retry_after):
        seconds = _seconds(retry_after)
        reason = Reason(Code.STATUS_AGAIN, {"status": status, "seconds": round(seconds, 3)})
        return Fault(reason, again=True, wait_s=seconds + MARGIN_S, counts=False, rest_s=seconds)
    reason = Reason(Code.STATUS, {"status": status})
    if status >= SERVER_ERROR:
        return Fault(reason, again=True, wait_s=PAUSE_S)
    return Fault(reason, again=False, counts=status not in BAD_REQUESTS)


def _seconds(retry_after: str) -> float:
    try:
        return min(max(float(retry_after), PAUSE_S), MOST_RESTED_S)
    except ValueError:
        # It is missing, or a date: a second is what most servers mean.
        return 1.0
