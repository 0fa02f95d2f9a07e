"""Formatting amounts: from integer minor units to readable text."""

NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
FOUR_DIGITS = "CLF UYW"
DIGITS = {
    code: digits for digits, codes in ((0, NO_DIGITS), (3, THREE_DIGITS), (4, FOUR_DIGITS)) for code in codes.split()
}
"""Decimal places of a currency's minor unit where they are not two (ISO 4217, list one).

Locale data such as CLDR's says how many are usually shown, which is fewer for some of them.
"""


def digits_of(currency: str) -> int:
    """Return how many decimal places an amount in this currency has (ISO 4217)."""
    return DIGITS.get(currency, 2)


def money(amount: int, currency: str) -> str:
    """Return an amount as readable text, such as '54.20 USD', '12,000 KRW' or '41.200 KWD'."""
    digits = digits_of(currency)
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), 10**digits)
    return f"{sign}{whole:,}.{rest:0{digits}d} {currency}" if digits else f"{sign}{whole:,} {currency}"
