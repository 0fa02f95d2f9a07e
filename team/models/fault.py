"""What can go wrong with one model call, and what can be done about it."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import httpx2
from autogen_core.models import CreateResult, RequestUsage
from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError, OpenAIError

from storage.reasons import Code, Reason

PAUSE_S = 0.3
"""Pause before retrying a server that just failed."""

MARGIN_S = 0.05
MOST_RESTED_S = 300.0
"""The longest Retry-After that is honoured."""

TOO_MANY_REQUESTS, SERVER_ERROR, BAD_REQUESTS = 429, 500, frozenset({400, 413, 422})

T = TypeVar("T")


class UnreadableReplyError(Exception):
    """The model server's answer does not have the shape its API promises."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(str(reason))


MODEL_ERRORS = (OpenAIError, httpx2.HTTPError, TimeoutError, UnreadableReplyError)
"""The exceptions of a failed call. Anything else is our own bug, not the model's fault."""


@dataclass(frozen=True)
class Fault:
    """One failed call.

    `again`: retrying the same endpoint may help, after `wait_s`. `nudge`: what to tell the model then. `counts`: the
    endpoint's circuit breaker counts it. `rest_s`: for how long the endpoint asked to be left alone. `strange`: the
    reply's
    shape was unexpected. `usage`: the tokens it cost anyway.
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
    """The model answered with a line that cannot be used; `line` is that line."""

    def __init__(self, reason: Reason, nudge: str, line: CreateResult) -> None:
        self.reason = reason
        self.nudge = nudge
        self.line = line
        super().__init__(str(reason))


class NobodyAnswersError(Exception):
    """No endpoint that may serve a role gave a usable answer.

    `line` is the last unusable one, if any; `asked` is whether any endpoint was asked at all.
    """

    def __init__(self, role: str, reason: Reason, line: CreateResult | None, *, asked: bool = False) -> None:
        self.reason = reason
        self.line = line
        self.asked = asked
        super().__init__(f"No model answers for {role}: {reason}")


def fault_of(error: Exception) -> Fault:
    """Classify an error of a call."""
    match error:
        case UnusableReplyError():
            return Fault(error.reason, again=True, nudge=error.nudge, counts=False, usage=error.line.usage)
        case APITimeoutError() | TimeoutError() | httpx2.TimeoutException():
            # A server that is slow now will be slow in a moment, and the customer has already waited.
            return Fault(Reason(Code.LATE), again=False)
        case APIStatusError():
            return _refused(error.status_code, error.response.headers.get("retry-after", ""))
        case APIConnectionError() | httpx2.HTTPError():
            return Fault(Reason(Code.AWAY), again=True, wait_s=PAUSE_S)
        case UnreadableReplyError():
            return Fault(error.reason, again=True, strange=True)
        case APIError():
            # The error arrived in the middle of a stream that had started well.
            return Fault(Reason(Code.UNREADABLE, {"error": "APIError"}), again=True, wait_s=PAUSE_S)
    raise error


@contextmanager
def parsing() -> Iterator[None]:
    """Wrap a client's handling of a reply: clients assume its fields are there, and fail in many ways if they are not.

    Raises:
        UnreadableReplyError: the reply does not have the expected shape.
    """
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise UnreadableReplyError(Reason(Code.UNREADABLE, {"error": type(error).__name__})) from error


async def parsed(reply: AsyncGenerator[T, None]) -> AsyncIterator[T]:
    """Yield the pieces of a reply; only errors of its client count as unreadable, not those of whoever uses the pieces.

    Raises:
        UnreadableReplyError: the reply does not have the shape its client expects.
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
        # The header is missing or a date: most servers mean about a second.
        return 1.0
