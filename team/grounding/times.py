"""Dates, days of the week, times of day and durations, read from English and Korean."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from team.grounding.numbers import BETWEEN, FLAGS, NUMBER, plain, value

Found = Iterator[tuple[str, str]]
"""Kind and value of each figure in a match."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|(?-i:May)|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS_KO = "월화수목금토일"

SECONDS = {
    "second": 1,
    "초": 1,
    "minute": 60,
    "분": 60,
    "hour": 3_600,
    "시간": 3_600,
    "day": 86_400,
    "일": 86_400,
    "week": 604_800,
    "주일": 604_800,
    "주": 604_800,
}
MONTHS_IN = {"month": 1, "개월": 1, "달": 1, "year": 12, "년": 12, "해": 12}
NAMED_DAYS = {
    "하루": 1,
    "이틀": 2,
    "사흘": 3,
    "나흘": 4,
    "닷새": 5,
    "엿새": 6,
    "일주일": 7,
    "열흘": 10,
    "보름": 15,
}
RELATIVE = {"tomorrow": 1, "yesterday": -1, "내일": 1, "모레": 2, "어제": -1, "그저께": -2}
SOUNDS = ("day", "within", "tomorrow", "요일", *list(RELATIVE)[2:], *NAMED_DAYS)
"""Every time expression without a number contains one of these."""

ISO = re.compile(r"\b(\d{4})(?:[-/]|\.\s?)(\d{1,2})(?:[-/]|\.\s?)(\d{1,2})(?:[T ](\d{1,2}):(\d{2})\S*)?", FLAGS)
SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b", FLAGS)
MONTH_FIRST = re.compile(rf"\b({MONTH})\s+{DAY}\b(?!:)(?:,?\s+(\d{{4}})\b)?", FLAGS)
DAY_FIRST = re.compile(rf"\b{DAY}\s+(?:of\s+)?({MONTH})(?![a-z])(?:,?\s+(\d{{4}})\b)?", FLAGS)
KOREAN_DATE = re.compile(r"(?:(\d{4})년\s*)?(\d{1,2})월\s*(\d{1,2})일", FLAGS)
MONTH_OF_YEAR = re.compile(rf"\b({MONTH})\s+(\d{{4}})\b|(\d{{4}})년\s*(\d{{1,2}})월", FLAGS)
WEEKDAY = re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b|([월화수목금토일])요일", FLAGS)
COMING = re.compile(
    r"\b(?:next|this|coming) (?:week )?(?:on )?(mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|(?:다음 ?주|이번 ?주|돌아오는) ?([월화수목금토일])요일",
    FLAGS,
)
"""A day of this week or the next."""
CLOCK = re.compile(
    r"\b(\d{1,2}):(\d{2})(?:\s*([ap])\.?m\b\.?)?|\b(\d{1,2})\s*([ap])\.?m\b\.?"
    r"|(오전|오후)\s*(\d{1,2})시(?:\s*(\d{1,2})분)?|(?<!\d)(\d{1,2})시(?!간)(?:\s*(\d{1,2})분)?",
    FLAGS,
)
DURATION = re.compile(
    rf"({NUMBER})(?:{BETWEEN}({NUMBER}))?(?:[\s-]*(?:full|business|working|calendar|영업))?"
    r"[\s-]*(?:(second|minute|hour|day|week|month|year)s?\b|(초|분|시간|일|주일|주(?![문소말의])|개월|달(?!러)|년|해(?=\s|$|입니다|예요|이에요|동안|까지|간)))",
    FLAGS,
)
WITHIN = re.compile(r"\bwithin (?:the|an?)(?: next)? (minute|hour|day|week|month|year)\b", FLAGS)
NAMED = re.compile(
    rf"(?<!좋은 )(?<!즐거운 )(?<!행복한 )(?<!편안한 )(?<![가-힣])({'|'.join(NAMED_DAYS)})(?![가-힣]{{0,2}} 되)"
)
SOON = re.compile(r"\b(?:tomorrow|yesterday)\b|(?<![가-힣])(?:내일|모레|어제|그저께)(?=[\s,.까에은는도]|$)", FLAGS)


