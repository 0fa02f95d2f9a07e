"""Formatting amounts: from integer minor units to readable text."""

# ISO 4217: currencies whose minor unit is the currency itself.
WITHOUT_CENTS = frozenset({"CLP", "ISK", "JPY", "KRW", "VND"})


def money(amount: int, currency: str) -> str:
    """Return an amount as readable text, such as '54.20 USD' or '12,000 KRW'."""
    if currency in WITHOUT_CENTS:
        return f"{amount:,} {currency}"
    sign = "-" if amount < 0 else ""
    whole, cents = divmod(abs(amount), 100)
    return f"{sign}{whole:,}.{cents:02d} {currency}"
