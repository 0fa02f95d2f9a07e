"""What code finds in a text: dates, amounts, periods, shares and obligations, each with its place."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

NUMBER = r"(?P<n>\d{1,3}(?:,\d{3})++(?:\.\d{1,4})?|\d{1,9}(?:\.\d{1,4})?)"
PLAIN = r"(?:\d{1,3}(?:,\d{3})++(?:\.\d{1,4})?|\d{1,9}(?:\.\d{1,4})?)"
SPELT: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        ("one 한 하루", "two 두 이틀", "three 세 사흘", "four 네", "five 다섯", "six 여섯", "seven 일곱", "eight 여덟"),
        start=1,
    )
    for name in names.split()
} | {"ten": 10, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90}
UNITS: Mapping[str, tuple[str, float]] = {
    "minute": ("hours", 1 / 60),
    "hour": ("hours", 1),
    "business day": ("days", 1),
    "working day": ("days", 1),
    "day": ("days", 1),
    "week": ("days", 7),
    "month": ("months", 1),
    "year": ("months", 12),
    "분": ("hours", 1 / 60),
    "시간": ("hours", 1),
    "영업일": ("days", 1),
    "일": ("days", 1),
    "주": ("days", 7),
    "개월": ("months", 1),
    "달": ("months", 1),
    "년": ("months", 12),
}
ENGLISH_PERIOD = re.compile(
    rf"\b(?:{NUMBER}|(?P<word>[a-z]{{3,8}}))[ -](?P<unit>minute|hour|business day|working day|day|week|month|year)s?\b",
    re.IGNORECASE,
)
KOREAN_UNIT = "(?P<unit>분|시간|영업일|개월|일|주|달|년)"
KOREAN_PERIOD = re.compile(rf"(?<![\d.,년월]){NUMBER}\s?{KOREAN_UNIT}(?!\d|\s?\d{{1,2}}월|원|문)")
RANGED = r"(?:to|-|–|~|에서) ?\d{1,4}[ -]?(?P<unit>days|business days|weeks|months|hours|일|영업일|주|개월|시간)"
RANGE = re.compile(rf"(?<![\d.,])(?P<n>\d{{1,4}})(?= ?{RANGED})")
AMOUNT = re.compile(
    rf"[$€£₩]\s?{PLAIN}|(?<![\d.,]){PLAIN}\s?(?:USD|EUR|GBP|KRW|dollars?|euros?|원|달러)(?![A-Za-z])", re.IGNORECASE
)
SHARE = re.compile(rf"(?<![\d.,]){PLAIN}\s?(?:%|percent\b|per cent\b|퍼센트)", re.IGNORECASE)
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATES = (
    re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)"),
    re.compile(rf"\b\d{{1,2}} (?:{MONTHS})(?: \d{{4}})?\b|\b(?:{MONTHS}) \d{{1,2}}(?:, \d{{4}})?\b"),
    re.compile(r"(?<!\d)(?:\d{4}년\s?)?\d{1,2}월\s?\d{1,2}일"),
)
OBLIGES = re.compile(
    r"\b(?:must|shall|has to|have to|is required|are required|is obliged|are obliged|may not|cannot|is entitled|"
    r"are entitled|undertakes?|agrees? to)\b|해야|하여야|의무|금지|할 수 없|준수|보장합니다|책임",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Quantity:
    """A figure in a text: its kind (days, months, hours, money, percent), value, and characters from and to."""

    kind: str
    value: float
    start: int
    end: int


def quantities(text: str) -> Iterator[Quantity]:
    """Yield every period, amount and share of a text; the days and years of a date are none."""
    days = list(dates(text))
    for one in _quantities(text):
        if not any(start <= one.start < end for start, end in days):
            yield one


def _quantities(text: str) -> Iterator[Quantity]:
    for pattern in (ENGLISH_PERIOD, KOREAN_PERIOD, RANGE):
        for found in pattern.finditer(text):
            value = _value(found)
            unit = found["unit"].lower()
            if value is not None:
                kind, times = UNITS[unit if unit in UNITS else unit.removesuffix("s")]
                yield Quantity(kind, round(value * times, 4), *found.span())
    for kind, pattern in (("money", AMOUNT), ("percent", SHARE)):
        for found in pattern.finditer(text):
            digits = next(iter(re.findall(r"\d[\d,]*+(?:\.\d++)?", found[0])))
            yield Quantity(kind, float(digits.replace(",", "")), *found.span())


def _value(found: re.Match[str]) -> float | None:
    if found["n"]:
        return float(found["n"].replace(",", ""))
    word = found.groupdict().get("word")
    return None if word is None or word.lower() not in SPELT else float(SPELT[word.lower()])


def dates(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a text names a day, from and to."""
    for pattern in DATES:
        yield from (found.span() for found in pattern.finditer(text))


def obliges(sentence: str) -> bool:
    """Whether a sentence says what somebody must, may not, or is entitled to."""
    return bool(OBLIGES.search(sentence))