def day_of(year: str | None, month: int | str, day: int | str) -> str:
    """Return a date in the form used for comparison: `2026-11-03`, or `11-03` without a year."""
    told = f"{int(month):02d}-{int(day):02d}"
    return f"{year}-{told}" if year else told


def _month(name: str) -> int:
    return MONTHS.index(name[:3].lower()) + 1


def _iso(found: re.Match[str]) -> Found:
    yield "date", day_of(found[1], found[2], found[3])
    if found[4]:
        yield "time", f"{int(found[4]):02d}:{found[5]}"


def _slashed(found: re.Match[str]) -> Found:
    # Which of the two is the month depends on the country, so a source may support either reading.
    yield "date", "|".join((day_of(found[3], found[1], found[2]), day_of(found[3], found[2], found[1])))


def _month_first(found: re.Match[str]) -> Found:
    yield "date", day_of(found[3], _month(found[1]), found[2])


def _day_first(found: re.Match[str]) -> Found:
    yield "date", day_of(found[3], _month(found[2]), found[1])


def _korean_date(found: re.Match[str]) -> Found:
    yield "date", day_of(found[1], found[2], found[3])


def _month_of_year(found: re.Match[str]) -> Found:
    yield "month", f"{found[2]}-{_month(found[1]):02d}" if found[1] else f"{found[3]}-{int(found[4]):02d}"


def _weekday(found: re.Match[str]) -> Found:
    yield "weekday", found[1][:3].lower() if found[1] else WEEKDAYS[WEEKDAYS_KO.index(found[2])]


def _coming(found: re.Match[str]) -> Found:
    for _, day in _weekday(found):
        yield "coming", day


def _clock(found: re.Match[str]) -> Found:
    hour, minute = int(found[1] or found[4] or found[7] or found[9]), int(found[2] or found[8] or found[10] or 0)
    afternoon = (found[3] or found[5] or "").lower() == "p" or found[6] == "오후"
    morning = (found[3] or found[5] or "").lower() == "a" or found[6] == "오전"
    yield "time", f"{hour % 12 + 12 if afternoon else hour % 12 if morning else hour:02d}:{minute:02d}"


def _duration(found: re.Match[str]) -> Found:
    unit = (found[3] or found[4]).lower()
    for number in filter(None, (found[1], found[2])):
        day_of_month = f"|day {plain(value(number))}" if unit == "일" else ""
        yield "duration", lasting(value(number), unit) + day_of_month


def _named(found: re.Match[str]) -> Found:
    yield "duration", lasting(Decimal(NAMED_DAYS[found[1]]), "day")


def _within(found: re.Match[str]) -> Found:
    yield "duration", lasting(Decimal(1), found[1].lower())


def _soon(found: re.Match[str]) -> Found:
    yield "relative", str(RELATIVE[found[0].lower()])


def lasting(number: Decimal, unit: str) -> str:
    """Return a duration in the form used for comparison: in seconds, or in months, whose length varies."""
    if unit in MONTHS_IN:
        return f"{plain(number * MONTHS_IN[unit])} months"
    return f"{plain(number * SECONDS[unit])} s"


TIMES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Found]], ...] = (
    (ISO, _iso),
    (SLASHED, _slashed),
    (MONTH_FIRST, _month_first),
    (DAY_FIRST, _day_first),
    (KOREAN_DATE, _korean_date),
    (MONTH_OF_YEAR, _month_of_year),
    (CLOCK, _clock),
    (DURATION, _duration),
    (WITHIN, _within),
    (NAMED, _named),
    (COMING, _coming),
    (WEEKDAY, _weekday),
    (SOON, _soon),
)
"""The patterns in order: text that one matches is hidden from those after it."""
