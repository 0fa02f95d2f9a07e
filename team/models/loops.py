"""A reply that repeats itself: the same token, phrase or line, on and on."""

from autogen_core.models import CreateResult, RequestUsage

from storage.reasons import Code, Reason
from team.models.fault import UnusableReplyError

TIMES = 5
CHARS = 120
"""The same again so many times, and over so many characters, is no list of a customer's orders any more."""

LOOKED_AT = 4_000
"""Characters at the end of a reply in which it is looked for: a whole paragraph that comes again is found."""

ANCHOR = 16
TRIED = 6
"""So many earlier places of the last characters are tried as the last repetition."""

REPEATED = "Your last reply repeated itself. Answer in one or two short sentences, and say each thing once."


class RepeatsError(UnusableReplyError):
    """A reply repeated itself, and was not waited for any longer. Nothing of it is kept."""

    def __init__(self) -> None:
        nothing = CreateResult(finish_reason="unknown", content="", usage=RequestUsage(0, 0), cached=False)
        super().__init__(Reason(Code.REPEATS), REPEATED, nothing)


def repeats(written: str) -> bool:
    """Whether a text ends with the same piece again and again."""
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
