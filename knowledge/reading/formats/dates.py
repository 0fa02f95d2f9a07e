"""The day from which a document says that it holds."""

import re
from collections.abc import Iterable
from datetime import date, datetime

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>(?:{'|'.join(_MONTHS)})[a-z]{{0,6}})\.?"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        r"(?P<year>\d{4})\s*[-./년]\s*(?P<month>\d{1,2})\s*[-./월]\s*(?P<day>\d{1,2})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?P<year>\d{{4}})",
        rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
    )
)
_EFFECTIVE = re.compile(
    r"(?:^[\s#>*_(\[-]{0,9}|(?<=[.!?。]\s))"
    r"(?:(?P<own>(?:this|these|the|our)\s(?:\w+\s){1,4}?(?:is|are|takes|comes|becomes?)\s(?:into\s)?)?"
    r"(?:effective"
    r"(?P<label>\s+date)?(?:\s+(?:from|as of|on|since))?|in force (?:from|since))\b[\s:：*_]*(?P<en>.{6,40})"
    r"|(?:시행일자?|적용일자?|개정일자?)[\s:：\])*_]*(?P<ko>.{6,30})"
    r"|(?:이|본) \S{2,12} (?P<from>\d{4}.{6,24}?)부터 (?:시행|적용))",
    re.IGNORECASE | re.MULTILINE,
)
"""Where a text says of itself, and not of something in it, from which day on it holds."""
_GOES_ON = re.compile(r"\s*(?:,|[a-z])", re.IGNORECASE)
_LOOKED_AT = 200_000


def day_in(text: str) -> date | None:
    """Return the day that a text begins with, in any usual shape, or None."""
    return _day_and_rest(text)[0]


def effective_day(text: str, told: Iterable[str], today: date) -> date | None:
    """Return the day a text names as its own first day, else the first day among what its file tells of it, or None.

    A file cannot have been changed in the future, so a later day that it tells is another's, such as an event's.
    """
    of_text = (day for day in map(_own_day, _EFFECTIVE.finditer(text[:_LOOKED_AT])) if day is not None)
    of_file = (day for day in map(day_in, told) if day is not None and day <= today)
    return next(of_text, None) or next(of_file, None)


def _own_day(found: re.Match[str]) -> date | None:
    day, rest = _day_and_rest(found["en"] or found["ko"] or found["from"])
    # "Effective from 1 March, parcels to Iceland cost more" says it of the parcels.
    of_something = bool(found["en"]) and not (found["own"] or found["label"]) and bool(_GOES_ON.match(rest))
    return None if of_something else day


def _day_and_rest(text: str) -> tuple[date | None, str]:
    text = text.strip()
    for shape in _SHAPES:
        found = shape.match(text)
        if found:
            return _day(found["year"], found["month"], found["day"]), text[found.end() :]
    return None, text


def _day(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    try:
        return datetime(int(year), number, int(day)).date()  # noqa: DTZ001 - a day has no time zone
    except ValueError:
        return None
