"""Amounts have as many decimal places as ISO 4217 gives their currency, written as each language writes it."""

import re

import pytest

from storage.settings import REPOSITORY
from storage.shop.money import DIGITS, currency_signs, digits_of, money
from team.grounding.figures import CODES, figures_in
from tests.team.grounding.test_sources import sources


@pytest.mark.parametrize(
    ("amount", "currency", "english", "korean"),
    [
        (5420, "USD", "$54.20", "US$54.20"),
        (-5420, "USD", "-$54.20", "-US$54.20"),
        (5, "EUR", "€0.05", "€0.05"),
        (12_000, "KRW", "₩12,000", "₩12,000"),
        (990, "JPY", "¥990", "JP¥990"),
        (41_200, "KWD", "KWD 41.200", "KWD 41.200"),
        (41_200, "BHD", "BHD 41.200", "BHD 41.200"),
        (1_234_567, "TND", "TND 1,234.567", "TND 1,234.567"),
        (-7, "OMR", "-OMR 0.007", "-OMR 0.007"),
        (5_000, "XAF", "FCFA 5,000", "FCFA 5,000"),
        (5_000, "PYG", "PYG 5,000", "PYG 5,000"),
        (12_345, "UYW", "UYW 1.2345", "UYW 1.2345"),
        (1_200, "CHF", "CHF 12.00", "CHF 12.00"),
        (2**53 - 1, "USD", "$90,071,992,547,409.91", "US$90,071,992,547,409.91"),
    ],
)
def test_an_amount_is_written_as_a_language_writes_it(amount: int, currency: str, english: str, korean: str) -> None:
    for language, shown in (("en", english), ("ko", korean)):
        assert money(amount, currency, language).replace("\u00a0", " ") == shown


@pytest.mark.parametrize("currency", sorted({*CODES.split("|"), *DIGITS, "XCD"}))
@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_shown_amount_is_known_again_in_an_answer(currency: str, language: str) -> None:
    shown = money(41_234, currency, language)

    [figure] = figures_in(shown)
    assert (figure.kind, figure.values[0].split()[1]) == ("money", currency)
    assert sources({"currency": currency, "total": 41_234}).missing(f"The total is {shown}.") == []


def test_the_page_knows_the_same_currencies() -> None:
    page = (REPOSITORY / "storage" / "cards" / "static" / "amounts.js").read_text(encoding="utf-8")
    told = re.findall(r"\[(\d), \"([A-Z ]+)\"\]", page)

    assert {code: int(digits) for digits, codes in told for code in codes.split()} == DIGITS


def test_a_sign_that_is_shown_is_understood() -> None:
    for currency, signs in currency_signs().items():
        for language in ("en", "ko"):
            sign = money(0, currency, language).partition("0")[0].strip("\u00a0").lower()
            assert sign in signs, currency
    assert digits_of("XAF") == 0
