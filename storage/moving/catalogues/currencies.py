"""Which currency a file's amounts are in: a shop has one."""

from collections.abc import Sequence
from pathlib import Path

from storage.moving.catalogues.maps import MapError
from storage.moving.catalogues.reading import Table
from storage.shop.spelling import folded_label

CODE_LETTERS = 3


def currency_of(
    file: Path, table: Table, columns: Sequence[str], *, told: str | None, usual: str | None, of_shop: str | None
) -> str:
    """Return the currency's code (ISO 4217): the shop's, or what a shop without one gets.

    Args:
        file: what to call the file in an error.
        table: the file.
        columns: where it may say its currency.
        told: what the caller says; it comes before the file.
        usual: what the file's system always has; it comes last.
        of_shop: the shop's currency; None if it has none yet.

    Raises:
        MapError: nothing says which, it is no currency's code, or not the shop's.
    """
    names = [folded_label(each) for each in columns]
    in_file = next((line.cells[each] for line in table.lines for each in names if line.cells.get(each)), None)
    said = (told or in_file or usual or "").upper() or None
    currency = of_shop or said
    if currency is None:
        raise MapError(f"{file} does not say which currency its prices are in. Add it: --currency USD.")
    if len(currency) != CODE_LETTERS or not (currency.isascii() and currency.isalpha() and currency.isupper()):
        raise MapError(f"{currency!r} is not a currency's code, such as USD.")
    if said is not None and said != currency:
        raise MapError(
            f"{file} has prices in {said}, and the shop's are in {currency}; a shop has one currency. "
            "Nothing was imported."
        )
    return currency
