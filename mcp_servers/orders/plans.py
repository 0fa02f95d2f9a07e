"""Allowed changes: each with its question, the sentence for when it is done, and the write."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from mcp_servers.orders.words import WORDS, address_text, line_text, method_facts
from storage.shop import order_changes
from storage.shop.customers import Customer, PaymentKind, PaymentMethod
from storage.shop.money import money
from storage.shop.orders import CancelReason, Order, OrderLine
from storage.shop.products import Variant
from storage.words.catalogue import Fact

REFUND_BUSINESS_DAYS = (5, 7)
"""How long a refund takes to any method except a gift card, which is immediate."""


class Plan(ABC):
    """One allowed change. Its sentences describe the state before the write, so get both before `apply`."""

    asks: ClassVar[str]
    tells: ClassVar[str]

    def question(self, language: str) -> str:
        """Return what it will do, as the question to the customer."""
        return WORDS.say(self.asks, language, **self.facts(language))

    def done(self, language: str) -> str:
        """Return what it has done, as told to the customer."""
        return WORDS.say(self.tells, language, **self.facts(language))

    @abstractmethod
    def facts(self, language: str) -> dict[str, Fact]:
        """Return the facts for both sentences."""

    @abstractmethod
    def apply(self) -> None:
        """Write the change. The caller owns the transaction."""


@dataclass(frozen=True)
class Refund:
    """A refund to one payment method, in minor units."""

    method: PaymentMethod
    amount: int
    currency: str

    def words(self, language: str) -> str:
        """Return how much goes where, and how soon."""
        if self.method.kind is PaymentKind.GIFT_CARD:
            return WORDS.say("refund_at_once", language, **self._facts(language))
        first, last = REFUND_BUSINESS_DAYS
        return WORDS.say("refund_later", language, **self._facts(language), first=first, last=last)

    def words_on_return(self, language: str) -> str:
        """Return how much goes where once the parcel is back."""
        return WORDS.say("refund_on_return" if self.amount else "refund_nothing", language, **self._facts(language))

    def _facts(self, language: str) -> dict[str, str]:
        return {"amount": money(self.amount, self.currency, language), **method_facts(self.method)}


@dataclass(frozen=True)
class Cancellation(Plan):
    """An order's cancellation: the reason and the refunds."""

    order: Order
    reason: CancelReason
    refunds: tuple[Refund, ...]

    asks, tells = "cancel_ask", "cancel_done"

    def facts(self, language: str) -> dict[str, Fact]:
        """Return the order, how many items it has, and each refund."""
        refunds = [refund.words(language) for refund in self.refunds] or [WORDS.say("refund_nothing", language)]
        return {"order": self.order.id, "count": len(self.order.lines), "refunds": " ".join(refunds)}

    def apply(self) -> None:
        """Cancel the order, and book each refund."""
        order_changes.cancel(self.order, self.reason)
        for refund in self.refunds:
            order_changes.refund(self.order, refund.method, refund.amount)


@dataclass(frozen=True)
class Swap:
    """One line of an order and the variant that replaces it.

    `difference` is the price difference (new minus old) in minor units when planned: the line's own price changes as
    soon as the swap is written.
    """

    line: OrderLine
    variant: Variant
    difference: int

    def words(self, language: str) -> str:
        """Return the old and the new item."""
        name = self.line.name_in(language)
        return f"{line_text(name, self.line.options)} → {line_text(name, self.variant.options)}"


@dataclass(frozen=True)
class SwapPlan(Plan):
    """Variants that replace some of an order's lines, and how the difference is settled."""

    order: Order
    swaps: tuple[Swap, ...]
    method: PaymentMethod

    @property
    def difference(self) -> int:
        """The price difference (new minus old), in minor units."""
        return sum(swap.difference for swap in self.swaps)

    @property
    def refund(self) -> Refund:
        """The refund if the new items cost less."""
        return Refund(self.method, -self.difference, self.order.currency)

    def facts(self, language: str) -> dict[str, Fact]:
        """Return the order, its swaps, and how the difference is settled."""
        settled = self.settled(language) if self.difference else WORDS.say("no_difference", language)
        swaps = "; ".join(swap.words(language) for swap in self.swaps)
        return {"order": self.order.id, "swaps": swaps, "settled": settled}

    @abstractmethod
    def settled(self, language: str) -> str:
        """Return how a difference that is not zero is settled."""

    def charged(self, message: str, language: str) -> str:
        """Return how much is charged if the new items cost more."""
        return WORDS.say(
            message, language, amount=money(self.difference, self.order.currency, language), **method_facts(self.method)
        )


