"""The cells of a product: prices as people write them, yes and no, stock, and HTML as plain text."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from lxml import etree, html

from storage.shop.money import currency_signs, digits_of

NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?")
THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,15})?")
SPACED = re.compile(r"[0-9]{1,3}(?:[ '’][0-9]{3}){1,4}(?:[.,][0-9]{1,15})?")
"""Thousands with spaces, or the Swiss way."""
DECIMAL_COMMA = re.compile(r"[0-9]{1,15},[0-9]{1,2}|[0-9]{1,3}(?:\.[0-9]{3}){1,4},[0-9]{1,2}")
DOTTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
STOCK = re.compile(r"(-?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4}))(?:\.0{1,15})?")
NO_CENTS = re.compile(r"[.,][-–—]{1,2}$")
MARKUP = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z#0-9]{2,8};")
ROUNDED_ID = re.compile(r"[0-9](?:\.[0-9]{1,15})?[eE]\+[0-9]{1,3}|[0-9]\.[0-9]{1,15}[eE][0-9]{1,3}")
YES = {"true", "1", "yes", "y", "t"}
NO = {"false", "0", "no", "n", "f"}
BLOCKS = ("p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "hr")
UNREAD = ("script", "style", "template", "head", "iframe", "object")
FORMULA = re.compile(r"=\s*[A-Za-z+(@]")
LARGEST = 2**53 - 1


class FixableError(ValueError):
    """The cell can be read, but only as another value: `fixed` says which, and as an amount where it is a price.

    `exact` is a price that is only written in another way, and not rounded.
    """

    def __init__(self, problem: str, fixed: str, amount: int, *, exact: bool = False) -> None:
        super().__init__(problem)
        self.fixed = fixed
        self.amount = amount
        self.exact = exact


def read_price(cell: str, currency: str) -> int:
    """Return a price in minor units. Spaces, a thousands comma and the currency's own sign are taken as they are.

    Raises:
        FixableError: it has more decimal places than the currency, or a decimal comma.
        ValueError: it is no price.
    """
    digits = digits_of(currency)
    plain = _without_sign(unicodedata.normalize("NFKC", cell), currency)
    if ROUNDED_ID.fullmatch(plain):
        raise ValueError(f"a spreadsheet rounded {cell!r}; export it again, with this column as text")
    if SPACED.fullmatch(plain):
        plain = re.sub(r"[ '’]", "", plain)
    if DECIMAL_COMMA.fullmatch(plain) and digits:
        value = Decimal(plain.replace(".", "").replace(",", "."))
        amount = _minor(value, digits)
        raise FixableError(f"{cell!r} has a decimal comma", str(value), amount, exact=True)
    # As many as a thousand has, or in a currency without decimals thousands with dots.
    if (digits == 3 and "," in plain and "." not in plain) or (not digits and DOTTED.fullmatch(plain)):  # noqa: PLR2004
        raise ValueError(f"{cell!r} can be read in two ways; write no thousands separator")
    if not NUMBER.fullmatch(plain) and not THOUSANDS.fullmatch(plain):
        raise ValueError(f"{cell!r} is not a price in {currency}, such as {'49.90' if digits else '12000'}")
    value = Decimal(plain.replace(",", ""))
    amount = _minor(value, digits)
    if amount > LARGEST:
        raise ValueError(f"{cell!r} is too large for a price")
    if value.scaleb(digits) != amount:
        fixed = str(Decimal(amount).scaleb(-digits))
        raise FixableError(f"{cell!r} has more decimal places than {currency} has ({digits})", fixed, amount)
    return amount


def _minor(value: Decimal, digits: int) -> int:
    return int(value.scaleb(digits).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _without_sign(text: str, currency: str) -> str:
    plain = text.strip().lower()
    signs = currency_signs().get(currency, (currency.lower(),))
    for sign in sorted((unicodedata.normalize("NFKC", one) for one in signs), key=len, reverse=True):
        if sign in plain:
            plain = plain.removeprefix(sign).removesuffix(sign).strip()
            break
    # "CHF 12.–" has no cents.
    return NO_CENTS.sub("", plain)


def read_yes(cell: str) -> bool:
    """Return whether a cell says yes.

    Raises:
        ValueError: it says neither yes nor no.
    """
    said = cell.lower()
    if said not in YES | NO:
        raise ValueError(f"{cell!r} is not true or false")
    return said in YES


def read_stock(cell: str) -> int:
    """Return how many there are; below zero where more were sold.

    Raises:
        ValueError: it is no number.
    """
    found = STOCK.fullmatch(unicodedata.normalize("NFKC", cell))
    if found is None:
        raise ValueError(f"{cell!r} is not a number of pieces")
    return int(found[1].replace(",", ""))


def require_no_formula(cell: str) -> str:
    """Return a cell that is a value.

    Raises:
        ValueError: it is a formula, which a spreadsheet would have to work out.
    """
    if FORMULA.match(cell):
        raise ValueError(f"{cell[:60]!r} is a formula; save its value")
    return cell


def plain_text(cell: str) -> str:
    """Return a description without its HTML: a line per block, and without scripts and what is hidden."""
    if not MARKUP.search(cell):
        return cell
    root = html.fragment_fromstring(cell, create_parent="div")
    etree.strip_elements(root, *UNREAD, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    for hidden in [each for each in root.iterdescendants() if _is_hidden(each)]:
        hidden.drop_tree()
    for column in root.iter("td", "th"):
        column.tail = f" {column.tail or ''}"
    for block in root.iter(*BLOCKS):
        block.text = f"\n{block.text or ''}"
        block.tail = f"\n{block.tail or ''}"
    lines = [" ".join(line.split()) for line in root.text_content().split("\n")]
    return "\n".join(line for line in lines if line)


def _is_hidden(element: html.HtmlElement) -> bool:
    style = "".join((element.get("style") or "").lower().split())
    return element.get("hidden") is not None or "display:none" in style or "visibility:hidden" in style
