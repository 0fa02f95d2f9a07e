"""What a question says, as far as code can read it: values, kinds of figure, numbers, periods."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

WORDS: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august"),
            *("sep sept september", "oct october", "nov november", "dec december"),
        ),
        start=1,
    )
    for name in names.split()
}
NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*+(?:\.\d++)?(?![\d-])")
PIECES = re.compile(r"(?<![\w.,-])(\d[\d,]{0,12})\s?(?:items?\b|pieces\b|products\b|개)")
ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})(?:-(\d{2}))?(?!\d)")
KOREAN = re.compile(r"(?:(\d{4})\s?년\s?)?(?<!\d)(\d{1,2})\s?월(?!간)(?:\s?(\d{1,2})\s?일)?")
ENGLISH = re.compile(r"\b([a-z]{3,9})\b\.?(?:\s(\d{4})\b)?")
YEAR = re.compile(r"(?<![\d-])(20\d\d)(?:\s?년|(?![\d-]))")
LAST_DAYS = re.compile(r"\b(?:last|past)\s(\d{1,3})\sdays\b|최근\s?(\d{1,3})\s?일")
SPELT = {
    name: number
    for number, names in enumerate(("one 한", "two 두", "three 세", "four 네", "five 다섯", "six 여섯"), start=1)
    for name in names.split()
}
DECEMBER = 12
COUNTED = WORDS["counted"]
NO_NAMES: Mapping[str, frozenset[str]] = {}


@dataclass(frozen=True)
class Period:
    """Days that a question names: the first, and the first after it."""

    first: date
    after: date


@dataclass(frozen=True)
class Asked:
    """A question, read by code."""

    text: str
    values: Sequence[tuple[str, Sequence[str]]]
    """Each word that names values, and the values it may name."""
    optional: frozenset[str]
    kinds: frozenset[str]
    compares: frozenset[str]
    tables: Sequence[str]
    measures: Sequence[str]
    numbers: frozenset[float]
    periods: Sequence[Period]
    counted: frozenset[str]
    """What is to be counted: tables, or `customers`."""
    limits: frozenset[tuple[str, float]]
    """Numbers with how things are compared with them, such as `GTE` and 3."""
    pieces: frozenset[float]
    """Numbers that are of items, not of money."""
    negated: frozenset[str]
    """Words of `values` that are what is not asked for."""
    groups: frozenset[str]
    """Columns that the question may want its figures for each value of."""
    columns: Mapping[str, frozenset[str]]
    """The columns that each name of the shop's own stands in."""

    def says(self, literal: str) -> bool:
        """Whether the question names this value, as the shop writes it."""
        return any(literal in values for _, values in self.values)

    def says_id(self, literal: str) -> bool:
        """Whether the question names this id."""
        return bool(re.search(rf"(?<![\w#]){re.escape(literal.casefold())}(?!\w)", self.text))


def asked(question: str, today: date, names: Mapping[str, frozenset[str]] = NO_NAMES) -> Asked:
    """Read a question.

    Args:
        question: in a person's words.
        today: what "this month" is counted from.
        names: names of the shop's own, such as products, that occur in it, and the columns they stand in.
    """
    whole = " ".join(question.casefold().split())
    text, named = _without(whole, names)
    periods, rest = _periods(text, today)
    values = [*((name.casefold(), [name]) for name in named), *_values(text)]
    compared = text
    for word in (word for words in WORDS["compares"].values() for word in words):
        compared = _pattern(word).sub(" ", compared)
    kinds = frozenset(_said(compared, WORDS["kinds"]))
    numbers = {float(found[0].replace(",", "")) for found in NUMBER.finditer(rest)}
    numbers |= {float(number) for word, number in SPELT.items() if re.search(rf"(?<!\w){word}(?=\s)", rest)}
    return Asked(
        text=whole,
        values=values,
        optional=frozenset(WORDS["optional"]["words"]),
        kinds=kinds,
        compares=frozenset(_said(text, WORDS["compares"])),
        tables=list(_said(text, WORDS["tables"])),
        measures=list(_said(text, WORDS["measures"])),
        numbers=frozenset(numbers),
        periods=periods,
        counted=frozenset(_counted(text)) if "count" in kinds else frozenset(),
        limits=frozenset(_limits(rest)),
        pieces=frozenset(float(found[1].replace(",", "")) for found in PIECES.finditer(rest)),
        negated=frozenset(_negated(whole, [word for word, _ in values])),
        groups=frozenset(_said(text, WORDS["groups"])),
        columns={name: names[name] for name in named},
    )


def _without(text: str, names: Iterable[str]) -> tuple[str, list[str]]:
    """Return a text without the names in it, and the names; one within a longer one is none of its own."""
    found = []
    for name in sorted(names, key=len, reverse=True):
        if name.casefold() in text:
            text = text.replace(name.casefold(), " , ")
            found.append(name)
    return text, found


