"""What a rule allows: each change of an order before it is written, and the sentence the customer is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from mcp_servers.orders.wording import address_text, items_text, line_text, method_name, text
from storage.customers import PaymentKind, PaymentMethod
from storage.money import money
from storage.orders import CancelReason, Order, OrderLine
from storage.products import Variant

REFUND_BUSINESS_DAYS = (5, 7)
"""How long a refund takes to any method but a gift card, which has it at once."""


@dataclass(frozen=True)
class Refund:
    """Money that goes back to one payment method, in minor units."""

    method: PaymentMethod
    amount: int
    currency: str

    def words(self, language: str) -> str:
        """Return how much goes where, and how soon."""
        first, last = REFUND_BUSINESS_DAYS
        return text(
            "refund_at_once" if self.method.kind is PaymentKind.GIFT_CARD else "refund_later",
            language,
            amount=money(self.amount, self.currency),
            method=method_name(self.method, language),
            first=first,
            last=last,
        )


@dataclass(frozen=True)
class Swap:
    """One line of an order and the variant that takes its place.

    `difference` is what it costs more (or, negative, less), in minor units, as of the plan: the line's own price is
    another one as soon as the swap is written.
    """

    line: OrderLine
    variant: Variant
    difference: int

    def words(self) -> str:
        """Return the old and the new item."""
        return f"{line_text(self.line.name, self.line.options)} → {line_text(self.line.name, self.variant.options)}"


@dataclass(frozen=True)
class Cancellation:
    """An order's cancellation: why, and what goes back where."""

    order: Order
    reason: CancelReason
    refunds: tuple[Refund, ...]

    def sentence(self, language: str) -> str:
        """Return what it will do, as the customer is asked."""
        refunds = ", ".join(refund.words(language) for refund in self.refunds)
        items = items_text(len(self.order.lines), language)
        return text("cancel", language, order=self.order.id, items=items, refunds=refunds)


@dataclass(frozen=True)
class ItemChange:
    """New variants for some of an order's lines, and who pays or gets back the difference."""

    order: Order
    swaps: tuple[Swap, ...]
    method: PaymentMethod

    @property
    def difference(self) -> int:
        """What the order costs more (or, negative, less), in minor units."""
        return sum(swap.difference for swap in self.swaps)

    def sentence(self, language: str) -> str:
        """Return what it will do, as the customer is asked."""
        swaps = "; ".join(swap.words() for swap in self.swaps)
        return text("change_items", language, order=self.order.id, swaps=swaps, settled=self._settled(language))

    def _settled(self, language: str) -> str:
        if self.difference < 0:
            return Refund(self.method, -self.difference, self.order.currency).words(language)
        amount = money(self.difference, self.order.currency)
        return text(
            "charge" if self.difference else "no_difference",
            language,
            amount=amount,
            method=method_name(self.method, language),
        )


@dataclass(frozen=True)
class AddressChange:
    """Another address for an order."""

    order: Order
    address: Mapping[str, str]

    def sentence(self, language: str) -> str:
        """Return what it will do, as the customer is asked."""
        return text("change_address", language, order=self.order.id, address=address_text(self.address))


@dataclass(frozen=True)
class PaymentChange:
    """Another payment method for an order: it is charged, and the old one refunded."""

    order: Order
    method: PaymentMethod
    refund: Refund

    def sentence(self, language: str) -> str:
        """Return what it will do, as the customer is asked."""
        return text(
            "change_payment",
            language,
            order=self.order.id,
            amount=money(self.refund.amount, self.order.currency),
            method=method_name(self.method, language),
            refund=self.refund.words(language),
        )


@dataclass(frozen=True)
class Return:
    """Lines of a delivered order that go back, and where the money goes once they are here."""

    order: Order
    lines: tuple[OrderLine, ...]
    method: PaymentMethod

    def sentence(self, language: str) -> str:
        """Return what it will do, as the customer is asked."""
        return text(
            "return",
            language,
            order=self.order.id,
            lines=", ".join(line_text(line.name, line.options) for line in self.lines),
            amount=money(sum(line.price for line in self.lines), self.order.currency),
            method=method_name(self.method, language),
        )


@dataclass(frozen=True)
class Exchange:
    """Lines of a delivered order and the variants sent for them; settled when the parcel is back."""

    order: Order
    swaps: tuple[Swap, ...]
    method: PaymentMethod

    @property
    def difference(self) -> int:
        """What the new items cost more (or, negative, less), in minor units."""
        return sum(swap.difference for swap in self.swaps)

    def sentence(self, language: str) -> str:
        """Return what it will do, as the customer is asked."""
        key = (
            "exchange_charge" if self.difference > 0 else "exchange_refund" if self.difference < 0 else "no_difference"
        )
        settled = text(
            key,
            language,
            amount=money(abs(self.difference), self.order.currency),
            method=method_name(self.method, language),
        )
        swaps = "; ".join(swap.words() for swap in self.swaps)
        return text("exchange", language, order=self.order.id, swaps=swaps, settled=settled)
