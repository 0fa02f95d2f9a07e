"""The rows that a change wrote, as facts that a customer understands. Columns that are not named here stay here."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ui.cards.shapes import Difference

Row = Mapping[str, Any]
POSTAL = ("address1", "address2", "city", "state", "zip", "country")


def differences_in(changes: Iterable[Row]) -> list[Difference]:
    """Return what is different after these rows were written, in the order in which they were."""
    return [found for change in changes for found in _in_row(change)]


def _in_row(change: Row) -> Iterator[Difference]:
    before, after = change.get("before") or {}, change.get("after") or {}
    match change.get("table"):
        case "orders":
            yield from _status(before, after)
            yield from _address(before, after)
        case "customers":
            yield from _address(before, after)
        case "order_lines" if "options" in after:
            yield Difference(what="item", was=words_of(before.get("options")), now=words_of(after["options"]))
            if "price" in after:
                yield Difference(what="price", was=before.get("price"), now=after["price"])
        case "payments" if after.get("type") in {"payment", "refund"}:
            yield Difference(what=after["type"], now=after["amount"])
        case "payment_methods" if "balance" in after:
            yield Difference(what="gift_card", was=before.get("balance"), now=after["balance"])


def _status(before: Row, after: Row) -> Iterator[Difference]:
    if "status" in after:
        yield Difference(what="status", was=before.get("status"), now=after["status"])


def _address(before: Row, after: Row) -> Iterator[Difference]:
    """Only the lines of the address that changed."""
    if any(name in after for name in POSTAL):
        was, now = (", ".join(str(row[name]) for name in POSTAL if row.get(name)) for row in (before, after))
        yield Difference(what="address", was=was, now=now)


def words_of(options: Mapping[str, str] | None) -> str | None:
    """Return an item's options as a customer reads them."""
    return None if options is None else ", ".join(f"{name}: {value}" for name, value in options.items())