def _places(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    return sorted({found.span() for word in words for found in _pattern(word).finditer(text)})


def _counted(text: str) -> Iterable[str]:
    """Yield what is counted: the noun after "how many", the one before its Korean word."""
    nouns = {**WORDS["tables"], **{name: [*words, *WORDS["tables"].get(name, ())] for name, words in COUNTED.items()}}
    places = sorted((start, end, name) for name, words in nouns.items() for start, end in _places(text, words))
    for start, end in _places(text, WORDS["kinds"]["count"]):
        before = [one for one in places if one[1] <= start + 1]
        after = [one for one in places if one[0] >= end]
        if not text[start:end].isascii() and before:
            yield from (name for first, _, name in before if first == before[-1][0])
        elif after:
            # Of "payment tickets", tickets are counted.
            last = after[0]
            for one in after[1:]:
                last = one if one[0] <= last[1] + 1 else last
            yield from (name for first, _, name in after if first == last[0])


def _limits(text: str) -> Iterable[tuple[str, float]]:
    """Yield each number with its comparison: the first number after "more than", the last one before "or more"."""
    numbers = [(*found.span(), float(found[0].replace(",", ""))) for found in NUMBER.finditer(text)]
    for how, words in WORDS["compares"].items():
        for start, end in _places(text, words):
            is_after = not text[start:end].isascii() or text[start:end].startswith("or ")
            near = [one for one in numbers if one[1] <= start] if is_after else [o for o in numbers if o[0] >= end]
            if near:
                yield how, near[-1 if is_after else 0][2]
    if len(numbers) == len(("low", "high")) and re.search(r"\bbetween\b|사이", text):
        low, high = sorted(one[2] for one in numbers)
        yield from (("GTE", low), ("LTE", high))


def _negated(text: str, words: Sequence[str]) -> Iterable[str]:
    """Yield the word that each "not" is about: the next value after it, or the last one before a Korean one."""
    values = sorted((*place, word) for word in words for place in _places(text, [word]))
    for start, end in _places(text, WORDS["kinds"]["not"]):
        is_korean = not text[start:end].isascii()
        within = [one for one in values if one[0] <= start < one[1] or start <= one[0] < end]
        near = [one for one in values if one[0] < start] if is_korean else [one for one in values if one[0] >= end]
        chosen = within[-1:] or (near[-1:] if is_korean else near[:1])
        yield from (one[2] for one in chosen)


def _said(text: str, words: Mapping[str, Sequence[str]]) -> Iterable[str]:
    return (name for name, known in words.items() if any(_is_in(word, text) for word in known))


@cache
def _pattern(word: str) -> re.Pattern[str]:
    # A Korean word goes on with its particles, and one written "~word" ends another; an English one stands alone.
    begins, ends = ("" if word.startswith("~") else r"(?<!\w)"), (r"(?!\w)" if word.isascii() else "")
    return re.compile(f"{begins}{re.escape(word.removeprefix('~'))}{ends}")


def _is_in(word: str, text: str) -> bool:
    return bool(_pattern(word).search(text))


def _values(text: str) -> Iterable[tuple[str, Sequence[str]]]:
    """Yield the words that name values, the longest first: "return requested" is not also "return"."""
    named: dict[str, list[str]] = {}
    for value, words in WORDS["values"].items():
        for word in words:
            named.setdefault(word, []).append(value)
    for word in sorted(named, key=len, reverse=True):
        if _is_in(word, text):
            yield word, named[word]
            text = _pattern(word).sub(" ", text)


def _periods(text: str, today: date) -> tuple[list[Period], str]:
    """Return the periods a text names, and the text without them."""
    found = list(_relative(text, today))
    for pattern, read in ((LAST_DAYS, _last_days), (ISO, _numbered), (KOREAN, _numbered), (ENGLISH, _month_named)):
        for match in list(pattern.finditer(text)):
            period = read(match, today)
            if period is not None:
                found.append(period)
                text = text.replace(match[0], " ", 1)
    for match in list(YEAR.finditer(text)):
        year = int(match[1])
        found.append(Period(date(year, 1, 1), date(year + 1, 1, 1)))
        text = text.replace(match[0], " ", 1)
    return found, text


def _last_days(match: re.Match[str], today: date) -> Period:
    return Period(today - timedelta(days=int(match[1] or match[2])), today + timedelta(days=1))


def _numbered(match: re.Match[str], today: date) -> Period | None:
    year, month, day = int(match[1] or today.year), int(match[2]), match[3]
    try:
        return _month(year, month) if day is None else _day(date(year, month, int(day)))
    except ValueError:
        return None


def _month_named(match: re.Match[str], today: date) -> Period | None:
    month = MONTHS.get(match[1])
    # "may" is a verb where no year follows.
    if month is None or (match[1] == "may" and match[2] is None):
        return None
    return _month(int(match[2] or today.year), month)


def _month(year: int, month: int) -> Period:
    after = date(year + 1, 1, 1) if month == DECEMBER else date(year, month + 1, 1)
    return Period(date(year, month, 1), after)


def _day(day: date) -> Period:
    return Period(day, day + timedelta(days=1))


def _relative(text: str, today: date) -> Iterable[Period]:
    begins = today.replace(day=1)
    monday = today - timedelta(days=today.weekday())
    last = (begins - timedelta(days=1)).replace(day=1)
    named = {
        ("today", "오늘"): _day(today),
        ("yesterday", "어제"): _day(today - timedelta(days=1)),
        ("this week", "이번 주"): Period(monday, monday + timedelta(days=7)),
        ("last week", "지난주", "지난 주"): Period(monday - timedelta(days=7), monday),
        ("this month", "이번 달", "이달"): _month(begins.year, begins.month),
        ("last month", "지난달", "지난 달"): _month(last.year, last.month),
        ("this year", "올해"): Period(date(today.year, 1, 1), date(today.year + 1, 1, 1)),
        ("last year", "작년"): Period(date(today.year - 1, 1, 1), date(today.year, 1, 1)),
    }
    return (period for words, period in named.items() if any(_is_in(word, text) for word in words))
