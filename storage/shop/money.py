"""Amounts as people read them, and as their currencies count them."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.numbers import NumberPattern

NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
FOUR_DIGITS = "CLF UYW"
DIGITS = {
    code: digits for digits, codes in ((0, NO_DIGITS), (3, THREE_DIGITS), (4, FOUR_DIGITS)) for code in codes.split()
}
"""Decimal places of a currency's minor unit where they are not two (ISO 4217, list one).

Locale data such as CLDR's says how many are usually shown, which is fewer for some of them.
"""
DECIMALS = re.compile(r"\.0{1,4}")
AMOUNT = (
    r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,2}(?:,\d\d){1,4},\d{3}|\d{1,3}(?:\.\d{3}){1,4}|\d{1,3}(?:['’\u00a0\u202f]\d{3}){1,4}"
    r"|\d{1,3}(?: \d{3}){1,4}(?=,\d\d?(?!\d))|\d{1,12})"
    r"(?:[.,](?:\d{1,3}(?!\d)|[-–—]{1,2}(?!\d)))?"
)
"""A number with thousands apart in any country's way, and behind a point or a comma decimals, or a dash for none."""
PLACES = re.compile(r"[.,](?:(\d{1,3})|[-–—]{1,2})$")
NO_DIGIT = re.compile(r"\D")
THOUSAND = 3


def digits_of(currency: str) -> int:
    """Return how many decimal places an amount in this currency has (ISO 4217)."""
    return DIGITS.get(currency, 2)


def amount_said(written: str, digits: int) -> Decimal:
    """Return the value of an `AMOUNT`: three digits behind one point are thousands, unless a currency has as many.

    Args:
        written: the number, such as 1.234,50 or 12.–.
        digits: decimal places of its currency, from `digits_of`.
    """
    decimals = PLACES.search(written)
    places = "" if decimals is None else decimals[1] or ""
    whole = written if decimals is None else written[: decimals.start()]
    if decimals is not None and len(places) == THOUSAND and (decimals[0][0] == "," or digits < THOUSAND):
        is_thousand = whole.isdecimal() or decimals[0][0] in whole
        whole, places = (whole + places, "") if is_thousand else (whole, places)
    return Decimal(f"{NO_DIGIT.sub('', whole)}.{places or 0}")


def money(amount: int, currency: str, language: str) -> str:
    """Return an amount of minor units as a language writes it, such as '$54.20', '₩12,000' or 'KWD 41.200'.

    The page writes the same (`amounts.js`): both take CLDR's words, and the digits from here.
    """
    value = Decimal(amount).scaleb(-digits_of(currency))
    return str(_pattern(currency, language).apply(value, language, currency=currency, currency_digits=False))


@lru_cache(256)
def _pattern(currency: str, language: str) -> "NumberPattern":
    # It reads what every language writes, which a program that shows no amount need not wait for.
    from babel import Locale
    from babel.numbers import get_currency_symbol, parse_pattern

    usual = Locale.parse(language).currency_formats["standard"].pattern
    digits = digits_of(currency)
    text = DECIMALS.sub(f".{'0' * digits}" if digits else "", usual)
    # As in CLDR: a sign that is a letter does not touch the number.
    if not unicodedata.category(get_currency_symbol(currency, locale=language)[-1]).startswith("S"):
        text = text.replace("¤#", "¤\u00a0#")
    return parse_pattern(text)


@cache
def currency_signs() -> Mapping[str, Sequence[str]]:
    """Return what people write for a currency beside an amount, in lower case, by its code (ISO 4217)."""
    signs = tomllib.loads(Path(__file__).with_name("currencies.toml").read_text("utf-8"))
    return {code: (code.lower(), *(sign.lower() for sign in signs[code])) for code in signs}
