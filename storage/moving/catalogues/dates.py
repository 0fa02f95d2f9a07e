"""Moments as people and spreadsheets write them: with dots or slashes, in twelve hours or twenty-four."""

import re
import tomllib
import unicodedata
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Literal

DateOrder = Literal["year first", "day first", "month first"]
YEAR_FIRST: DateOrder = "year first"
WORDS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
HALVES = "|".join(word for name in ("before_noon", "after_noon") for word in WORDS[name])
HOURS = (
    rf"(?:(?:T|,?\s)\s*(?:(?P<half>{HALVES})\s?)?(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})(?::(?P<second>[0-9]{{2}}))?"
    rf"(?:\s?(?P<half_after>{HALVES}))?)?"
)
YEAR, MONTH, DAY, BETWEEN = r"(?P<year>[0-9]{4})", r"(?P<month>[0-9]{1,2})", r"(?P<day>[0-9]{1,2})", r"\s?[./-]\s?"
SHORT_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
DATED: dict[DateOrder, re.Pattern[str]] = {
    "year first": re.compile(rf"{YEAR}{BETWEEN}{MONTH}{BETWEEN}{DAY}\.?{HOURS}", re.IGNORECASE),
    "day first": re.compile(rf"{DAY}{BETWEEN}{MONTH}{BETWEEN}{SHORT_YEAR}\.?{HOURS}", re.IGNORECASE),
    "month first": re.compile(rf"{MONTH}{BETWEEN}{DAY}{BETWEEN}{SHORT_YEAR}\.?{HOURS}", re.IGNORECASE),
}
NOON = 12
CENTURY = 100


def read_moment(cell: str, zone: tzinfo = UTC, order: DateOrder = YEAR_FIRST) -> datetime:
    """Return a moment; where it names no time zone, that of the shop.

    Args:
        cell: the moment; one with its year first is read in any order.
        zone: the shop's time zone.
        order: what the file's dates begin with.

    Raises:
        ValueError: it is no date, or not in this order.
    """
    plain = unicodedata.normalize("NFKC", cell).strip()
    found = DATED[YEAR_FIRST].fullmatch(plain) or DATED[order].fullmatch(plain)
    try:
        # Otherwise as ISO 8601, but for a gap before the zone, which Shopify writes.
        moment = (
            _of(found, zone) if found else datetime.fromisoformat(re.sub(r"\s(?=[+-][0-9]{2}:?[0-9]{2}\Z)", "", plain))
        )
    except ValueError as error:
        told = f"{cell!r} is not a date with the {order.removesuffix(' first')} first"
        if order == YEAR_FIRST:
            is_other = any(pattern.fullmatch(plain) for pattern in DATED.values())
            way_out = '; a map of your own may say dates = "day first" or "month first"' if is_other else ""
            told += f", such as 2026-03-02 09:30{way_out}"
        raise ValueError(told) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _of(found: re.Match[str], zone: tzinfo) -> datetime:
    year, month, day, hour, minute, second = (
        int(found[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")
    )
    half = (found["half"] or found["half_after"] or "").lower()
    if half and not 1 <= hour <= NOON:
        raise ValueError("no hour of half a day")
    if half:
        hour = hour % NOON + (NOON if half in WORDS["after_noon"] else 0)
    return datetime(year + 2000 * (year < CENTURY), month, day, hour, minute, second, tzinfo=zone)
