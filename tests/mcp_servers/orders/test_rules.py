"""The order rules, one by one: what each allows, and the words of each refusal."""

from collections.abc import Callable

import pytest

from mcp_servers.orders import rules
from storage.errors import ShopError
from storage.shop.customers import PaymentKind, PaymentMethod
from storage.shop.orders import CancelReason, Order, OrderLine, OrderStatus, Payment, PaymentType
from storage.shop.products import Variant

CARD = PaymentMethod(id="card", kind=PaymentKind.CREDIT_CARD, brand="visa", last_four="9212", balance=None)
PAYPAL = PaymentMethod(id="paypal", kind=PaymentKind.PAYPAL, brand=None, last_four=None, balance=None)
GIFT = PaymentMethod(id="gift", kind=PaymentKind.GIFT_CARD, brand=None, last_four=None, balance=500)
METHODS = {method.id: method for method in (CARD, PAYPAL, GIFT)}
REASON = CancelReason.NO_LONGER_NEEDED
ADDRESS = {"address1": "1 A", "address2": "", "city": "B", "state": "OR", "country": "USA", "zip": "97201"}


def variant(item_id: str, *, price: int = 2_000, product_id: str = "shirt", available: bool = True) -> Variant:
    return Variant(item_id=item_id, product_id=product_id, options={"size": item_id}, price=price, available=available)


VARIANTS = {
    one.item_id: one
    for one in (
        variant("S"),
        variant("M", price=2_300),
        variant("L", price=1_500),
        variant("XXL", available=False),
        variant("hat", product_id="hat"),
    )
}


def order(
    status: OrderStatus = OrderStatus.PENDING,
    items: tuple[str, ...] = ("S", "S"),
    payments: tuple[tuple[PaymentType, int, str], ...] = ((PaymentType.PAYMENT, 4_000, "card"),),
) -> Order:
    made = Order(id="#W1", customer_id="olivia", status=status, currency="USD")
    made.lines = [
        OrderLine(line=number, item_id=item, product_id="shirt", name="T-Shirt", options={"size": item}, price=2_000)
        for number, item in enumerate(items, start=1)
    ]
    made.payments = [
        Payment(number=number, customer_id="olivia", type=kind, amount=amount, payment_method_id=method)
        for number, (kind, amount, method) in enumerate(payments, start=1)
    ]
    return made


def change(of: Order, items: list[str], new: list[str], method: str = "card") -> object:
    return rules.change_items(of, METHODS, VARIANTS, item_ids=items, new_item_ids=new, payment_method_id=method)


def exchange(of: Order, items: list[str], new: list[str], method: str = "card") -> object:
    return rules.exchange_items(of, METHODS, VARIANTS, item_ids=items, new_item_ids=new, payment_method_id=method)


