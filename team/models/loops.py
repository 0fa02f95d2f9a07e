"""Detects a reply that repeats itself: the same token, phrase, line or sentence over and over.

Quoting somebody who writes like that, such as a customer, is allowed. `told` is everything the model was given to read
and did not write itself: a repetition found there is a quotation.
"""

import json
import re
import unicodedata
from collections import Counter

from autogen_core.models import CreateResult, RequestUsage

from storage.reasons import Code, Reason
from team.models.fault import UnusableReplyError
from team.words.sentences import sentences

TIMES = 5
CHARS = 120
"""The same piece this many times, and over this many characters, can no longer be a list of a customer's orders."""

LOOKED_AT = 4_000
"""How many characters at the end of a reply are searched: enough to catch a repeated paragraph."""

ANCHOR = 16
TRIED = 6
"""How many earlier occurrences of the last characters are tried as the start of the previous repetition."""

LOOPED = re.compile(r"(.{4,60}?)\1{5,}|(\S)\2{40,}", re.DOTALL)
"""Shorter repetitions count in a complete text, since it will not be checked again."""

REPEATS, REPEATED_CHARS = 3, 20
"""A sentence of at least this many characters may occur less often than this, anywhere in a text."""

BRACKETS = "()[]"
"""A word quoted in brackets, such as the status behind each ticket of a list, is a quotation too."""

REPEATED = "Your last reply repeated itself. Answer in one or two short sentences, and say each thing once."


class RepeatsError(UnusableReplyError):
    """The reply repeated itself and was abandoned. Nothing of it is kept."""

    def __init__(self) -> None:
        nothing = CreateResult(finish_reason="unknown", content="", usage=RequestUsage(0, 0), cached=False)
        super().__init__(Reason(Code.REPEATS), REPEATED, nothing)


class Told:
    """What the model was given to read, in the forms it may be quoted: plain, or inside a call's JSON arguments."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._forms: tuple[str, ...] = ()

    def holds(self, stretch: str, times: int = 1) -> bool:
        """Whether this text occurs at least so many times."""
        if not self._forms:
            in_json = (json.dumps(self._text, ensure_ascii=ascii_only)[1:-1] for ascii_only in (False, True))
            self._forms = tuple(map(_plain, (self._text, *in_json)))
        wanted = _plain(stretch)
        return any(form.count(wanted) >= times for form in self._forms)


NOTHING = Told("")


def repeats(written: str, told: Told = NOTHING) -> bool:
    """Whether a text still being written ends with the same piece over and over, and that is not a quotation."""
    period = _period(written[-LOOKED_AT:])
    if not period:
        return False
    begin = len(written) - TIMES * period
    while begin > 0 and written[begin - 1] == written[begin - 1 + period]:
        begin -= 1
    # The text before a quotation may happen to look like the end of one more repetition.
    return not told.holds(written[begin + period :])


def loops(text: str, told: Told = NOTHING) -> bool:
    """Whether a complete text repeats itself anywhere, and that is not a quotation."""
    for found in LOOPED.finditer(text):
        # As above: the match may start before the quotation.
        if not told.holds(found[0][len(found[1] or found[2]) :]):
            return True
    said = Counter(one.strip() for one in sentences(text) if len(one.strip()) >= REPEATED_CHARS)
    return any(times >= REPEATS and not told.holds(one.strip(BRACKETS), times) for one, times in said.items())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()


def _period(end: str) -> int:
    """Return the length of the piece that a text ends with over and over; 0 if there is none."""
    anchor = end[-ANCHOR:]
    at = len(end) - ANCHOR
    for _ in range(TRIED):
        before = end.rfind(anchor, 0, at + ANCHOR - 1)
        if before < 0:
            return 0
        if _is_periodic(end, len(end) - ANCHOR - before):
            return len(end) - ANCHOR - before
        at = before
    return 0


def _is_periodic(text: str, period: int) -> bool:
    span = max(TIMES * period, CHARS)
    return span <= len(text) and text[-span:-period] == text[-(span - period) :]
