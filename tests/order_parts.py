"""What an order of each status has: its payments, its parcels, and what was asked for."""

from typing import Any

from storage.shop.orders import CancelReason, OrderStatus, PaymentType, Shipment


def paid(status: OrderStatus, total: int, method_id: str) -> list[tuple[PaymentType, int, str]]:
    charged = [(PaymentType.PAYMENT, total, method_id)]
    if status is not OrderStatus.CANCELLED:
        return charged
    return [*charged, (PaymentType.REFUND, total, method_id)]


def sent(status: OrderStatus, item_ids: list[str]) -> list[Shipment]:
    if status in {OrderStatus.PENDING, OrderStatus.ITEMS_CHANGED, OrderStatus.CANCELLED}:
        return []
    return [Shipment(number=1, tracking_ids=["357962501027"], item_ids=item_ids)]


def of_status(status: OrderStatus, item_ids: list[str], method_id: str) -> dict[str, Any]:
    if status is OrderStatus.CANCELLED:
        return {"cancel_reason": CancelReason.NO_LONGER_NEEDED}
    if status is OrderStatus.RETURN_REQUESTED:
        return {"return_item_ids": item_ids, "return_payment_method_id": method_id}
    if status is OrderStatus.EXCHANGE_REQUESTED:
        return {
            "exchange_item_ids": item_ids,
            "exchange_new_item_ids": item_ids,
            "exchange_payment_method_id": method_id,
            "exchange_price_difference": 0,
        }
    return {}
