"""The orders that a text names."""

import re

ORDER = re.compile(r"#[^\W\d]*+\d\w*+|(?<!\w)W\d{3,}|(?<!\w)ORD-?\d+|(?<!\d)(\d{3,}+)\s*+번", re.IGNORECASE | re.ASCII)
BARE_NUMBER = re.compile(r"\border\s+(?:number\s+|no\.?\s+)?(\d{3,})\b|주문\s?번호\s?(\d{3,})", re.IGNORECASE)


def order_ids(text: str) -> list[str]:
    """The orders a text names, each once."""
    found = [_as_written(match[0], match[1]) for match in ORDER.finditer(text)]
    found += [f"#W{one or other}" for one, other in BARE_NUMBER.findall(text)]
    return list(dict.fromkeys(found))


def _as_written(whole: str, number: str | None) -> str:
    return f"#W{number}" if number else whole.upper() if whole.startswith("#") else f"#{whole.upper()}"
