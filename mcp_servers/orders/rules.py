"""What is allowed with an order: pure functions that return the change, or raise the error that applies."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeVar

from mcp_servers.orders import refusals
from mcp_servers.orders.plans import (
    AddressChange,
    Cancellation,
    CustomerMove,
    Exchange,
    ItemChange,
    PaymentChange,
    Refund,
    Return,
    Swap,
    SwapPlan,
)
from storage.shop.customers import Customer, PaymentKind, PaymentMethod
from storage.shop.orders import CancelReason, Order, OrderLine, OrderStatus, PaymentType
from storage.shop.products import Variant
from storage.shop.spelling import find_meant, meant

STILL_PENDING = frozenset({OrderStatus.PENDING, OrderStatus.ITEMS_CHANGED})

Methods = Mapping[str, PaymentMethod]
Variants = Mapping[str, Variant]
Swapping = TypeVar("Swapping", bound=SwapPlan)


def cancel(order: Order, methods: Methods, reason: CancelReason) -> Cancellation:
    """Cancel a pending order: each payment method is refunded what it has paid, net of refunds.

    Raises:
        NotCancellableError: the order is not pending.
    """
    if order.status is not OrderStatus.PENDING:
        raise refusals.NotCancellableError(order)
    held = held_by_method(order)
    refunds = tuple(Refund(methods[key], amount, order.currency) for key, amount in held.items() if amount > 0)
    return Cancellation(order, reason, refunds)


def change_items(
    order: Order,
    methods: Methods,
    variants: Variants,
    item_ids: Sequence[str],
    new_item_ids: Sequence[str],
    payment_method_id: str,
) -> ItemChange:
    """Change items of a pending order, once, each to another available variant of its product.

    Raises:
        ShopError: one of `refusals`: status, items, pairing, product, availability, payment method or balance.
    """
    if order.status is not OrderStatus.PENDING:
        raise refusals.ItemsNotChangeableError(order)
    swaps = _swaps(order, variants, item_ids, new_item_ids)
    for swap in swaps:
        if swap.variant.item_id == swap.line.item_id:
            raise refusals.SameItemError(swap.line.item_id)
    return _covered(ItemChange(order, swaps, _method(methods, payment_method_id)))


def change_address(order: Order, address: Mapping[str, str]) -> AddressChange:
    """Send an order that has not shipped to another address.

    Raises:
        AddressNotChangeableError: the order is no longer pending.
    """
    if order.status not in STILL_PENDING:
        raise refusals.AddressNotChangeableError(order)
    return AddressChange(order, address)


def change_customer_address(customer: Customer, address: Mapping[str, str]) -> CustomerMove:
    """Change the address of a customer's account, which is always allowed."""
    return CustomerMove(customer, address)


def change_payment(order: Order, methods: Methods, payment_method_id: str) -> PaymentChange:
    """Charge another payment method for an order that has exactly one payment, and refund the old one.

    Raises:
        ShopError: one of `refusals`: status, several payments, payment method or balance.
    """
    if order.status not in STILL_PENDING:
        raise refusals.PaymentNotChangeableError(order)
    if not _paid_once(order):
        raise refusals.SeveralPaymentsError(order)
    method, paid = _method(methods, payment_method_id), order.payments[0]
    if paid.payment_method_id == method.id:
        raise refusals.SamePaymentMethodError(order, method)
    _require_cover(method, paid.amount, order)
    return PaymentChange(order, method, Refund(methods[paid.payment_method_id], paid.amount, order.currency))


def return_items(order: Order, methods: Methods, item_ids: Sequence[str], payment_method_id: str) -> Return:
    """Ask for a return of a delivered order's items, refunded to a method it was paid with or a gift card.

    Raises:
        ShopError: one of `refusals`: status, items, payment method, or a refund that would go elsewhere.
    """
    if order.status is not OrderStatus.DELIVERED:
        raise refusals.NotReturnableError(order)
    lines = _lines(order, item_ids)
    method = _method(methods, payment_method_id)
    paid_with = [key for key, amount in held_by_method(order).items() if amount > 0]
    if method.id not in paid_with and method.kind is not PaymentKind.GIFT_CARD:
        raise refusals.RefundElsewhereError(method, [methods[key] for key in paid_with])
    return Return(order, lines, method)