@dataclass(frozen=True)
class ItemChange(SwapPlan):
    """New variants for some lines of a pending order; settled immediately."""

    asks, tells = "items_ask", "items_done"

    def settled(self, language: str) -> str:
        """Return what is charged or refunded, and how soon; of an order that is not paid yet, what it will cost."""
        if self.order.unpaid:
            total = money(self.order.total + self.difference, self.order.currency, language)
            return WORDS.say("unpaid", language, amount=total)
        return self.charged("charge", language) if self.difference > 0 else self.refund.words(language)

    def apply(self) -> None:
        """Settle the difference where the order is paid, and give each line its new item."""
        if self.difference > 0 and not self.order.unpaid:
            order_changes.charge(self.order, self.method, self.difference)
        elif self.difference < 0 and not self.order.unpaid:
            order_changes.refund(self.order, self.method, -self.difference)
        order_changes.change_items(self.order, [(swap.line, swap.variant) for swap in self.swaps])


@dataclass(frozen=True)
class Exchange(SwapPlan):
    """Lines of a delivered order and the variants sent for them; settled when the parcel is back."""

    asks, tells = "exchange_ask", "exchange_done"

    def settled(self, language: str) -> str:
        """Return what is charged or refunded once the parcel is back."""
        if self.difference < 0:
            return self.refund.words_on_return(language)
        return self.charged("charge_on_return", language)

    def apply(self) -> None:
        """Record what is returned and what replaces it."""
        old = [swap.line.item_id for swap in self.swaps]
        new = [swap.variant.item_id for swap in self.swaps]
        order_changes.request_exchange(self.order, old, new, self.method, self.difference)


@dataclass(frozen=True)
class AddressChange(Plan):
    """A new address for an order."""

    order: Order
    address: Mapping[str, str]

    asks, tells = "address_ask", "address_done"

    def facts(self, language: str) -> dict[str, Fact]:
        """Return the order and the address."""
        return {"order": self.order.id, "address": address_text(self.address)}

    def apply(self) -> None:
        """Set the order's new address."""
        order_changes.move(self.order, self.address)


@dataclass(frozen=True)
class CustomerMove(Plan):
    """A new address for a customer's account."""

    customer: Customer
    address: Mapping[str, str]

    asks, tells = "move_ask", "move_done"

    def facts(self, language: str) -> dict[str, Fact]:
        """Return the address."""
        return {"address": address_text(self.address)}

    def apply(self) -> None:
        """Set the customer's new address."""
        order_changes.move(self.customer, self.address)


@dataclass(frozen=True)
class PaymentChange(Plan):
    """Another payment method for an order: it is charged, and the old one refunded."""

    order: Order
    method: PaymentMethod
    refund: Refund

    asks, tells = "payment_ask", "payment_done"

    def facts(self, language: str) -> dict[str, Fact]:
        """Return the order, the new method, and what moves."""
        amount = money(self.refund.amount, self.order.currency, language)
        moved = "moved" if self.refund.amount else "moved_nothing"
        return {
            "order": self.order.id,
            "moved": WORDS.say(moved, language, amount=amount, refund=self.refund.words(language)),
            **method_facts(self.method),
        }

    def apply(self) -> None:
        """Charge the new method, and refund the old one."""
        order_changes.charge(self.order, self.method, self.refund.amount)
        order_changes.refund(self.order, self.refund.method, self.refund.amount)


@dataclass(frozen=True)
class Return(Plan):
    """Lines of a delivered order to return, and where the money goes once they arrive."""

    order: Order
    lines: tuple[OrderLine, ...]
    method: PaymentMethod

    asks, tells = "return_ask", "return_done"

    def facts(self, language: str) -> dict[str, Fact]:
        """Return the order, what is returned, and the refund."""
        refund = Refund(self.method, sum(line.price for line in self.lines), self.order.currency)
        lines = ", ".join(line_text(line.name_in(language), line.options) for line in self.lines)
        return {"order": self.order.id, "lines": lines, "refund": refund.words_on_return(language)}

    def apply(self) -> None:
        """Record what is returned, and where its price is refunded."""
        order_changes.request_return(self.order, [line.item_id for line in self.lines], self.method)
