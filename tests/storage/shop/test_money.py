"""Amounts have as many decimal places as ISO 4217 gives their currency, for people and in what they are compared by."""

import re

import pytest

from storage.settings import REPOSITORY
from storage.shop.money import DIGITS, money
from team.grounding.figures import figures_in
from tests.team.grounding.test_sources import sources


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (5420, "USD", "54.20 USD"),
        (-5420, "USD", "-54.20 USD"),
        (5, "EUR", "0.05 EUR"),
        (12_000, "KRW", "12,000 KRW"),
        (41_200, "KWD", "41.200 KWD"),
        (41_200, "BHD", "41.200 BHD"),
        (1_234_567, "TND", "1,234.567 TND"),
        (-7, "OMR", "-0.007 OMR"),
        (5_000, "XAF", "5,000 XAF"),
        (5_000, "PYG", "5,000 PYG"),
        (12_345, "UYW", "1.2345 UYW"),
    ],
)
def test_an_amount_has_its_currency_s_decimal_places(amount: int, currency: str, shown: str) -> None:
    assert money(amount, currency) == shown
    assert sources({"currency": currency, "total": amount}).missing(f"The total is {shown.lstrip('-')}.") == []
    assert [one.kind for one in figures_in(shown.lstrip("-"))] == ["money"]


def test_the_page_knows_the_same_currencies() -> None:
    page = (REPOSITORY / "ui" / "static" / "amounts.js").read_text(encoding="utf-8")
    told = re.findall(r"\[(\d), \"([A-Z ]+)\"\]", page)

    assert {code: int(digits) for digits, codes in told for code in codes.split()} == DIGITS
