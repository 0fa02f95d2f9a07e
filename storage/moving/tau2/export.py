"""Exports the shop as a tau-bench retail database: what an import reads, in the same order."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.moving.tau2.rows import CURRENCY
from storage.moving.tau2.schema import ITEMS_CHANGED
from storage.settings import CannotStartError
from storage.shop.customers import ADDRESS_FIELDS, Address, Customer, PaymentMethod
from storage.shop.orders import Order, OrderStatus
from storage.shop.products import Product, Variant

Json = dict[str, Any]


class OtherCurrencyError(CannotStartError):
    """The shop has amounts in a currency that tau-bench files cannot express."""

    def __init__(self, currency: str) -> None:
        super().__init__(
            f"The shop has prices in {currency}, and a tau-bench database has {CURRENCY} only. "
            "Use `shopdesk export csv DIR` instead."
        )


async def export_tau2(session: AsyncSession) -> Json:
    """Return the whole shop as this transaction sees it; anything tau-bench has no field for is left out.

    Raises:
        OtherCurrencyError: amounts are in a currency other than tau-bench's.
    """
    await _require_currency(session)
    orders = (await session.scalars(select(Order).order_by(Order.position))).all()
    of_customer: dict[str, list[str]] = {}
    for order in orders:
        of_customer.setdefault(order.customer_id, []).append(order.id)
    products = await session.scalars(select(Product).order_by(Product.position))
    customers = await session.scalars(select(Customer).order_by(Customer.position))
    return {
        "products": {product.id: _product(product) for product in products},
        "users": {customer.id: _user(customer, of_customer.get(customer.id, [])) for customer in customers},
        "orders": {order.id: _order(order) for order in orders},
    }


async def _require_currency(session: AsyncSession) -> None:
    for column in (Product.currency, Order.currency):
        other = await session.scalar(select(column).where(column != CURRENCY).limit(1))
        if other is not None:
            raise OtherCurrencyError(other)


def _amount(minor_units: int) -> float:
    # The nearest float to two decimals, the same one that parsing "49.90" gives.
    return minor_units / 100


def _product(product: Product) -> Json:
    return {
        "name": product.name,
        "product_id": product.id,
        "variants": {variant.item_id: _variant(variant) for variant in product.variants},
    }


def _variant(variant: Variant) -> Json:
    return {
        "item_id": variant.item_id,
        "options": variant.options,
        "available": variant.available,
        "price": _amount(variant.price),
    }


def _user(customer: Customer, order_ids: list[str]) -> Json:
    return {
        "user_id": customer.id,
        "name": {"first_name": customer.first_name, "last_name": customer.last_name},
        "address": _address(customer),
        "email": customer.email,
        "payment_methods": {method.id: _payment_method(method) for method in customer.payment_methods},
        "orders": order_ids,
    }


def _address(place: Address) -> Json:
    return {name: getattr(place, name) for name in ADDRESS_FIELDS}


def _payment_method(method: PaymentMethod) -> Json:
    balance = None if method.balance is None else _amount(method.balance)
    optional = {"brand": method.brand, "last_four": method.last_four, "balance": balance}
    return {"source": method.kind, "id": method.id} | _present(optional)


def _order(order: Order) -> Json:
    return {
        "order_id": order.id,
        "user_id": order.customer_id,
        "address": _address(order),
        "items": [
            {
                "name": line.name,
                "product_id": line.product_id,
                "item_id": line.item_id,
                "price": _amount(line.price),
                "options": line.options,
            }
            for line in order.lines
        ],
        "status": ITEMS_CHANGED if order.status is OrderStatus.ITEMS_CHANGED else order.status,
        "fulfillments": [
            {"tracking_id": parcel.tracking_ids, "item_ids": parcel.item_ids} for parcel in order.shipments
        ],
        "payment_history": [
            {
                "transaction_type": payment.type,
                "amount": _amount(payment.amount),
                "payment_method_id": payment.payment_method_id,
            }
            for payment in order.payments
        ],
    } | _present(_requests(order))


def _requests(order: Order) -> Json:
    difference = order.exchange_price_difference
    return {
        "cancel_reason": order.cancel_reason,
        "return_items": _sorted(order.return_item_ids),
        "return_payment_method_id": order.return_payment_method_id,
        "exchange_items": _sorted(order.exchange_item_ids),
        "exchange_new_items": _sorted(order.exchange_new_item_ids),
        "exchange_payment_method_id": order.exchange_payment_method_id,
        "exchange_price_difference": None if difference is None else _amount(difference),
    }


def _sorted(item_ids: list[str] | None) -> list[str] | None:
    return None if item_ids is None else sorted(item_ids)


def _present(optional: Json) -> Json:
    return {name: value for name, value in optional.items() if value is not None}
