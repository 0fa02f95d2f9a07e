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
    r"\b(?:effective(?:\s+(?:date|from|as of|on|since))?|in force (?:from|since))\b[\s:：]*(?P<en>.{6,30})"
    r"|(?:시행일자?|적용일자?|개정일자?)[\s:：]*(?P<ko>.{6,30})",
    re.IGNORECASE,
)
_LOOKED_AT = 200_000


def day_in(text: str) -> date | None:
    """Return the day that a text begins with, in any usual shape, or None."""
    for shape in _SHAPES:
        found = shape.match(text.strip())
        if found:
            return _day(found["year"], found["month"], found["day"])
    return None


def effective_day(text: str, told: Iterable[str]) -> date | None:
    """Return the day a text names as its first, else the first day among what its file tells of it, or None."""
    said = (found["en"] or found["ko"] for found in _EFFECTIVE.finditer(text[:_LOOKED_AT]))
    days = (day_in(each) for each in (*said, *told))
    return next((day for day in days if day is not None), None)


def _day(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    try:
        return datetime(int(year), number, int(day)).date()  # noqa: DTZ001 - a day has no time zone
    except ValueError:
        return None
