"""Finds the orders that a text names."""

import re

DIGITS = r"[\s-]?\d{4,}|\d{3,}|(?:\s\d){3,}"
"""After its W: `W1042`, `W 1042`, `W-1042`, `W 1 0 4 2`; three digits after a space may be watts."""
ORDER = re.compile(
    rf"(?:#\s*|(?<!\w)(?<!\d ))W({DIGITS})(?!\w)|#[^\W\d]*+\d\w*+|(?<!\w)ORD-?\d+|(?<!\d)(\d{{3,}}+)\s*+번",
    re.IGNORECASE | re.ASCII,
)
BARE_NUMBER = re.compile(
    r"\border(?:\s+(?:number|no\.?|id))?(?:\s*[:#]\s*|\s+(?:is\s+)?)(\d{3,})(?![\w-])"
    r"|주문\s?번호(?:는|:)?\s*(\d{3,})(?![\d-])",
    re.IGNORECASE | re.ASCII,
)
UNREADABLE = re.compile(
    r"#\s*\w|(?<!\w)W[\s-]?[\W\d]{0,2}\d|\border\s+(?:number|no\.?|id)(?:\s+is)?[\s:#]*\w*\d|주문\s?번호(?:는|:)?\s*\w*\d"
    r"|(?<![\w.,-])\d{6,9}(?![\w.,-])(?!\s*(?:won|krw|usd|dollars))",
    re.IGNORECASE | re.ASCII,
)
"""What is meant as an order number but is written in none of the known forms."""


def order_ids(text: str) -> list[str]:
    """Return the orders a text names, each once."""
    found = [_as_written(match[0], match[1] or match[2]) for match in ORDER.finditer(text)]
    found += [f"#W{one or other}" for one, other in BARE_NUMBER.findall(text)]
    return list(dict.fromkeys(found))


def names_unreadably(text: str) -> bool:
    """Whether a text names an order by an unreadable number: then we ask for it, and assume no other order."""
    return not order_ids(text) and UNREADABLE.search(text) is not None


def _as_written(whole: str, number: str | None) -> str:
    if number:
        return "#W" + re.sub(r"[\s-]", "", number)
    return whole.upper() if whole.startswith("#") else f"#{whole.upper()}"
