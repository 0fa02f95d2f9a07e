"""What a customer reads of each change, before it is made and after, in both languages."""

import pytest

from mcp_servers.orders import rules
from mcp_servers.orders.plans import Plan
from mcp_servers.orders.words import WORDS, method_facts
from storage.shop.customers import Customer, PaymentKind, PaymentMethod
from storage.shop.orders import OrderStatus, PaymentType
from tests.mcp_servers.orders.test_rules import ADDRESS, METHODS, REASON, VARIANTS, order

DELIVERED = OrderStatus.DELIVERED
CARD_AND_GIFT = ((PaymentType.PAYMENT, 3_000, "card"), (PaymentType.PAYMENT, 1_000, "gift"))
FREE = ((PaymentType.PAYMENT, 0, "card"),)
LATER = "within 5 to 7 business days"
LATER_KO = "환불됩니다(영업일 기준 5~7일 소요)"


def swapped(status: OrderStatus, new: str, method: str = "paypal") -> Plan:
    act = rules.exchange_items if status is DELIVERED else rules.change_items
    return act(order(status), METHODS, VARIANTS, ["S"], [new], method)


def free_return() -> Plan:
    given = order(DELIVERED, items=("S",), payments=FREE)
    given.lines[0].price = 0
    return rules.return_items(given, METHODS, ["S"], "gift")


PLANS = {
    "cancel": rules.cancel(order(payments=CARD_AND_GIFT), METHODS, REASON),
    "cancel what was free": rules.cancel(order(items=("S",), payments=FREE), METHODS, REASON),
    "change for a dearer item": swapped(OrderStatus.PENDING, "M"),
    "change for a cheaper item": swapped(OrderStatus.PENDING, "L"),
    "change of what is not paid": rules.change_items(order(payments=()), METHODS, VARIANTS, ["S"], ["M"], "paypal"),
    "exchange for a dearer item": swapped(DELIVERED, "M"),
    "exchange for a cheaper item": swapped(DELIVERED, "L"),
    "exchange for the same item": swapped(DELIVERED, "S"),
    "change the address": rules.change_address(order(), ADDRESS),
    "change the payment": rules.change_payment(order(), METHODS, "paypal"),
    "change the payment of what was free": rules.change_payment(order(payments=FREE), METHODS, "paypal"),
    "return": rules.return_items(order(DELIVERED), METHODS, ["S", "S"], "card"),
    "return what was free": free_return(),
    "move": rules.change_customer_address(Customer(id="olivia"), ADDRESS),
}


