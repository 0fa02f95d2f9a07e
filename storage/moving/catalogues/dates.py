"""Moments as people and spreadsheets write them: the year first, dots or slashes, in twelve hours or twenty-four."""

import re
import tomllib
import unicodedata
from datetime import UTC, datetime, tzinfo
from pathlib import Path

HALVES: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("halves.toml").read_text("utf-8"))
WORDS = "|".join(word for words in HALVES.values() for word in words)
DATED = re.compile(
    r"(?P<year>[0-9]{4})\s?[./-]\s?(?P<month>[0-9]{1,2})\s?[./-]\s?(?P<day>[0-9]{1,2})\.?"
    rf"(?:[T\s]+(?:(?P<half>{WORDS})\s?)?(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})(?::(?P<second>[0-9]{{2}}))?"
    rf"(?:\s?(?P<half_after>{WORDS}))?)?",
    re.IGNORECASE,
)
NOON = 12


def read_moment(cell: str, zone: tzinfo = UTC) -> datetime:
    """Return a moment; where it names no time zone, that of the shop.

    Raises:
        ValueError: it is no date with its year first.
    """
    plain = unicodedata.normalize("NFKC", cell).strip()
    told = f"{cell!r} is not a date with the year first, such as 2026-03-02 09:30"
    found = DATED.fullmatch(plain)
    try:
        # Otherwise as ISO 8601, but for a gap before the zone, which Shopify writes.
        moment = (
            _of(found, zone) if found else datetime.fromisoformat(re.sub(r"\s(?=[+-][0-9]{2}:?[0-9]{2}\Z)", "", plain))
        )
    except ValueError as error:
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
        hour = hour % NOON + (NOON if half in HALVES["after_noon"] else 0)
    return datetime(year, month, day, hour, minute, second, tzinfo=zone)
