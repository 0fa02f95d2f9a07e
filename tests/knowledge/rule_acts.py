"""What the handbook's rules are tried with: an order of each status, and what a customer may ask for."""

from mcp_servers.orders import rules
from storage.shop import order_changes
from storage.shop.customers import PaymentKind, PaymentMethod
from storage.shop.orders import CancelReason, Order, OrderLine, OrderStatus, Payment, PaymentType
from storage.shop.products import Variant

CARD = PaymentMethod(id="card", kind=PaymentKind.CREDIT_CARD, brand="visa", last_four="9212", balance=None)
PAYPAL = PaymentMethod(id="paypal", kind=PaymentKind.PAYPAL, brand=None, last_four=None, balance=None)
GIFT = PaymentMethod(id="gift", kind=PaymentKind.GIFT_CARD, brand=None, last_four=None, balance=100)
METHODS = {method.id: method for method in (CARD, PAYPAL, GIFT)}
VARIANTS = {
    "same price": Variant(item_id="same price", product_id="shirt", options={}, price=2_000, available=True),
    "dearer": Variant(item_id="dearer", product_id="shirt", options={}, price=2_300, available=True),
    "hat": Variant(item_id="hat", product_id="hat", options={}, price=2_000, available=True),
    "sold out": Variant(item_id="sold out", product_id="shirt", options={}, price=2_000, available=False),
}
ADDRESS = {"address1": "1 A", "address2": "", "city": "B", "state": "OR", "country": "USA", "zip": "97201"}


def order(status: OrderStatus = OrderStatus.PENDING) -> Order:
    made = Order(id="#W1", customer_id="olivia", status=status, currency="USD")
    made.lines = [OrderLine(line=1, item_id="S", product_id="shirt", name="T-Shirt", options={}, price=2_000)]
    order_changes.charge(made, CARD, 2_000)
    return made


def cancel(of: Order) -> object:
    return rules.cancel(of, METHODS, CancelReason.NO_LONGER_NEEDED)


def change(of: Order, new: str = "same price", method: str = "card") -> object:
    return rules.change_items(of, METHODS, VARIANTS, item_ids=["S"], new_item_ids=[new], payment_method_id=method)


def exchange(of: Order, new: str = "same price", method: str = "card") -> object:
    return rules.exchange_items(of, METHODS, VARIANTS, item_ids=["S"], new_item_ids=[new], payment_method_id=method)


def move(of: Order) -> object:
    return rules.change_address(of, ADDRESS)


def pay(of: Order, method: str = "paypal") -> object:
    return rules.change_payment(of, METHODS, method)


def give_back(of: Order, method: str = "card") -> object:
    return rules.return_items(of, METHODS, ["S"], method)


def paid_after(*bookings: tuple[PaymentType, str]) -> Order:
    made = order(OrderStatus.ITEMS_CHANGED)
    for number, (kind, method) in enumerate(bookings, start=2):
        made.payments.append(
            Payment(number=number, customer_id="olivia", type=kind, amount=300, payment_method_id=method)
        )
    return made
