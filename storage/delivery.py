"""The shop's own delivery rules: its days of business, and how many of them an order takes to each country."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from storage.shop.spelling import folded_label

ELSEWHERE = "*"
"""Stands for every country that is not named."""
NO_RULE = "none"
MOST_DAYS = 365
SATURDAY = 5
COUNTRY_DAYS = re.compile(r"([^=,]{1,80})=\s*(\d{1,3})\s*\+\s*(\d{1,3})\s*")


@dataclass(frozen=True)
class Days:
    """The most business days that packing takes, and that the carrier takes after it."""

    packing: int
    carrying: int


@dataclass(frozen=True)
class DeliveryRules:
    """The shop's promise, by country in lower case; the days without deliveries; and the time zone of its dates."""

    days: Mapping[str, Days]
    holidays: frozenset[date] = frozenset()
    zone: tzinfo = UTC

    def day_of(self, moment: datetime) -> date:
        """Return the shop's date at a moment."""
        return moment.astimezone(self.zone).date()

    def after_order(self, ordered_on: date, country: str) -> date | None:
        """Return the last day on which an order of this day should arrive; None where the shop promises nothing."""
        days = self._days(country)
        return None if days is None else self.later(ordered_on, days.packing + days.carrying)

    def after_shipping(self, shipped_on: date, country: str) -> date | None:
        """Return the last day on which a parcel that left on this day should arrive, as `after_order`."""
        days = self._days(country)
        return None if days is None else self.later(shipped_on, days.carrying)

    def later(self, day: date, business_days: int) -> date:
        """Return the day that is this many business days after another."""
        while business_days > 0:
            day += timedelta(days=1)
            business_days -= day.weekday() < SATURDAY and day not in self.holidays
        return day

    def _days(self, country: str) -> Days | None:
        return self.days.get(folded_label(country)) or self.days.get(ELSEWHERE)


def read_rules(delivery_days: str, holidays: str = "", time_zone: str = "UTC") -> DeliveryRules:
    """Return the rules that the settings state.

    Args:
        delivery_days: as `days_in` reads them.
        holidays: as `holidays_in` reads them.
        time_zone: its name, such as 'Asia/Seoul'.

    Raises:
        ValueError: one of them cannot be read; the message says what is expected.
    """
    return DeliveryRules(days_in(delivery_days), holidays_in(holidays), zone_named(time_zone))


def days_in(text: str) -> Mapping[str, Days]:
    """Read business days by country, such as 'USA=2+5, *=2+14': at most 2 to pack, then 5 or elsewhere 14 to arrive.

    Raises:
        ValueError: a part is no country with its days, or a country is there twice.
    """
    if text.strip().lower() == NO_RULE:
        return {}
    found: dict[str, Days] = {}
    for part in text.split(","):
        match = COUNTRY_DAYS.fullmatch(part)
        if match is None or int(match[2]) + int(match[3]) > MOST_DAYS:
            raise ValueError(f"{part.strip()!r} is not a country with its business days, such as USA=2+5 or *=2+14")
        country = folded_label(match[1])
        if country in found:
            raise ValueError(f"{match[1].strip()} is there twice")
        found[country] = Days(int(match[2]), int(match[3]))
    return found


def holidays_in(text: str) -> frozenset[date]:
    """Read days such as '2026-12-25, 2027-01-01'.

    Raises:
        ValueError: one is no date.
    """
    try:
        return frozenset(date.fromisoformat(one.strip()) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise ValueError("it is not a list of dates, such as 2026-12-25, 2027-01-01") from error


def zone_named(name: str) -> tzinfo:
    """Return a time zone by its name.

    Raises:
        ValueError: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}; one is Asia/Seoul") from error
