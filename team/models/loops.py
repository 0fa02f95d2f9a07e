"""Detects a reply that repeats itself: the same token, phrase or line over and over."""

from autogen_core.models import CreateResult, RequestUsage

from storage.reasons import Code, Reason
from team.models.fault import UnusableReplyError

TIMES = 5
CHARS = 120
"""The same piece this many times, and over this many characters, can no longer be a list of a customer's orders."""

LOOKED_AT = 4_000
"""How many characters at the end of a reply are searched: enough to catch a repeated paragraph."""

ANCHOR = 16
TRIED = 6
"""How many earlier occurrences of the last characters are tried as the start of the previous repetition."""

REPEATED = "Your last reply repeated itself. Answer in one or two short sentences, and say each thing once."


class RepeatsError(UnusableReplyError):
    """The reply repeated itself and was abandoned. Nothing of it is kept."""

    def __init__(self) -> None:
        nothing = CreateResult(finish_reason="unknown", content="", usage=RequestUsage(0, 0), cached=False)
        super().__init__(Reason(Code.REPEATS), REPEATED, nothing)


def repeats(written: str) -> bool:
    """Whether a text ends with the same piece repeated over and over."""
    end = written[-LOOKED_AT:]
    anchor = end[-ANCHOR:]
    at = len(end) - ANCHOR
    for _ in range(TRIED):
        before = end.rfind(anchor, 0, at + ANCHOR - 1)
        if before < 0:
            return False
        if _is_periodic(end, len(end) - ANCHOR - before):
            return True
        at = before
    return False


def _is_periodic(text: str, period: int) -> bool:
    span = max(TIMES * period, CHARS)
    return span <= len(text) and text[-span:-period] == text[-(span - period) :]
