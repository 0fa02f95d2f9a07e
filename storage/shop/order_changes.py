"""Writes to an order once its rule has allowed them; amounts are in minor units. The caller owns the transaction."""

from collections.abc import Iterable, Mapping, Sequence

from storage.shop.customers import PaymentKind, PaymentMethod
from storage.shop.orders import CancelReason, Order, OrderLine, OrderStatus, Payment, PaymentType
from storage.shop.products import Variant


def cancel(order: Order, reason: CancelReason) -> None:
    """Mark an order as cancelled."""
    order.status = OrderStatus.CANCELLED
    order.cancel_reason = reason


def change_items(order: Order, swaps: Iterable[tuple[OrderLine, Variant]]) -> None:
    """Set each line's item id, price and options to those of its new item."""
    for line, variant in swaps:
        line.item_id = variant.item_id
        line.options = dict(variant.options)
        line.price = variant.price
    order.status = OrderStatus.ITEMS_CHANGED


def request_return(order: Order, item_ids: Sequence[str], method: PaymentMethod) -> None:
    """Record what is being returned, and where its price is to be refunded."""
    order.status = OrderStatus.RETURN_REQUESTED
    order.return_item_ids = list(item_ids)
    order.return_payment_method_id = method.id


def request_exchange(
    order: Order, item_ids: Sequence[str], new_item_ids: Sequence[str], method: PaymentMethod, difference: int
) -> None:
    """Record what is being returned, what replaces it (paired by position), and how the difference will be settled."""
    order.status = OrderStatus.EXCHANGE_REQUESTED
    order.exchange_item_ids = list(item_ids)
    order.exchange_new_item_ids = list(new_item_ids)
    order.exchange_payment_method_id = method.id
    order.exchange_price_difference = difference


def move(row: object, address: Mapping[str, str]) -> None:
    """Change the address of an order or a customer."""
    for field, value in address.items():
        setattr(row, field, value)


def charge(order: Order, method: PaymentMethod, amount: int) -> None:
    """Book a payment from a payment method; a gift card's balance drops immediately."""
    _book(order, PaymentType.PAYMENT, method, amount)
    if method.kind is PaymentKind.GIFT_CARD:
        method.balance = (method.balance or 0) - amount


def refund(order: Order, method: PaymentMethod, amount: int) -> None:
    """Book a refund to a payment method; a gift card's balance rises immediately."""
    _book(order, PaymentType.REFUND, method, amount)
    if method.kind is PaymentKind.GIFT_CARD:
        method.balance = (method.balance or 0) + amount


def _book(order: Order, kind: PaymentType, method: PaymentMethod, amount: int) -> None:
    order.payments.append(
        Payment(
            number=len(order.payments) + 1,
            customer_id=order.customer_id,
            type=kind,
            amount=amount,
            payment_method_id=method.id,
        )
    )
