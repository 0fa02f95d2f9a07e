"""What is allowed with an order: pure functions, and one error for each way to be refused."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from mcp_servers.orders.wording import items_text, method_name, text
from storage.customers import PaymentKind, PaymentMethod
from storage.errors import ShopError
from storage.money import money
from storage.orders import CancelReason, Order, OrderStatus, PaymentType

REFUND_BUSINESS_DAYS = (5, 7)
"""How long a refund takes to any method but a gift card, which has it at once."""

Methods = Mapping[str, PaymentMethod]


class NotCancellableError(ShopError):
    """Only a pending order can be cancelled."""

    def __init__(self, order: Order) -> None:
        way_out = "Offer a return instead." if order.status is OrderStatus.DELIVERED else "Offer to open a ticket."
        super().__init__(f"Order {order.id} is {order.status.value}; only pending orders can be cancelled. {way_out}")


@dataclass(frozen=True)
class Refund:
    """Money that goes back to one payment method, in minor units."""

    method: PaymentMethod
    amount: int

    @property
    def at_once(self) -> bool:
        """Whether the customer has it at once; otherwise it takes REFUND_BUSINESS_DAYS."""
        return self.method.kind is PaymentKind.GIFT_CARD


@dataclass(frozen=True)
class Cancellation:
    """An order's cancellation: why, and what goes back where."""

    order: Order
    reason: CancelReason
    refunds: tuple[Refund, ...]

    def sentence(self, language: str) -> str:
        """Return what it will do, as the customer is asked."""
        refunds = [self._refund_text(refund, language) for refund in self.refunds]
        items = items_text(len(self.order.lines), language)
        return text("cancel", language, order=self.order.id, items=items, refunds=", ".join(refunds))

    def _refund_text(self, refund: Refund, language: str) -> str:
        first, last = REFUND_BUSINESS_DAYS
        return text(
            "refund_at_once" if refund.at_once else "refund_later",
            language,
            amount=money(refund.amount, self.order.currency),
            method=method_name(refund.method, language),
            first=first,
            last=last,
        )


def cancel(order: Order, methods: Methods, reason: CancelReason) -> Cancellation:
    """Return the cancellation of an order.

    Raises:
        NotCancellableError: the order is not pending.
    """
    if order.status is not OrderStatus.PENDING:
        raise NotCancellableError(order)
    held = held_by_method(order)
    refunds = tuple(Refund(methods[method_id], amount) for method_id, amount in held.items() if amount > 0)
    return Cancellation(order, reason, refunds)


def held_by_method(order: Order) -> dict[str, int]:
    """Return what each payment method has paid for the order, net of refunds, in minor units."""
    held: dict[str, int] = defaultdict(int)
    for payment in order.payments:
        held[payment.payment_method_id] += payment.amount if payment.type is PaymentType.PAYMENT else -payment.amount
    return dict(held)


def allowed_actions(order: Order) -> list[str]:
    """Return the tools that can still do something with the order."""
    return ["cancel_order"] if order.status is OrderStatus.PENDING else []