@pytest.mark.parametrize(
    ("change", "question", "done"),
    [
        (
            "cancel",
            f"Cancel order #W1 (2 items). $30.00 will be refunded to your Visa ending in 9212 {LATER}. "
            "$10.00 will be refunded to your gift card immediately.",
            f"Order #W1 is cancelled. $30.00 will be refunded to your Visa ending in 9212 {LATER}. "
            "$10.00 will be refunded to your gift card immediately.",
        ),
        (
            "cancel what was free",
            "Cancel order #W1 (1 item). There is nothing to refund.",
            "Order #W1 is cancelled. There is nothing to refund.",
        ),
        (
            "change for a dearer item",
            "Change order #W1: T-Shirt (S) → T-Shirt (M). $3.00 will be charged to your PayPal account. "
            "After this, you can no longer change its items or cancel it.",
            "Order #W1 has been changed: T-Shirt (S) → T-Shirt (M). $3.00 will be charged to your PayPal account.",
        ),
        (
            "change for a cheaper item",
            f"Change order #W1: T-Shirt (S) → T-Shirt (L). $5.00 will be refunded to your PayPal account {LATER}. "
            "After this, you can no longer change its items or cancel it.",
            "Order #W1 has been changed: T-Shirt (S) → T-Shirt (L). "
            f"$5.00 will be refunded to your PayPal account {LATER}.",
        ),
        (
            "change of what is not paid",
            "Change order #W1: T-Shirt (S) → T-Shirt (M). The order has not been paid yet; it will cost $43.00. "
            "After this, you can no longer change its items or cancel it.",
            "Order #W1 has been changed: T-Shirt (S) → T-Shirt (M). "
            "The order has not been paid yet; it will cost $43.00.",
        ),
        (
            "exchange for a dearer item",
            "Exchange items from order #W1: T-Shirt (S) → T-Shirt (M). "
            "$3.00 will be charged to your PayPal account once we receive your return.",
            "Your exchange for order #W1 has been requested: T-Shirt (S) → T-Shirt (M). "
            "$3.00 will be charged to your PayPal account once we receive your return.",
        ),
        (
            "exchange for a cheaper item",
            "Exchange items from order #W1: T-Shirt (S) → T-Shirt (L). "
            "$5.00 will be refunded to your PayPal account once we receive your return.",
            "Your exchange for order #W1 has been requested: T-Shirt (S) → T-Shirt (L). "
            "$5.00 will be refunded to your PayPal account once we receive your return.",
        ),
        (
            "exchange for the same item",
            "Exchange items from order #W1: T-Shirt (S) → T-Shirt (S). There is no difference in price.",
            "Your exchange for order #W1 has been requested: T-Shirt (S) → T-Shirt (S). "
            "There is no difference in price.",
        ),
        (
            "change the address",
            "Send order #W1 to 1 A, B, OR, 97201, USA.",
            "The delivery address of order #W1 has been changed to 1 A, B, OR, 97201, USA.",
        ),
        (
            "change the payment",
            "Pay for order #W1 with your PayPal account. $40.00 will be charged. "
            f"$40.00 will be refunded to your Visa ending in 9212 {LATER}.",
            "Order #W1 is now paid for with your PayPal account. $40.00 will be charged. "
            f"$40.00 will be refunded to your Visa ending in 9212 {LATER}.",
        ),
        (
            "change the payment of what was free",
            "Pay for order #W1 with your PayPal account. There is nothing to charge or refund.",
            "Order #W1 is now paid for with your PayPal account. There is nothing to charge or refund.",
        ),
        (
            "return",
            "Return items from order #W1: T-Shirt (S), T-Shirt (S). "
            "$40.00 will be refunded to your Visa ending in 9212 once we receive your return.",
            "Your return for order #W1 has been requested: T-Shirt (S), T-Shirt (S). "
            "$40.00 will be refunded to your Visa ending in 9212 once we receive your return.",
        ),
        (
            "return what was free",
            "Return items from order #W1: T-Shirt (S). There is nothing to refund.",
            "Your return for order #W1 has been requested: T-Shirt (S). There is nothing to refund.",
        ),
        (
            "move",
            "Change the address on your account to 1 A, B, OR, 97201, USA.",
            "The address on your account has been changed to 1 A, B, OR, 97201, USA.",
        ),
    ],
)
def test_a_change_is_asked_and_told_in_english(change: str, question: str, done: str) -> None:
    assert (PLANS[change].question("en"), PLANS[change].done("en")) == (question, done)


