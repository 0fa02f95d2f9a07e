"""What a rule allows: each change before it is written, with its question, the sentence once done, and the write."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from mcp_servers.orders import words
from mcp_servers.orders.words import Words, address_text, into_method, items_text, line_text, method_name
from storage.shop import order_changes
from storage.shop.customers import Customer, PaymentKind, PaymentMethod
from storage.shop.money import money
from storage.shop.orders import CancelReason, Order, OrderLine
from storage.shop.products import Variant

REFUND_BUSINESS_DAYS = (5, 7)
"""How long a refund takes to any method but a gift card, which has it at once."""


class Plan(ABC):
    """One allowed change. Its sentences are of the moment it was planned, so ask for both before `apply`."""

    asks: ClassVar[Words]
    tells: ClassVar[Words]

    def question(self, language: str) -> str:
        """Return what it will do, as the customer is asked."""
        return self.asks.told(language, **self.facts(language))

    def done(self, language: str) -> str:
        """Return what it has done, as the customer is told."""
        return self.tells.told(language, **self.facts(language))

    @abstractmethod
    def facts(self, language: str) -> dict[str, str]:
        """Return what both sentences name."""

    @abstractmethod
    def apply(self) -> None:
        """Write the change. The caller owns the transaction."""


@dataclass(frozen=True)
class Refund:
    """Money that goes back to one payment method, in minor units."""

    method: PaymentMethod
    amount: int
    currency: str

    def words(self, language: str) -> str:
        """Return how much goes where, and how soon."""
        first, last = REFUND_BUSINESS_DAYS
        when = words.REFUNDED_AT_ONCE if self.method.kind is PaymentKind.GIFT_CARD else words.REFUNDED_LATER
        return when.told(language, **self._facts(language), first=first, last=last)

    def words_on_return(self, language: str) -> str:
        """Return how much goes where once the parcel is back."""
        if not self.amount:
            return words.NO_REFUND.told(language)
        return words.ON_RETURN.told(language, settled=words.REFUNDED.told(language, **self._facts(language)))

    def _facts(self, language: str) -> dict[str, str]:
        return {"amount": money(self.amount, self.currency), "into": into_method(self.method, language)}


@dataclass(frozen=True)
class Cancellation(Plan):
    """An order's cancellation: why, and what goes back where."""

    order: Order
    reason: CancelReason
    refunds: tuple[Refund, ...]

    asks = Words("Cancel order {order}: {items}, {refunds}.", "주문 {order} 취소: {items}, {refunds}.")
    tells = Words("Order {order} is cancelled. {refunded}.", "주문 {order} 취소가 완료되었습니다. {refunded}.")

    def facts(self, language: str) -> dict[str, str]:
        """Return the order, how many items it has, and each refund."""
        parts = [refund.words(language) for refund in self.refunds] or [words.NO_REFUND.told(language)]
        return {
            "order": self.order.id,
            "items": items_text(len(self.order.lines), language),
            "refunds": ", ".join(parts),
            "refunded": words.as_sentence(parts),
        }

    def apply(self) -> None:
        """Cancel the order, and book each refund."""
        order_changes.cancel(self.order, self.reason)
        for refund in self.refunds:
            order_changes.refund(self.order, refund.method, refund.amount)


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
class SwapPlan(Plan):
    """Variants that take the place of some of an order's lines, and who pays or gets back the difference."""

    order: Order
    swaps: tuple[Swap, ...]
    method: PaymentMethod

    @property
    def difference(self) -> int:
        """What the new items cost more (or, negative, less), in minor units."""
        return sum(swap.difference for swap in self.swaps)

    @property
    def refund(self) -> Refund:
        """What goes back where the new items cost less."""
        return Refund(self.method, -self.difference, self.order.currency)

    def facts(self, language: str) -> dict[str, str]:
        """Return the order, its swaps, and how the difference is settled."""
        settled = self.settled(language) if self.difference else words.NO_DIFFERENCE.told(language)
        swaps = "; ".join(swap.words() for swap in self.swaps)
        return {"order": self.order.id, "swaps": swaps, "settled": settled}

    @abstractmethod
    def settled(self, language: str) -> str:
        """Return how a difference that is not zero is settled."""

    def charged(self, language: str) -> str:
        """Return how much is charged where the new items cost more."""
        amount = money(self.difference, self.order.currency)
        return words.CHARGED.told(language, amount=amount, method=method_name(self.method, language))