def exchange_items(
    order: Order,
    methods: Methods,
    variants: Variants,
    item_ids: Sequence[str],
    new_item_ids: Sequence[str],
    payment_method_id: str,
) -> Exchange:
    """Ask for an exchange of a delivered order's items for available variants of the same products.

    Raises:
        ShopError: one of `refusals`: status, items, pairing, product, availability, payment method or balance.
    """
    if order.status is not OrderStatus.DELIVERED:
        raise refusals.NotExchangeableError(order)
    swaps = _swaps(order, variants, item_ids, new_item_ids)
    return _covered(Exchange(order, swaps, _method(methods, payment_method_id)))


def allowed_actions(order: Order) -> list[str]:
    """Return the tools that can still be used on the order."""
    if order.status is OrderStatus.DELIVERED:
        return ["return_items", "exchange_items"]
    if order.status not in STILL_PENDING:
        return []
    whole = ["cancel_order", "change_order_items"] if order.status is OrderStatus.PENDING else []
    return [*whole, "change_order_address", *(["change_order_payment"] if _paid_once(order) else [])]


def held_by_method(order: Order) -> dict[str, int]:
    """Return what each payment method has paid for the order, net of refunds, in minor units."""
    held: dict[str, int] = defaultdict(int)
    for payment in order.payments:
        held[payment.payment_method_id] += payment.amount if payment.type is PaymentType.PAYMENT else -payment.amount
    return dict(held)


def _paid_once(order: Order) -> bool:
    return [payment.type for payment in order.payments] == [PaymentType.PAYMENT]


def _lines(order: Order, item_ids: Sequence[str]) -> tuple[OrderLine, ...]:
    """Return a line for each item named; an item named twice takes two lines that contain it."""
    if not item_ids:
        raise refusals.NoItemsError(order)
    held = Counter(line.item_id for line in order.lines)
    item_ids = [meant(item_id, held) or item_id for item_id in item_ids]
    for item_id, named in Counter(item_ids).items():
        if named > held[item_id]:
            raise refusals.ItemNotInOrderError(order, item_id, held=held[item_id], named=named)
    free = list(order.lines)
    taken = []
    for item_id in item_ids:
        line = next(line for line in free if line.item_id == item_id)
        free.remove(line)
        taken.append(line)
    return tuple(taken)


def _swaps(order: Order, variants: Variants, item_ids: Sequence[str], new_item_ids: Sequence[str]) -> tuple[Swap, ...]:
    lines = _lines(order, item_ids)
    if len(item_ids) != len(new_item_ids):
        raise refusals.UnpairedItemsError(item_ids, new_item_ids)
    swaps = []
    for line, new_item_id in zip(lines, new_item_ids, strict=True):
        variant = variants.get(new_item_id)
        if variant is None or variant.product_id != line.product_id:
            raise refusals.OtherProductError(new_item_id, line.name)
        if not variant.available:
            raise refusals.UnavailableItemError(new_item_id, line.name)
        swaps.append(Swap(line, variant, variant.price - line.price))
    return tuple(swaps)


def _covered(plan: Swapping) -> Swapping:
    _require_cover(plan.method, plan.difference, plan.order)
    return plan


def _method(methods: Methods, payment_method_id: str) -> PaymentMethod:
    method = find_meant(payment_method_id, methods)
    if method is None:
        raise refusals.UnknownPaymentMethodError(payment_method_id, list(methods.values()))
    return method


def _require_cover(method: PaymentMethod, amount: int, order: Order) -> None:
    if method.kind is PaymentKind.GIFT_CARD and (method.balance or 0) < amount:
        raise refusals.GiftCardTooSmallError(method, amount, order.currency)
