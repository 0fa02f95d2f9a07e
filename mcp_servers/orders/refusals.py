"""Why something cannot be done with an order: one error for each way, which names the value, the rule, the way out.

A model reads them, and says them to the customer in their language.
"""

from collections.abc import Sequence

from mcp_servers.orders.words import method_name
from storage.errors import ShopError, WrongRequestError
from storage.shop.customers import PaymentMethod
from storage.shop.money import money
from storage.shop.orders import Order, OrderStatus
from storage.words.languages import ENGLISH

WAYS_OUT = {
    OrderStatus.PENDING: "It can be cancelled or changed instead.",
    OrderStatus.ITEMS_CHANGED: "Its address can still be changed.",
    OrderStatus.PROCESSED: "It is on its way and can be returned once it has been delivered.",
    OrderStatus.DELIVERED: "It can be returned or exchanged instead.",
    OrderStatus.CANCELLED: "Nothing more can be done with it.",
    OrderStatus.RETURN_REQUESTED: "A return is under way; a ticket can be opened about it.",
    OrderStatus.EXCHANGE_REQUESTED: "An exchange is under way; a ticket can be opened about it.",
}
ASKED_FOR = (OrderStatus.RETURN_REQUESTED, OrderStatus.EXCHANGE_REQUESTED)


class NameOrEmailError(WrongRequestError):
    """find_customer was called with neither an email nor a whole name."""

    def __init__(self) -> None:
        super().__init__(
            "find_customer takes an email, or first_name and last_name together. Ask for one or the other."
        )


class NobodyFoundError(ShopError):
    """No customer has this email, or this name and postcode."""

    def __init__(self) -> None:
        super().__init__("No customer was found with these details. Check the spelling.")


class SeveralFoundError(ShopError):
    """More than one customer has this name, and this postcode where one was given."""

    def __init__(self) -> None:
        super().__init__("Several customers have this name. Ask for the zip too, or for the email.")


class WrongStatusError(ShopError):
    """The order's status does not allow this."""

    def __init__(self, order: Order, rule: str) -> None:
        marked = "marked as " if order.status in ASKED_FOR else ""
        super().__init__(f"Order {order.id} is {marked}{order.status.value}; {rule}. {WAYS_OUT[order.status]}")


class NotCancellableError(WrongStatusError):
    """Only a pending order can be cancelled."""

    def __init__(self, order: Order) -> None:
        super().__init__(order, "only pending orders can be cancelled")


class ItemsNotChangeableError(WrongStatusError):
    """Only a pending order's items can be changed, and only once."""

    def __init__(self, order: Order) -> None:
        super().__init__(order, "items can be changed only while an order is pending, and only once")


class AddressNotChangeableError(WrongStatusError):
    """Only a pending order's address can be changed."""

    def __init__(self, order: Order) -> None:
        super().__init__(order, "the address can be changed only while an order is pending")


class PaymentNotChangeableError(WrongStatusError):
    """Only a pending order's payment method can be changed."""

    def __init__(self, order: Order) -> None:
        super().__init__(order, "the payment method can be changed only while an order is pending")


class NotReturnableError(WrongStatusError):
    """Only a delivered order can be returned."""

    def __init__(self, order: Order) -> None:
        super().__init__(order, "only delivered orders can be returned")


class NotExchangeableError(WrongStatusError):
    """Only a delivered order's items can be exchanged."""

    def __init__(self, order: Order) -> None:
        super().__init__(order, "only delivered orders can be exchanged")


class NoItemsError(ShopError):
    """No item was named."""

    def __init__(self, order: Order) -> None:
        super().__init__(f"No item of order {order.id} was named. Give the item_ids; get_order lists them.")


class ItemNotInOrderError(ShopError):
    """An item was named that the order does not contain, or more often than the order contains it."""

    def __init__(self, order: Order, item_id: str, *, held: int, named: int) -> None:
        said = f"has only {held} of item {item_id}, not {named}" if held else f"does not contain item {item_id}"
        super().__init__(f"Order {order.id} {said}. get_order lists its items.")


class UnpairedItemsError(WrongRequestError):
    """The two lists differ in length."""

    def __init__(self, item_ids: Sequence[str], new_item_ids: Sequence[str]) -> None:
        super().__init__(
            f"The lists item_ids and new_item_ids differ in length: {len(item_ids)} and {len(new_item_ids)}. "
            "Give one new item for each item, in the same order."
        )


class OtherProductError(ShopError):
    """The new item is not a variant of the old item's product."""

    def __init__(self, new_item_id: str, name: str) -> None:
        super().__init__(f"Item {new_item_id} is not a variant of {name}. get_product lists its variants.")


class UnavailableItemError(ShopError):
    """The new item is sold out."""

    def __init__(self, new_item_id: str, name: str) -> None:
        super().__init__(f"Item {new_item_id} of {name} is not available. get_product lists the variants that are.")


class SameItemError(ShopError):
    """The new item is the old one."""

    def __init__(self, item_id: str) -> None:
        super().__init__(f"Item {item_id} is what was ordered. Choose another variant.")


class UnknownPaymentMethodError(ShopError):
    """The payment method is not one of the customer's."""

    def __init__(self, payment_method_id: str, theirs: Sequence[PaymentMethod]) -> None:
        listed = ", ".join(map(_called, theirs)) or "none"
        super().__init__(
            f"Payment method {payment_method_id} is not one of this customer's. They have, with the id to use in "
            f"brackets: {listed}."
        )


class GiftCardTooSmallError(ShopError):
    """The gift card's balance is too low."""

    def __init__(self, method: PaymentMethod, amount: int, currency: str) -> None:
        balance = money(method.balance or 0, currency, ENGLISH)
        super().__init__(
            f"The {_called(method)} has a balance of {balance}, less than the {money(amount, currency, ENGLISH)} due. "
            "Use another payment method."
        )


class SeveralPaymentsError(ShopError):
    """The payment can be changed only while there is exactly one."""

    def __init__(self, order: Order) -> None:
        super().__init__(
            f"Order {order.id} has {len(order.payments)} payments and refunds; the payment method can be changed "
            "only while there is exactly one payment. A ticket can be opened instead."
        )


class SamePaymentMethodError(ShopError):
    """The new payment method is the one the order is paid with."""

    def __init__(self, order: Order, method: PaymentMethod) -> None:
        super().__init__(f"Order {order.id} is already paid with {_called(method)}. Choose another payment method.")


class RefundElsewhereError(ShopError):
    """A refund goes to the original payment method or to a gift card."""

    def __init__(self, method: PaymentMethod, paid_with: Sequence[PaymentMethod]) -> None:
        allowed = [*map(_called, paid_with), "one of the customer's gift cards"]
        super().__init__(
            f"A return cannot be refunded to {_called(method)}. The original payment method or a gift card can be "
            f"used: {' or '.join(allowed)}."
        )


def _called(method: PaymentMethod) -> str:
    """Return what a customer calls a payment method, followed by the id that only models need."""
    return f"{method_name(method, ENGLISH)} ({method.id})"
