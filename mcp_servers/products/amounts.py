"""Amounts as people say them: "under $50", "5만 원 이하", "3만5천원", "between 20 and 40", "1.234,50 €", "CHF 12.–"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from mcp_servers.products.terms import word_lists
from storage.shop.money import AMOUNT, amount_said, currency_signs, digits_of

AROUND = Decimal("0.2")
"""How far from an amount "around" it still is."""
NUMBER = re.compile(AMOUNT)
THOUSAND = 3
NUMERALS = {"일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "칠": 7, "팔": 8, "구": 9}
PLACES = {"십": 10, "백": 100, "천": 1_000}
SPELT = re.compile(r"(?<![가-힣\d])(?:([일이삼사오육칠팔구십백천]{0,7})(만))?\s?([일이삼사오육칠팔구십백천]{0,7})\s?원")
REMAINDER = re.compile(r"\s?(\d{1,4})\s?(천|백)?")
BETWEEN = re.compile(r"\s?(?:-|~|–|to|and|에서|부터)\s?")
RANGE_AROUND = re.compile(r"(?:between|from|in the range of)\s?$"), re.compile(r"^\s?(?:사이|까지)")
NEARBY = 24


class Bounds(NamedTuple):
    """The least and the most that something may cost, in minor units; and an amount in another currency, as said."""

    least: int | None = None
    most: int | None = None
    foreign: str | None = None


@dataclass
class _Amount:
    """A number that may be an amount: where it stands, its value, and its currency where one is said."""

    start: int
    end: int
    value: Decimal
    currency: str | None
    multiplied: bool


def read_bounds(text: str, currency: str) -> tuple[Bounds, str]:
    """Return what a text says something may cost, and the text without that.

    A number without a currency is an amount only where a bound stands beside it ("under 50").

    Args:
        text: what was asked, in lower case.
        currency: the shop's (ISO 4217), which numbers without one are in.
    """
    said = sorted(_amounts(text, currency), key=lambda amount: amount.start)
    for one, other in pairwise(said):
        if found := _range(text, one, other):
            return _settled(found, text, (one, other), currency)
    for amount in said:
        if found := _bound(text, amount):
            return _settled(found, text, (amount,), currency)
    return Bounds(), text


class _Found(NamedTuple):
    least: Decimal | None
    most: Decimal | None
    start: int
    end: int
    below: bool = False
    above: bool = False


def _settled(found: _Found, text: str, amounts: Sequence[_Amount], currency: str) -> tuple[Bounds, str]:
    rest = f"{text[: found.start]} {text[found.end :]}"
    said = next((each.currency for each in amounts if each.currency), currency)
    if said != currency:
        return Bounds(foreign=" ".join(text[found.start : found.end].split())), rest
    digits = digits_of(currency)
    least = None if found.least is None else int(found.least.scaleb(digits)) + found.above
    most = None if found.most is None else int(found.most.scaleb(digits)) - found.below
    return Bounds(least, most), rest


def _range(text: str, one: _Amount, other: _Amount) -> _Found | None:
    if not BETWEEN.fullmatch(text[one.end : other.start]):
        return None
    before, after = RANGE_AROUND[0].search(text[: one.start]), RANGE_AROUND[1].search(text[other.end :])
    if not (before or after or one.currency or other.currency):
        return None
    # "5~10만원" and "3-5 thousand won": what is said of the second holds for the first.
    value = one.value
    if other.multiplied and not one.multiplied and one.currency is None and other.value > value:
        scale = next(step for step in _steps(other.value) if value * step <= other.value)
        value *= scale
    start = before.start() if before else one.start
    return _Found(value, other.value, start, other.end + (after.end() if after else 0))


def _steps(value: Decimal) -> Iterable[int]:
    yield from (step for step in (10**8, 10**7, 10**6, 10**4, 10**3) if step <= value)
    yield 1


def _bound(text: str, amount: _Amount) -> _Found | None:
    before, after = text[max(0, amount.start - NEARBY) : amount.start], text[amount.end : amount.end + NEARBY]
    for name, beside in _bound_patterns().items():
        found = beside[0].search(before) or beside[1].search(after)
        if found is None:
            continue
        leads = found.re is beside[0]
        start = amount.start - (len(before) - found.start()) if leads else amount.start
        end = amount.end if leads else amount.end + found.end()
        return _meaning(name, found[1], amount.value, start, end)
    # An amount of money alone is what somebody wants to spend.
    return _Found(None, amount.value, amount.start, amount.end) if amount.currency else None


def _meaning(name: str, word: str, value: Decimal, start: int, end: int) -> _Found:
    strict = word in word_lists()["bounds"]["strict"]
    match name:
        case "decade":
            return _Found(value, value + Decimal(10) ** value.adjusted(), start, end, below=True)
        case "around":
            return _Found(value * (1 - AROUND), value * (1 + AROUND), start, end)
        case "least":
            return _Found(value, None, start, end, above=strict)
        case _:
            return _Found(None, value, start, end, below=strict)


def _amounts(text: str, currency: str) -> Iterator[_Amount]:
    for found in SPELT.finditer(text):
        value = (_spelt(found[1]) or 1) * 10_000 * bool(found[2]) + _spelt(found[3])
        if value:
            yield _Amount(*found.span(), Decimal(value), "KRW", multiplied=True)
    for number in NUMBER.finditer(text):
        if not text[max(0, number.start() - 1) : number.start()].isalnum():
            amount = _amount(text, number, currency)
            if amount.currency or not _after(text, amount.end, word_lists()["bounds"]["units"]):
                yield amount


def _spelt(numerals: str | None) -> int:
    """Return a number below ten thousand written in Korean words; 0 for none."""
    value, digit = 0, 0
    for each in numerals or "":
        if each in PLACES:
            value, digit = value + (digit or 1) * PLACES[each], 0
        else:
            digit = NUMERALS[each]
    return value + digit


def _amount(text: str, found: re.Match[str], own: str) -> _Amount:
    signs = _signs(own)
    times = _after(text, found.end(), _times())
    added, end = (0, found.end()) if times is None else _added(text, *times)
    start, currency = found.start(), None
    before = text[:start].rstrip()
    sign = next((each for each in sorted(signs, key=len, reverse=True) if before.endswith(each)), None)
    if unit := _after(text, end, signs):
        currency, end = signs[unit[0]], unit[1]
    elif sign is not None and not before.removesuffix(sign)[-1:].isalpha():
        start, currency = len(before) - len(sign), signs[sign]
    value = amount_said(found[0], digits_of(currency or own) if times is None else THOUSAND)
    value = value if times is None else value * _times()[times[0]] + added
    return _Amount(start, end, value, currency, times is not None)


def _added(text: str, times: str, end: int) -> tuple[int, int]:
    """Return what follows 만 and the like, such as 5천 in 3만5천, and where that ends."""
    rest = REMAINDER.match(text, end)
    if rest is None or times not in NUMBERED:
        return 0, end
    return int(rest[1]) * _times().get(rest[2] or "", 1 if rest[2] is None else 100), rest.end()


NUMBERED = {"만", "십만", "백만", "천만", "억"}
"""After these, thousands may follow: 3만5천원."""


def _after(text: str, end: int, words: Iterable[str]) -> tuple[str, int] | None:
    """Return which of these words stands here, and where it ends; English ones as whole words."""
    at = end + (text[end : end + 1] == " ")
    for word in sorted(words, key=len, reverse=True):
        stop = at + len(word)
        if text.startswith(word, at) and not (
            word[-1].isascii() and word[-1].isalpha() and text[stop : stop + 1].isalpha()
        ):
            return word, stop
    return None


@cache
def _times() -> dict[str, int]:
    return dict(word_lists()["times"])


@cache
def _signs(own: str) -> dict[str, str]:
    """Return which currency a sign means: "$" is the shop's own where it has one."""
    meant: dict[str, str] = {}
    for currency, signs in currency_signs().items():
        for sign in signs:
            if sign not in meant or currency == own:
                meant[sign] = currency
    return meant


@cache
def _bound_patterns() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """Return, for each way to bound an amount, what finds its words just before one, and just after one."""
    bounds = word_lists()["bounds"]
    return {
        name: (
            _either(bounds.get(f"{name}_before", []), r"(?<![a-z])({})[\s:]{{0,2}}(?:of |a |about )?$"),
            _either(bounds.get(f"{name}_after", []), r"^\s?(?:보다 )?({})"),
        )
        for name in ("decade", "around", "most", "least")
    }


def _either(words: Sequence[str], frame: str) -> re.Pattern[str]:
    listed = sorted((re.escape(word) for word in words), key=len, reverse=True)
    return re.compile(frame.format("|".join(listed)) if listed else r"(?!)")
