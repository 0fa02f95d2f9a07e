"""The words of the questions an order's customer is asked, in English and Korean."""

from storage.customers import PaymentKind, PaymentMethod

SENTENCES = {
    "en": {
        "cancel": "Cancel order {order}: {items}, {refunds}.",
        "refund_at_once": "{amount} back to your {method} at once",
        "refund_later": "{amount} back to your {method} in {first} to {last} business days",
    },
    "ko": {
        "cancel": "주문 {order} 취소: {items}, {refunds}.",
        "refund_at_once": "{method} 즉시 환불 {amount}",
        "refund_later": "{method} 환불 {amount} (영업일 {first}~{last}일)",
    },
}

METHODS = {
    "en": {"gift_card": "gift card", "paypal": "PayPal account", "credit_card": "{brand} ending {last_four}"},
    "ko": {"gift_card": "기프트 카드", "paypal": "PayPal 계정", "credit_card": "{brand} 카드(끝자리 {last_four})"},
}

ENGLISH = "en"


def text(key: str, language: str, **facts: object) -> str:
    """Return a sentence in the caller's language, English where the shop has no other."""
    return SENTENCES.get(language, SENTENCES[ENGLISH])[key].format(**facts)


def items_text(count: int, language: str) -> str:
    """Return how many items, in words."""
    if language == "ko":
        return f"상품 {count}개"
    return "1 item" if count == 1 else f"{count} items"


def method_name(method: PaymentMethod, language: str) -> str:
    """Return what a customer calls a payment method."""
    names = METHODS.get(language, METHODS[ENGLISH])
    brand = (method.brand or PaymentKind.CREDIT_CARD.value.replace("_", " ")).title()
    return names[method.kind.value].format(brand=brand, last_four=method.last_four or "····")