DELIVERED, CHANGED = OrderStatus.DELIVERED, OrderStatus.ITEMS_CHANGED
TWICE_PAID = ((PaymentType.PAYMENT, 4_000, "card"), (PaymentType.PAYMENT, 300, "card"))


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (
            lambda: rules.cancel(order(DELIVERED), METHODS, REASON),
            "Order #W1 is delivered; only pending orders can be cancelled. It can be returned or exchanged instead.",
        ),
        (
            lambda: rules.cancel(order(CHANGED), METHODS, REASON),
            "Order #W1 is pending (items changed); only pending orders can be cancelled.",
        ),
        (
            lambda: change(order(CHANGED), ["S"], ["M"]),
            "Order #W1 is pending (items changed); items can be changed only while an order is pending, and only once.",
        ),
        (lambda: change(order(), [], []), "No item of order #W1 was named."),
        (lambda: change(order(), ["Q"], ["M"]), "Order #W1 does not contain item Q."),
        (lambda: change(order(), ["S"] * 3, ["M"] * 3), "Order #W1 has only 2 of item S, not 3."),
        (lambda: change(order(), ["S"], ["M", "L"]), "The lists item_ids and new_item_ids differ in length: 1 and 2."),
        (lambda: change(order(), ["S"], ["hat"]), "Item hat is not a variant of T-Shirt."),
        (lambda: change(order(), ["S"], ["nothing"]), "Item nothing is not a variant of T-Shirt."),
        (lambda: change(order(), ["S"], ["XXL"]), "Item XXL of T-Shirt is not available."),
        (lambda: change(order(), ["S"], ["S"]), "Item S is what was ordered. Choose another variant."),
        (lambda: change(order(), ["S"], ["M"], "other"), "Payment method other is not one of this customer's."),
        (
            lambda: change(order(), ["S", "S"], ["M", "M"], "gift"),
            "The gift card (gift) has a balance of $5.00, less than the $6.00 due.",
        ),
        (
            lambda: rules.change_address(order(OrderStatus.PROCESSED), ADDRESS),
            "Order #W1 is processed; the address can be changed only while an order is pending.",
        ),
        (
            lambda: rules.change_payment(order(DELIVERED), METHODS, "paypal"),
            "Order #W1 is delivered; the payment method can be changed only while an order is pending.",
        ),
        (
            lambda: rules.change_payment(order(CHANGED, payments=TWICE_PAID), METHODS, "paypal"),
            "Order #W1 has 2 payments and refunds; the payment method can be changed only while there is exactly one",
        ),
        (
            lambda: rules.change_payment(order(), METHODS, "card"),
            "Order #W1 is already paid with Visa ending in 9212 (card). Choose another payment method.",
        ),
        (
            lambda: rules.change_payment(order(), METHODS, "gift"),
            "The gift card (gift) has a balance of $5.00, less than",
        ),
        (
            lambda: rules.return_items(order(), METHODS, ["S"], "card"),
            "Order #W1 is pending; only delivered orders can be returned. It can be cancelled or changed instead.",
        ),
        (
            lambda: rules.return_items(order(DELIVERED), METHODS, ["S"], "paypal"),
            "A return cannot be refunded to PayPal account (paypal). The original payment method or a gift card can be "
            "used: Visa ending in 9212 (card) or one of the customer's gift cards.",
        ),
        (
            lambda: exchange(order(OrderStatus.RETURN_REQUESTED), ["S"], ["M"]),
            "Order #W1 is marked as return requested; only delivered orders can be exchanged. A return is under way;",
        ),
        (
            lambda: exchange(order(DELIVERED), ["S", "S"], ["M", "M"], "gift"),
            "The gift card (gift) has a balance of $5.00",
        ),
    ],
)
def test_a_refusal_names_the_value_the_rule_and_the_way_out(act: Callable[[], object], said: str) -> None:
    with pytest.raises(ShopError) as refused:
        act()

    assert str(refused.value).startswith(said)
    assert "\n" not in str(refused.value)


def test_a_cancellation_gives_each_method_back_what_it_still_holds() -> None:
    paid = (
        (PaymentType.PAYMENT, 4_000, "card"),
        (PaymentType.PAYMENT, 4_000, "gift"),
        (PaymentType.REFUND, 4_000, "card"),
    )

    cancellation = rules.cancel(order(payments=paid), METHODS, REASON)

    assert [(refund.method.id, refund.amount) for refund in cancellation.refunds] == [("gift", 4_000)]


def test_an_item_held_twice_is_two_lines_and_each_takes_its_own_new_item() -> None:
    changed = rules.change_items(
        order(), METHODS, VARIANTS, item_ids=["S", "S"], new_item_ids=["M", "L"], payment_method_id="gift"
    )

    assert [(swap.line.line, swap.variant.item_id, swap.difference) for swap in changed.swaps] == [
        (1, "M", 300),
        (2, "L", -500),
    ]
    assert changed.difference == -200


def test_the_same_variant_may_be_sent_in_exchange() -> None:
    exchanged = rules.exchange_items(
        order(DELIVERED), METHODS, VARIANTS, item_ids=["S"], new_item_ids=["S"], payment_method_id="card"
    )

    assert exchanged.difference == 0


@pytest.mark.parametrize(
    ("of", "allowed"),
    [
        (order(), ["cancel_order", "change_order_items", "change_order_address", "change_order_payment"]),
        (order(CHANGED), ["change_order_address", "change_order_payment"]),
        (order(CHANGED, payments=TWICE_PAID), ["change_order_address"]),
        (order(OrderStatus.PROCESSED), []),
        (order(DELIVERED), ["return_items", "exchange_items"]),
        (order(OrderStatus.CANCELLED), []),
        (order(OrderStatus.RETURN_REQUESTED), []),
        (order(OrderStatus.EXCHANGE_REQUESTED), []),
    ],
)
def test_what_can_still_be_done_follows_from_the_status_and_the_payments(of: Order, allowed: list[str]) -> None:
    assert rules.allowed_actions(of) == allowed


def test_new_items_of_an_order_that_is_not_paid_move_no_money() -> None:
    unpaid = order(payments=((PaymentType.PAYMENT, 0, "card"),))

    rules.change_items(unpaid, METHODS, VARIANTS, ["S"], ["M"], "paypal").apply()

    assert (unpaid.total, len(unpaid.payments), unpaid.status) == (4_300, 1, CHANGED)