@dataclass(frozen=True)
class ItemChange(SwapPlan):
    """New variants for some lines of a pending order; settled at once."""

    asks = Words(
        "Change order {order}: {swaps}; {settled}. After this, you can no longer change its items or cancel it.",
        "주문 {order} 상품 변경: {swaps}, {settled}. 변경 후에는 상품을 다시 변경하거나 주문을 취소할 수 없습니다.",
    )
    tells = Words(
        "Order {order} has been changed: {swaps}; {settled}.", "주문 {order} 상품이 변경되었습니다: {swaps}, {settled}."
    )

    def settled(self, language: str) -> str:
        """Return what is charged, or goes back and how soon."""
        return self.charged(language) if self.difference > 0 else self.refund.words(language)

    def apply(self) -> None:
        """Settle the difference, and give each line its new item."""
        if self.difference > 0:
            order_changes.charge(self.order, self.method, self.difference)
        elif self.difference < 0:
            order_changes.refund(self.order, self.method, -self.difference)
        order_changes.change_items(self.order, [(swap.line, swap.variant) for swap in self.swaps])


@dataclass(frozen=True)
class Exchange(SwapPlan):
    """Lines of a delivered order and the variants sent for them; settled when the parcel is back."""

    asks = Words("Exchange items from order {order}: {swaps}; {settled}.", "주문 {order} 교환: {swaps}, {settled}.")
    tells = Words(
        "The exchange for order {order} has been requested: {swaps}; {settled}.",
        "주문 {order} 교환이 접수되었습니다: {swaps}, {settled}.",
    )

    def settled(self, language: str) -> str:
        """Return what is charged or goes back once the parcel is back."""
        if self.difference < 0:
            return self.refund.words_on_return(language)
        return words.ON_RETURN.told(language, settled=self.charged(language))

    def apply(self) -> None:
        """Note what comes back and what is sent for it."""
        old = [swap.line.item_id for swap in self.swaps]
        new = [swap.variant.item_id for swap in self.swaps]
        order_changes.request_exchange(self.order, old, new, self.method, self.difference)


@dataclass(frozen=True)
class AddressChange(Plan):
    """Another address for an order."""

    order: Order
    address: Mapping[str, str]

    asks = Words("Send order {order} to {address}.", "주문 {order} 배송지 변경: {address}.")
    tells = Words(
        "The delivery address of order {order} has been changed to {address}.",
        "주문 {order} 배송지가 변경되었습니다: {address}.",
    )

    def facts(self, language: str) -> dict[str, str]:
        """Return the order and the address."""
        return {"order": self.order.id, "address": address_text(self.address)}

    def apply(self) -> None:
        """Give the order its new address."""
        order_changes.move(self.order, self.address)


@dataclass(frozen=True)
class CustomerMove(Plan):
    """Another address for a customer's account."""

    customer: Customer
    address: Mapping[str, str]

    asks = Words("Change your account address to {address}.", "계정 주소 변경: {address}.")
    tells = Words("Your account address has been changed to {address}.", "계정 주소가 변경되었습니다: {address}.")

    def facts(self, language: str) -> dict[str, str]:
        """Return the address."""
        return {"address": address_text(self.address)}

    def apply(self) -> None:
        """Give the customer the new address."""
        order_changes.move(self.customer, self.address)


@dataclass(frozen=True)
class PaymentChange(Plan):
    """Another payment method for an order: it is charged, and the old one refunded."""

    order: Order
    method: PaymentMethod
    refund: Refund

    asks = Words("Pay for order {order} with your {method}: {paid}.", "주문 {order} 결제 수단을 {into} 변경: {paid}.")
    tells = Words(
        "Order {order} is now paid with your {method}: {paid}.",
        "주문 {order} 결제 수단이 {into} 변경되었습니다: {paid}.",
    )

    def facts(self, language: str) -> dict[str, str]:
        """Return the order, the new method, and what moves."""
        amount = money(self.refund.amount, self.order.currency)
        paid = words.PAID_WITH if self.refund.amount else words.NOTHING_PAID
        return {
            "order": self.order.id,
            "method": method_name(self.method, language),
            "into": into_method(self.method, language),
            "paid": paid.told(language, amount=amount, refund=self.refund.words(language)),
        }

    def apply(self) -> None:
        """Charge the new method, and refund the old one."""
        order_changes.charge(self.order, self.method, self.refund.amount)
        order_changes.refund(self.order, self.refund.method, self.refund.amount)


@dataclass(frozen=True)
class Return(Plan):
    """Lines of a delivered order that go back, and where the money goes once they are here."""

    order: Order
    lines: tuple[OrderLine, ...]
    method: PaymentMethod

    asks = Words("Return items from order {order}: {lines}; {refund}.", "주문 {order} 반품: {lines}, {refund}.")
    tells = Words(
        "The return for order {order} has been requested: {lines}; {refund}.",
        "주문 {order} 반품이 접수되었습니다: {lines}, {refund}.",
    )

    def facts(self, language: str) -> dict[str, str]:
        """Return the order, what goes back, and the refund."""
        refund = Refund(self.method, sum(line.price for line in self.lines), self.order.currency)
        lines = ", ".join(line_text(line.name, line.options) for line in self.lines)
        return {"order": self.order.id, "lines": lines, "refund": refund.words_on_return(language)}

    def apply(self) -> None:
        """Note what comes back, and where its price goes then."""
        order_changes.request_return(self.order, [line.item_id for line in self.lines], self.method)
