"""The figures in a text: amounts, dates, durations, order and tracking numbers, and all other numbers.

Figures are compared by value, not by spelling: "$24" is "24.00 USD", and "11월 3일" is "November 3".
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from team.grounding.numbers import BETWEEN, DIGITS, FLAGS, NUMBER, SUM, plain, sum_of, value
from team.grounding.times import SOUNDS, TIMES, Found
from team.words.markup import HTML
from team.words.sentences import sentences

CURRENCIES = {
    "$": "USD",
    "us$": "USD",
    "ca$": "CAD",
    "a$": "AUD",
    "au$": "AUD",
    "nz$": "NZD",
    "hk$": "HKD",
    "nt$": "TWD",
    "mx$": "MXN",
    "ec$": "XCD",
    "r$": "BRL",
    "cn¥": "CNY",
    "jp¥": "JPY",
    "₪": "ILS",
    "₹": "INR",
    "₱": "PHP",
    "₫": "VND",
    "fcfa": "XAF",
    "f cfa": "XOF",
    "cfpf": "XPF",
    "dollar": "USD",
    "dollars": "USD",
    "bucks": "USD",
    "달러": "USD",
    "불": "USD",
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "유로": "EUR",
    "£": "GBP",
    "pounds": "GBP",
    "파운드": "GBP",
    "¥": "JPY",
    "yen": "JPY",
    "엔": "JPY",
    "₩": "KRW",
    "won": "KRW",
    "원": "KRW",
}
CODES = (
    "USD|EUR|GBP|JPY|KRW|CAD|AUD|CNY|CHF|VND|CLP|ISK|INR|BIF|DJF|GNF|KMF|PYG|RWF|UGX|UYI|VUV|XAF|XOF|XPF|BHD|IQD|JOD|KWD"
    "|LYD|OMR|TND|CLF|UYW|SEK|NOK|DKK|PLN|CZK|HUF|RON|BRL|MXN|ARS|COP|ZAR|NGN|KES|EGP|SAR|AED|QAR|ILS|THB|MYR|SGD|HKD|TWD"
    "|PHP|IDR|PKR|BDT|LKR|NZD|RUB|UAH|KZT"
)
"""Of ISO 4217; not those that are also words, such as ALL and TOP."""
BEFORE = rf"(?:(?<![A-Z])(?:US|CA|AU?|NZ|HK|NT|MX|EC|R)\$|(?:CN|JP)¥|[$€£¥₩₪₹₱₫]|\b(?:{CODES}|F ?CFA|CFPF)\b)"
AFTER = (
    rf"(?:(?:{CODES}|dollars?|bucks|euros?|pounds|yen|won)\b"
    r"|달러|불(?=[\s,.]|$)|유로|파운드|엔(?=[\s,.]|$)|원(?![가-힣]*요일)|[$€£¥₩₪₹₱₫](?!\s?\d))"
)

EMAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@[\w-]+(?:\.[\w-]+)+", FLAGS)
DOMAINS = "com|net|org|io|kr|jp|cn|de|fr|uk|eu|info|biz|xyz|example"
ADDRESS = re.compile(
    r"\b(?:https?://|www\.)[^\s<>()\[\]{}\"'`*가-힣]++"
    rf"|(?<![\w.@/-])(?:[a-z0-9-]{{1,63}}\.){{1,5}}(?:{DOMAINS})\b(?:/[^\s<>()\[\]{{}}\"'`*가-힣]*+)?",
    FLAGS,
)
"""An address of the web, with its scheme or by its domain alone."""
LINKED = re.compile(r"\]\(\s*([^)\s]+)")
"""The target of a link in Markdown."""
MONEY_BEFORE = re.compile(
    rf"({BEFORE})\s?(?=\d)({SUM})(?:{BETWEEN}{BEFORE}?\s?(?=\d)({SUM})(?!\d|\s*(?:day|%)))?", FLAGS
)
TEN_THOUSANDS = re.compile(r"(?<![\d.])(\d{1,9}(?:\.\d{1,3})?)만(?:\s?(\d+)천)?\s?(\d{3,4})?\s?원", FLAGS)
MONEY_AFTER = re.compile(rf"({SUM})(?:{BETWEEN}({SUM}))?\s?({AFTER})", FLAGS)
PERCENT = re.compile(rf"({NUMBER})(?:{BETWEEN}({NUMBER}))?\s?(?:%|percent\b|per cent\b|퍼센트|프로(?![가-힣]))", FLAGS)
ROW_NUMBER = re.compile(r"(?m)^[ \t>*-]*\d{1,2}[.)](?=\s)", FLAGS)
IDENTIFIER = re.compile(
    r"#[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*"
    r"|(?<![A-Za-z0-9])(?=[A-Za-z0-9_-]{0,40}[A-Za-z])(?=[A-Za-z0-9_-]{0,40}\d)[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*"
    r"|(?<![\d.,])(?:\d{5,}+|\d{3,6}(?:[ -]\d{3,6}){1,4})(?![.,]?\d)"
)
ORDINAL = re.compile(r"(?<![A-Za-z0-9])(\d{1,3})(?:st|nd|rd|th)\b", FLAGS)
NUMERAL = re.compile(rf"(?<![\d.])({DIGITS})", FLAGS)
MAY_HOLD = re.compile(rf"[\d@/<]|!\[|\w\.[a-z]|{NUMBER}|{'|'.join(SOUNDS)}", FLAGS)
"""Every figure contains one of these; most sentences of a policy or a description contain none."""


@dataclass(frozen=True)
class Figure:
    """One figure: its kind, its possible values in that kind, and how it is written."""

    kind: str
    values: tuple[str, ...]
    written: str


def figures_in(text: str) -> list[Figure]:
    """Return every figure in a text; part of one figure is not a second one."""
    told = sentences(unicodedata.normalize("NFKC", text))
    return [figure for one in told if MAY_HOLD.search(one) for figure in _figures(one)]


def _figures(sentence: str) -> list[Figure]:
    left, found = sentence, list[Figure]()
    for pattern, read in FORMS:
        for match in pattern.finditer(left):
            found += [Figure(kind, tuple(said.split("|")), match[0].strip()) for kind, said in read(match)]
        left = pattern.sub(_blank, left)
    return found


def identifier(written: str) -> str:
    """Return an order number or other id in the form used for comparison: capital letters and digits only."""
    return re.sub(r"[^A-Z0-9]", "", written.upper())


def address(written: str) -> str:
    """Return an address of the web in the form used for comparison: capital letters, without scheme and full stop."""
    return re.sub(r"\A(?:HTTPS?://)?(?:WWW\.)?", "", written.upper()).rstrip(".,;:!?/")


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _email(found: re.Match[str]) -> Found:
    yield "identifier", identifier(found[0])


def _nothing(_: re.Match[str]) -> Found:
    yield from ()


def _address(found: re.Match[str]) -> Found:
    yield "address", address(found[0])


def _tag(found: re.Match[str]) -> Found:
    yield "tag", found[0].upper()


def _linked(found: re.Match[str]) -> Found:
    yield "address", address(found[1])


def _money_before(found: re.Match[str]) -> Found:
    code = CURRENCIES.get(found[1].lower(), found[1].upper())
    for number in filter(None, (found[2], found[3])):
        yield "money", f"{plain(sum_of(number, code))} {code}"


def _money_after(found: re.Match[str]) -> Found:
    code = CURRENCIES.get(found[3].lower(), found[3].upper())
    for number in filter(None, (found[1], found[2])):
        yield "money", f"{plain(sum_of(number, code))} {code}"


def _ten_thousands(found: re.Match[str]) -> Found:
    won = 10_000 * value(found[1]) + 1_000 * value(found[2] or "0") + value(found[3] or "0")
    yield "money", f"{plain(won)} KRW"


def _percent(found: re.Match[str]) -> Found:
    for number in filter(None, (found[1], found[2])):
        yield "percent", plain(value(number))


def _identifier(found: re.Match[str]) -> Found:
    yield "identifier", identifier(found[0])


def _number(found: re.Match[str]) -> Found:
    yield "number", plain(value(found[1]))


FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[tuple[str, str]]]], ...] = (
    (HTML, _tag),
    (LINKED, _linked),
    (EMAIL, _email),
    (ADDRESS, _address),
    (ROW_NUMBER, _nothing),
    (MONEY_BEFORE, _money_before),
    (TEN_THOUSANDS, _ten_thousands),
    (MONEY_AFTER, _money_after),
    (PERCENT, _percent),
    *TIMES,
    (ORDINAL, _number),
    (IDENTIFIER, _identifier),
    (NUMERAL, _number),
)
"""The patterns in order: text that one matches is hidden from those after it."""
