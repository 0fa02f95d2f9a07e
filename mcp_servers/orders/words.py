"""What an order's customer reads, the English and the Korean side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storage.shop.customers import PaymentKind, PaymentMethod

ENGLISH, KOREAN = "en", "ko"


@dataclass(frozen=True)
class Words:
    """One text in both languages, with places for facts.

    A Korean particle follows the sound before it, so no place is followed by one that would change: no id or amount
    takes a particle, and a payment method brings its own.
    """

    en: str
    ko: str

    def told(self, language: str, **facts: object) -> str:
        """Return the text in the caller's language, English where the shop has no other."""
        return (self.ko if language == KOREAN else self.en).format(**facts)


ONE_ITEM = Words("1 item", "상품 1개")
ITEMS = Words("{count} items", "상품 {count}개")

CHARGED = Words("{amount} charged to your {method}", "{method}에서 {amount} 추가 결제")
REFUNDED = Words("{amount} refunded {into}", "{into} {amount} 환불")
REFUNDED_AT_ONCE = Words("{amount} refunded {into} immediately", "{into} {amount} 즉시 환불")
REFUNDED_LATER = Words(
    "{amount} refunded {into} within {first} to {last} business days",
    "{into} {amount} 환불(영업일 기준 {first}~{last}일 소요)",
)
ON_RETURN = Words("{settled} once we receive your return", "보내신 상품이 도착하면 {settled}")
NO_DIFFERENCE = Words("no difference in price", "가격 차이 없음")
NO_REFUND = Words("nothing to refund", "환불 금액 없음")
PAID_WITH = Words("{amount} charged, {refund}", "{amount} 결제, {refund}")
NOTHING_PAID = Words("nothing to charge or refund", "결제·환불 금액 없음")

METHODS = {
    PaymentKind.GIFT_CARD: Words("gift card", "기프트 카드"),
    PaymentKind.PAYPAL: Words("PayPal account", "PayPal 계정"),
    PaymentKind.CREDIT_CARD: Words("{brand} ending in {last_four}", "{brand} 카드(끝자리 {last_four})"),
}
INTO = {
    PaymentKind.GIFT_CARD: Words("to your {method}", "{method}로"),
    PaymentKind.PAYPAL: Words("to your {method}", "{method}으로"),
    PaymentKind.CREDIT_CARD: Words("to your {method}", "{method}로"),
}


def items_text(count: int, language: str) -> str:
    """Return how many items, in words."""
    return (ONE_ITEM if count == 1 else ITEMS).told(language, count=count)


def line_text(name: str, options: Mapping[str, str]) -> str:
    """Return an item as a customer knows it, such as 'T-Shirt (blue, M)'."""
    return f"{name} ({', '.join(options.values())})" if options else name


def address_text(address: Mapping[str, str]) -> str:
    """Return an address in one line."""
    order = ("address1", "address2", "city", "state", "zip", "country")
    return ", ".join(address[field] for field in order if address[field])


def method_name(method: PaymentMethod, language: str) -> str:
    """Return what a customer calls a payment method."""
    brand = (method.brand or PaymentKind.CREDIT_CARD.value.replace("_", " ")).title()
    return METHODS[method.kind].told(language, brand=brand, last_four=method.last_four or "····")


def into_method(method: PaymentMethod, language: str) -> str:
    """Return where money goes that goes to a payment method."""
    return INTO[method.kind].told(language, method=method_name(method, language))


def as_sentence(parts: Iterable[str]) -> str:
    """Return the parts as one sentence, without its full stop."""
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]
