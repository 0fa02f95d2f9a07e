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
    r"^[\s#>*_(\-]{0,9}(?:(?:this|these|the|our)\s(?:\w+\s){1,4}?(?:is|are|takes|comes|becomes?|applies|apply)\s"
    r"(?:into\s)?)?(?:effective(?:\s+(?:date|from|as of|on|since))?|in force (?:from|since)|applies from|apply from)\b"
    r"[\s:：*_]*(?P<en>.{6,30})"
    r"|^[\s#>*_(\[\-]{0,9}(?:(?:이|본) \S{2,12}[은는이] )?(?:시행일자?|적용일자?|개정일자?)[\s:：\])*_]*(?P<ko>.{6,30})"
    r"|^[\s#>*_(\[\-]{0,9}(?:이|본) \S{2,12}[은는] (?P<ko2>\d{4}.{6,24}?)부터 (?:시행|적용)",
    re.IGNORECASE | re.MULTILINE,
)
_LOOKED_AT = 200_000


def day_in(text: str) -> date | None:
    """Return the day that a text begins with, in any usual shape, or None."""
    for shape in _SHAPES:
        found = shape.match(text.strip())
        if found:
            return _day(found["year"], found["month"], found["day"])
    return None


def effective_day(text: str, told: Iterable[str], today: date) -> date | None:
    """Return the day a text names as its own first day, else the first day among what its file tells of it, or None.

    A file cannot have been changed in the future, so a later day that it tells is another's, such as an event's.
    """
    said = (found["en"] or found["ko"] or found["ko2"] for found in _EFFECTIVE.finditer(text[:_LOOKED_AT]))
    of_text = (day for day in map(day_in, said) if day is not None)
    of_file = (day for day in map(day_in, told) if day is not None and day <= today)
    return next(of_text, None) or next(of_file, None)


def _day(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    try:
        return datetime(int(year), number, int(day)).date()  # noqa: DTZ001 - a day has no time zone
    except ValueError:
        return None
