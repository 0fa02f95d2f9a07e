"""What an order's customer reads: the messages of `en.ftl` and `ko.ftl`, and the facts that go into them."""

from collections.abc import Mapping
from pathlib import Path

from storage.shop.customers import PaymentKind, PaymentMethod
from storage.words.catalogue import Catalogue

WORDS = Catalogue(Path(__file__).parent)


def line_text(name: str, options: Mapping[str, str]) -> str:
    """Return an item as a customer knows it, such as 'T-Shirt (blue, M)'."""
    return f"{name} ({', '.join(options.values())})" if options else name


def address_text(address: Mapping[str, str]) -> str:
    """Return an address in one line."""
    order = ("address1", "address2", "city", "state", "zip", "country")
    return ", ".join(address[field] for field in order if address[field])


def method_facts(method: PaymentMethod) -> dict[str, str]:
    """Return what the messages say of a payment method; a card of no known brand is only a card.

    One without its last figures is known by its name alone, as another shop's orders tell it: it need not be a card.
    """
    if method.kind is PaymentKind.CREDIT_CARD and method.brand and not method.last_four:
        return {"kind": "named", "brand": method.brand, "last_four": ""}
    kind = "card" if method.kind is PaymentKind.CREDIT_CARD and not method.brand else method.kind.value
    return {"kind": kind, "brand": (method.brand or "").title(), "last_four": method.last_four or "····"}


def method_name(method: PaymentMethod, language: str) -> str:
    """Return what a customer calls a payment method."""
    return WORDS.say("method", language, **method_facts(method))