@pytest.mark.parametrize(
    ("change", "question", "done"),
    [
        (
            "cancel",
            f"주문 #W1 건(상품 2개)을 취소합니다. Visa 카드(끝자리 9212)로 US$30.00 {LATER_KO}. "
            "기프트 카드로 US$10.00 즉시 환불됩니다.",
            f"주문 #W1 건이 취소되었습니다. Visa 카드(끝자리 9212)로 US$30.00 {LATER_KO}. "
            "기프트 카드로 US$10.00 즉시 환불됩니다.",
        ),
        (
            "cancel what was free",
            "주문 #W1 건(상품 1개)을 취소합니다. 환불될 금액은 없습니다.",
            "주문 #W1 건이 취소되었습니다. 환불될 금액은 없습니다.",
        ),
        (
            "change for a dearer item",
            "주문 #W1 건의 상품을 변경합니다: T-Shirt (S) → T-Shirt (M). PayPal 계정에서 US$3.00 결제됩니다. "
            "변경 후에는 상품을 다시 변경하거나 주문을 취소할 수 없습니다.",
            "주문 #W1 건의 상품이 변경되었습니다: T-Shirt (S) → T-Shirt (M). PayPal 계정에서 US$3.00 결제됩니다.",
        ),
        (
            "change of what is not paid",
            "주문 #W1 건의 상품을 변경합니다: T-Shirt (S) → T-Shirt (M). "
            "아직 결제되지 않은 주문이며, 변경 후 금액: US$43.00. "
            "변경 후에는 상품을 다시 변경하거나 주문을 취소할 수 없습니다.",
            "주문 #W1 건의 상품이 변경되었습니다: T-Shirt (S) → T-Shirt (M). "
            "아직 결제되지 않은 주문이며, 변경 후 금액: US$43.00.",
        ),
        (
            "exchange for a cheaper item",
            "주문 #W1 건의 상품을 교환합니다: T-Shirt (S) → T-Shirt (L). "
            "보내신 상품이 도착하면 PayPal 계정으로 US$5.00 환불됩니다.",
            "주문 #W1 건의 교환이 접수되었습니다: T-Shirt (S) → T-Shirt (L). "
            "보내신 상품이 도착하면 PayPal 계정으로 US$5.00 환불됩니다.",
        ),
        (
            "change the address",
            "주문 #W1 건의 배송지를 변경합니다: 1 A, B, OR, 97201, USA.",
            "주문 #W1 건의 배송지가 변경되었습니다: 1 A, B, OR, 97201, USA.",
        ),
        (
            "change the payment",
            "주문 #W1 건의 결제 수단을 PayPal 계정으로 변경합니다. US$40.00 결제됩니다. "
            f"Visa 카드(끝자리 9212)로 US$40.00 {LATER_KO}.",
            "주문 #W1 건의 결제 수단이 PayPal 계정으로 변경되었습니다. US$40.00 결제됩니다. "
            f"Visa 카드(끝자리 9212)로 US$40.00 {LATER_KO}.",
        ),
        (
            "return",
            "주문 #W1 건의 상품을 반품합니다: T-Shirt (S), T-Shirt (S). "
            "보내신 상품이 도착하면 Visa 카드(끝자리 9212)로 US$40.00 환불됩니다.",
            "주문 #W1 건의 반품이 접수되었습니다: T-Shirt (S), T-Shirt (S). "
            "보내신 상품이 도착하면 Visa 카드(끝자리 9212)로 US$40.00 환불됩니다.",
        ),
        (
            "move",
            "계정 주소를 변경합니다: 1 A, B, OR, 97201, USA.",
            "계정 주소가 변경되었습니다: 1 A, B, OR, 97201, USA.",
        ),
    ],
)
def test_a_change_is_asked_and_told_in_korean(change: str, question: str, done: str) -> None:
    assert (PLANS[change].question("ko"), PLANS[change].done("ko")) == (question, done)


@pytest.mark.parametrize(
    ("brand", "last_four", "english", "korean"),
    [
        ("KakaoPay", None, "to your payment method KakaoPay", "KakaoPay 결제 수단으로"),
        ("visa", "9212", "to your Visa ending in 9212", "Visa 카드(끝자리 9212)로"),
    ],
)
def test_how_another_shops_order_was_paid_keeps_its_name_and_becomes_no_card(
    brand: str, last_four: str | None, english: str, korean: str
) -> None:
    method = PaymentMethod(id="paid", kind=PaymentKind.CREDIT_CARD, brand=brand, last_four=last_four)

    assert [WORDS.say("into", language, **method_facts(method)) for language in ("en", "ko")] == [english, korean]
