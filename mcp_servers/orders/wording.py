"""The words of the questions an order's customer is asked, in English and Korean."""

from collections.abc import Mapping

from storage.customers import PaymentKind, PaymentMethod

ENGLISH, KOREAN = "en", "ko"

SENTENCES = {
    ENGLISH: {
        "cancel": "Cancel order {order}: {items}, {refunds}.",
        "change_items": "Change order {order}: {swaps}; {settled}. "
        "After this its items cannot be changed again, nor can it be cancelled.",
        "change_address": "Send order {order} to {address}.",
        "change_payment": "Pay order {order} with your {method}: {amount} is charged, {refund}.",
        "return": "Return from order {order}: {lines}; {amount} back to your {method} once the parcel is back.",
        "exchange": "Exchange in order {order}: {swaps}; {settled}.",
        "change_customer_address": "Change the address of your account to {address}.",
        "charge": "{amount} charged to your {method}",
        "exchange_charge": "{amount} charged to your {method} once the parcel is back",
        "exchange_refund": "{amount} back to your {method} once the parcel is back",
        "no_difference": "no difference in price",
        "refund_at_once": "{amount} back to your {method} at once",
        "refund_later": "{amount} back to your {method} in {first} to {last} business days",
    },
    KOREAN: {
        "cancel": "주문 {order} 취소: {items}, {refunds}.",
        "change_items": "주문 {order} 상품 변경: {swaps}, {settled}. 이후 상품을 다시 바꾸거나 취소할 수 없습니다.",
        "change_address": "주문 {order} 배송지 변경: {address}.",
        "change_payment": "주문 {order} 결제 수단 변경: {method} 결제 {amount}, {refund}.",
        "return": "주문 {order} 반품: {lines}. 상품이 도착하면 {method} 환불 {amount}.",
        "exchange": "주문 {order} 교환: {swaps}, {settled}.",
        "change_customer_address": "계정 주소 변경: {address}.",
        "charge": "{method} 추가 결제 {amount}",
        "exchange_charge": "상품이 도착하면 {method} 추가 결제 {amount}",
        "exchange_refund": "상품이 도착하면 {method} 환불 {amount}",
        "no_difference": "가격 차이 없음",
        "refund_at_once": "{method} 즉시 환불 {amount}",
        "refund_later": "{method} 환불 {amount} (영업일 {first}~{last}일)",
    },
}

METHODS = {
    ENGLISH: {"gift_card": "gift card", "paypal": "PayPal account", "credit_card": "{brand} ending {last_four}"},
    KOREAN: {"gift_card": "기프트 카드", "paypal": "PayPal 계정", "credit_card": "{brand} 카드(끝자리 {last_four})"},
}


def text(key: str, language: str, **facts: object) -> str:
    """Return a sentence in the caller's language, English where the shop has no other."""
    return SENTENCES.get(language, SENTENCES[ENGLISH])[key].format(**facts)


def items_text(count: int, language: str) -> str:
    """Return how many items, in words."""
    if language == KOREAN:
        return f"상품 {count}개"
    return "1 item" if count == 1 else f"{count} items"


def line_text(name: str, options: Mapping[str, str]) -> str:
    """Return an item as a customer knows it, such as 'T-Shirt (blue, M)'."""
    return f"{name} ({', '.join(options.values())})" if options else name


def address_text(address: Mapping[str, str]) -> str:
    """Return an address in one line."""
    order = ("address1", "address2", "city", "state", "zip", "country")
    return ", ".join(address[field] for field in order if address[field])


def method_name(method: PaymentMethod, language: str) -> str:
    """Return what a customer calls a payment method."""
    names = METHODS.get(language, METHODS[ENGLISH])
    brand = (method.brand or PaymentKind.CREDIT_CARD.value.replace("_", " ")).title()
    return names[method.kind.value].format(brand=brand, last_four=method.last_four or "····")
