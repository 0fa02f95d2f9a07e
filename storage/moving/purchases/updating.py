"""An order that the shop has, and that a newer file tells more of: its state, its parcels, the money that moved."""

from collections import Counter
from collections.abc import Sequence

from storage.moving.purchases.drafts import OrderDraft
from storage.moving.purchases.maps import CANCELLED
from storage.shop.orders import Order, OrderLine, OrderStatus, Payment, PaymentType, Shipment
from storage.shop.spelling import folded_id

SENT = ("processed", "delivered")
OURS = (OrderStatus.ITEMS_CHANGED, OrderStatus.RETURN_REQUESTED, OrderStatus.EXCHANGE_REQUESTED)
"""What only this desk brings an order to: another system's file knows nothing of it, and does not undo it."""


def says_more(draft: OrderDraft, order: Order, lines: Sequence[OrderLine]) -> bool:
    """Return whether the file tells something new of an order that this desk has not changed; `lines` are its own."""
    if order.status in OURS or order.cancel_reason is not None:
        return False
    sent = {folded_id(number) for parcel in order.shipments for number in parcel.tracking_ids}
    is_new = draft.status != order.status.value or not set(map(folded_id, draft.tracking)) <= sent
    return is_new or _differs(draft, order, lines)


def bring_up_to_date(draft: OrderDraft, order: Order, lines: Sequence[OrderLine], method: str) -> None:
    """Write what the file says of an order.

    Args:
        draft: what the file says.
        order: the shop's.
        lines: the order's lines as the file has them.
        method: how it was paid, one of the customer's payment methods, where the shop does not know yet.
    """
    if _differs(draft, order, lines):
        order.lines = list(lines)
        _settle(draft, order, method)
    order.status = OrderStatus(draft.status)
    if shipments := shipments_of(draft):
        order.shipments = shipments


def shipments_of(draft: OrderDraft) -> list[Shipment]:
    """Return the parcels that a file tells of: one for all that has left, or one for each row's own numbers."""
    if not (draft.tracking or draft.shipped) or draft.status == CANCELLED:
        return []
    kept = [line for line, _ in draft.prices()]
    # A file that tells no state of its own for each row may tell a parcel before its order has left.
    sent = [line for line in kept if line.status in SENT or line.tracking] or kept
    several = len({line.tracking for line in sent if line.tracking}) > 1
    parcels: dict[tuple[str, ...], list[str]] = {}
    for line in sent:
        parcels.setdefault(line.tracking if several else tuple(draft.tracking), []).append(line.item_id)
    shipped_on = draft.shipped.date() if draft.shipped else None
    told = {"shipped_on": shipped_on, "expected_on": None, "carrier": draft.carrier or None}
    return [
        Shipment(number=number, tracking_ids=list(numbers), item_ids=item_ids, **told)
        for number, (numbers, item_ids) in enumerate(parcels.items(), start=1)
    ]


def payments_of(draft: OrderDraft, method: str) -> list[Payment]:
    """Return the money that a file says moved; a payment of nothing tells how somebody wants to pay."""
    paid, refunded = draft.moved
    moved = [(PaymentType.PAYMENT, paid), (PaymentType.REFUND, refunded)]
    return [
        Payment(number=number, type=kind, amount=amount, payment_method_id=method)
        for number, (kind, amount) in enumerate(moved, start=1)
        if amount or kind is PaymentType.PAYMENT
    ]


def _differs(draft: OrderDraft, order: Order, lines: Sequence[OrderLine]) -> bool:
    """Return whether the file's items are others, as those that the catalogue knows by now, or other money moved."""
    worth = sum(line.price for line in lines)
    return _items(order.lines) != _items(lines) or order.total != worth or not _agrees(draft, order)


def _items(lines: Sequence[OrderLine]) -> Counter[tuple[str, str]]:
    return Counter((line.item_id, line.product_id) for line in lines)


def _agrees(draft: OrderDraft, order: Order) -> bool:
    """Return whether the file and the shop say the same of the money.

    Where several methods are in it, or one was changed for another at this desk, it is what the shop holds that counts.
    """
    paid, refunded = (
        sum(one.amount for one in order.payments if one.type is kind)
        for kind in (PaymentType.PAYMENT, PaymentType.REFUND)
    )
    if len(_methods(order)) > 1:
        return paid - refunded == _held(draft)
    return (paid, refunded) == draft.moved


def _held(draft: OrderDraft) -> int:
    paid, refunded = draft.moved
    return paid - refunded


def _methods(order: Order) -> list[str]:
    return list(dict.fromkeys(one.payment_method_id for one in order.payments))


def _settle(draft: OrderDraft, order: Order, method: str) -> None:
    """Book what moved since; of payments with several methods those that are there stay as they are."""
    methods = _methods(order)
    if len(methods) <= 1:
        order.payments = payments_of(draft, methods[0] if methods else method)
        return
    moved = (one.amount if one.type is PaymentType.PAYMENT else -one.amount for one in order.payments)
    due = sum(moved) - _held(draft)
    if due > 0:
        last = next(one for one in reversed(order.payments) if one.type is PaymentType.PAYMENT)
        back = {"type": PaymentType.REFUND, "amount": due, "payment_method_id": last.payment_method_id}
        order.payments.append(Payment(number=len(order.payments) + 1, **back))
