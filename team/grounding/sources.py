"""What an answer may rely on: every figure that a tool, the customer or our own code has given so far."""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

from storage.shop.money import digits_of
from team.grounding.figures import NUMERAL, Figure, address, figures_in, identifier
from team.grounding.numbers import plain, value
from team.grounding.sums import adds_up
from team.grounding.times import WEEKDAYS, lasting

AMOUNTS = ("total", "price", "amount", "balance", "refund", "difference", "cost", "fee")
"""A field with one of these in its name holds an amount in minor units."""

UNITS = ("second", "minute", "hour", "day", "week", "month", "year")
RATES = ("percent", "rate")
FEWEST_DIGITS = 4
"""Digits a number needs to match the end of a longer one, or an order number without its letter."""

SOON = 14
"""Days of two weeks."""

WHOLE_DATE = re.compile(r"\d{4}-\d\d-\d\d")
ROWS = re.compile(r"(?m)^[ \t]*(?:[-*•]|\d{1,2}[.)])\s")


class Sources:
    """All figures given so far. `today` is the shop's date, which gives "tomorrow" and "3 days ago" their meaning."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._told: defaultdict[str, set[str]] = defaultdict(set)
        self.written = ""
        """Everything said so far, in upper case."""
        self.by_shop = ""
        """What tools and our own code said of it, as they wrote it."""
        self._told["date"].add(today.isoformat())

    def add_told(self, text: str) -> None:
        """Add a sentence of our own code's."""
        self.by_shop += f"\n{text}"
        self.add_text(text)

    def add_text(self, text: str) -> None:
        """Add the figures of a sentence."""
        for figure in figures_in(text):
            for one in figure.values:
                self._add(figure.kind, one)
            self._told["number"] |= {plain(value(one)) for one in NUMERAL.findall(figure.written)}
        self.written += f"\n{unicodedata.normalize('NFKC', text).upper()}"

    def add_result(self, text: str) -> None:
        """Add the figures of a tool's result: JSON field by field, or a sentence."""
        self.by_shop += f"\n{text}"
        try:
            found = json.loads(text)
        except ValueError:
            self.add_text(text)
        else:
            self._add_json(found, "", "")

    def missing(self, text: str) -> list[str]:
        """Return a text's figures that have no source, as written; the count of its own list items needs none."""
        rows = Figure("number", (str(len(ROWS.findall(text))),), "")
        figures = [one for one in figures_in(text) if (one.kind, one.values) != (rows.kind, rows.values)]
        untold = [one for one in figures if not self._holds(one)]
        named = [one for one in figures if one.kind == "money" and one not in untold]
        return list(dict.fromkeys(one.written for one in untold if not self._adds_up(one, named)))

    def names(self, given: str) -> bool:
        """Whether an id was mentioned; customers may write an order number without its letter, or with spaces."""
        digits = re.sub(r"\D", "", given)
        return self._stands(identifier(given)) or (len(digits) >= FEWEST_DIGITS and self._stands(digits))

    def tells(self, link: str) -> bool:
        """Whether somebody wrote this address of a link."""
        return bool(address(link)) and address(link) in self.written

    def _holds(self, figure: Figure) -> bool:
        told, said = self._told[figure.kind], figure.values[0]
        match figure.kind:
            case "date":
                found = any(_same_day(one, other) for one in figure.values for other in told)
            case "month":
                found = any(one.startswith(said) for one in told | self._told["date"])
            case "relative" | "coming":
                found = said in told or any(day.isoformat() in self._told["date"] for day in self._days_of(figure))
            case "money":
                found = not told.isdisjoint((said, f"{said.partition(' ')[0]} *"))
            case "identifier":
                found = said in told or self._stands(said)
            case "address" | "tag":
                found = said in self.written
            case "number":
                # It may be the end of a longer one, the way cards and parcels are quoted.
                end = len(said) >= FEWEST_DIGITS and re.search(rf"{said}(?!\d)", self.written)
                found = said in told or bool(end)
            case _:
                found = not told.isdisjoint(figure.values)
        return found

    def _days_of(self, figure: Figure) -> list[date]:
        """Return the days that "tomorrow", or "next Tuesday", may be."""
        said = figure.values[0]
        if figure.kind == "relative":
            return [self.today + timedelta(days=int(said))]
        days = [self.today + timedelta(days=ahead) for ahead in range(SOON)]
        return [day for day in days if WEEKDAYS[day.weekday()] == said]

    def _adds_up(self, figure: Figure, named: Sequence[Figure]) -> bool:
        """Whether an amount without a source can be calculated from amounts with one, in the same currency."""
        if figure.kind != "money":
            return False
        said, _, currency = figure.values[0].partition(" ")
        own = {currency, "*"}
        told = {_number(one) for one in self._told["money"] if _currency(one) in own}
        beside = [_number(one.values[0]) for one in named if _currency(one.values[0]) in own]
        return adds_up(Decimal(said), told, beside)

    def _stands(self, wanted: str) -> bool:
        """Whether an id occurs as a whole, however its characters are grouped."""
        grouped = r"[ _-]?".join(wanted)
        return re.search(rf"(?<![A-Z0-9]){grouped}(?![A-Z0-9])", self.written) is not None

    def _add(self, kind: str, said: str) -> None:
        self._told[kind].add(said)
        if kind == "relative":
            # Whoever says "yesterday" may be told its date.
            self._told["date"].add((self.today + timedelta(days=int(said))).isoformat())
        if kind == "date" and WHOLE_DATE.fullmatch(said):
            with suppress(ValueError):
                self._add_day(date.fromisoformat(said))

    def _add_day(self, day: date) -> None:
        """Accept a date's day of the week and its distance from today as well."""
        self._told["weekday"].add(WEEKDAYS[day.weekday()])
        self._told["duration"] |= {lasting(Decimal(abs((day - self.today).days)), "day"), f"day {day.day}"}

    def _add_json(self, found: object, name: str, currency: str) -> None:
        if isinstance(found, str):
            self.add_text(found)
        elif isinstance(found, Mapping):
            currency = str(found.get("currency") or currency)
            for key, one in found.items():
                self._add_json(one, str(key), currency)
        elif isinstance(found, Sequence):
            self._add("number", str(len(found)))
            for key, one in [*((name, each) for each in found), *totals(found)]:
                self._add_json(one, key, currency)
        elif isinstance(found, int | float) and not isinstance(found, bool):
            self._add_number(Decimal(str(abs(found))), name, currency)

    def _add_number(self, number: Decimal, name: str, currency: str) -> None:
        self._add("number", plain(number))
        if any(word in name for word in AMOUNTS):
            self._told["money"] |= _amounts(number, currency)
        if any(word in name for word in RATES):
            self._add("percent", plain(number))
        self._told["duration"] |= {lasting(number, unit) for unit in UNITS if unit in name}


def _amounts(minor: Decimal, currency: str) -> set[str]:
    if not currency:
        return {f"{plain(minor / 100)} *", f"{plain(minor)} KRW"}
    return {f"{plain(minor / 10 ** digits_of(currency))} {currency}"}


def totals(rows: Sequence[object]) -> list[tuple[str, int]]:
    """Return a list's sums of amounts by field: overall, charges, refunds, and per type."""
    sums: defaultdict[tuple[str, object], int] = defaultdict(int)
    for row in (one for one in rows if isinstance(one, Mapping)):
        for key, amount in row.items():
            if type(amount) is int and any(word in str(key) for word in AMOUNTS):
                for kind in ("all", amount > 0, row.get("type", "")):
                    sums[str(key), kind] += amount
    return [(key, total) for (key, _), total in sums.items()]


def _number(amount: str) -> Decimal:
    return Decimal(amount.partition(" ")[0])


def _currency(amount: str) -> str:
    return amount.partition(" ")[2]


def _same_day(one: str, other: str) -> bool:
    return one == other or (one[-5:] == other[-5:] and min(len(one), len(other)) == len("11-03"))
