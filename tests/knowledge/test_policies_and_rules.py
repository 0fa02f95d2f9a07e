"""The built-in policies and the order rules say the same: what the handbook promises is read out of it and tried."""

from collections.abc import Callable, Mapping

import pytest

from mcp_servers.orders import refusals
from storage.errors import ShopError
from storage.shop import order_changes
from storage.shop.orders import Order, OrderStatus, PaymentType
from tests.knowledge.rule_acts import CARD, cancel, change, exchange, give_back, move, order, paid_after, pay
from tests.knowledge.told import LANGUAGES, statuses, told

Act = Callable[[Order], object]


def allows(act: Act, status: OrderStatus) -> bool:
    try:
        act(order(status))
    except refusals.WrongStatusError:
        return False
    return True


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("act", "place", "pattern"),
    [
        (cancel, "cancellations/1", {"en": r"only while its status is (.+?)\. ", "ko": r"주문 상태가 (.+?)일 때만"}),
        (change, "order-changes/1", {"en": r"As long as an order is (.+?) you can", "ko": r"주문이 (.+?)이면"}),
        (move, "order-changes/4", {"en": r"while the order is (.+?)\. ", "ko": r"^(.+?)면 배송지를"}),
        (pay, "order-changes/5", {"en": r"move an order that is (.+?) from", "ko": r"\. (대기 중.+?)이고"}),
        (give_back, "returns/1", {"en": r"order that has been (.+?)\.", "ko": r"^(.+?)된 주문의 상품이면"}),
        (exchange, "exchanges/1", {"en": r"items of a (.+?) order", "ko": r"^(.+?)된 주문의 상품을"}),
    ],
)
def test_what_can_be_done_in_which_status_is_as_the_handbook_says(
    language: str, act: Act, place: str, pattern: Mapping[str, str]
) -> None:
    named = statuses(language, told(language, place, pattern[language])[0])

    assert named == {status for status in OrderStatus if allows(act, status)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("ask", "place", "pattern"),
    [
        (
            lambda of: order_changes.change_items(of, []),
            "order-changes/3",
            {"en": r"The status becomes (.+?)\. ", "ko": r"주문 상태가 (.+?)으로"},
        ),
        (
            lambda of: order_changes.request_return(of, ["S"], CARD),
            "returns/2",
            {"en": r"The status becomes (.+?),", "ko": r"주문 상태가 (.+?)으로"},
        ),
        (
            lambda of: order_changes.request_exchange(of, ["S"], ["dearer"], CARD, 300),
            "exchanges/2",
            {"en": r"the status is (.+?) and", "ko": r"신청하시면 (.+?) 상태가"},
        ),
    ],
)
def test_the_status_a_change_leads_to_is_as_the_handbook_says(
    language: str, ask: Callable[[Order], None], place: str, pattern: Mapping[str, str]
) -> None:
    changed = order()
    ask(changed)

    assert statuses(language, told(language, place, pattern[language])[0]) == {changed.status}


@pytest.mark.parametrize(
    ("place", "says", "act", "refusal"),
    [
        (
            "order-changes/1",
            {"en": "A different product is not possible", "ko": "다른 상품으로는 바꿀 수 없습니다"},
            lambda: change(order(), "hat"),
            refusals.OtherProductError,
        ),
        (
            "order-changes/1",
            {"en": "only once per order", "ko": "주문당 한 번만"},
            lambda: change(order(OrderStatus.ITEMS_CHANGED)),
            refusals.ItemsNotChangeableError,
        ),
        (
            "cancellations/1",
            {"en": "whose items you have changed cannot be cancelled", "ko": "상품을 한 번 변경하신 주문도 취소할 수"},
            lambda: cancel(order(OrderStatus.ITEMS_CHANGED)),
            refusals.NotCancellableError,
        ),
        (
            "order-changes/2",
            {"en": "A gift card must have enough", "ko": "차액 전부를 낼 만큼 잔액이 있어야"},
            lambda: change(order(), "dearer", "gift"),
            refusals.GiftCardTooSmallError,
        ),
        (
            "order-changes/3",
            {"en": "payment method if the new items cost the same", "ko": "차액이 없었다면 결제 수단도"},
            lambda: pay(paid_after((PaymentType.PAYMENT, "card"))),
            refusals.SeveralPaymentsError,
        ),
        (
            "order-changes/5",
            {"en": "to another, once, as long as", "ko": "다른 수단으로 한 번 옮길"},
            lambda: pay(paid_after((PaymentType.PAYMENT, "paypal"), (PaymentType.REFUND, "card")), "gift"),
            refusals.SeveralPaymentsError,
        ),
        (
            "order-changes/5",
            {"en": "must cover the full amount", "ko": "주문 금액 전체를 낼 수 있어야"},
            lambda: pay(order(), "gift"),
            refusals.GiftCardTooSmallError,
        ),
        (
            "exchanges/1",
            {"en": "another variant of the same product", "ko": "같은 상품의 다른 옵션으로"},
            lambda: exchange(order(OrderStatus.DELIVERED), "hat"),
            refusals.OtherProductError,
        ),
        (
            "exchanges/1",
            {"en": "as long as it is in stock", "ko": "재고가 있어야"},
            lambda: exchange(order(OrderStatus.DELIVERED), "sold out"),
            refusals.UnavailableItemError,
        ),
        (
            "exchanges/2",
            {"en": "a return is no longer possible", "ko": "더 이상 반품할 수 없습니다"},
            lambda: give_back(order(OrderStatus.EXCHANGE_REQUESTED)),
            refusals.NotReturnableError,
        ),
        (
            "exchanges/3",
            {"en": "must hold enough for the difference", "ko": "차액만큼 잔액이 있어야"},
            lambda: exchange(order(OrderStatus.DELIVERED), "dearer", "gift"),
            refusals.GiftCardTooSmallError,
        ),
        (
            "returns/1",
            {"en": "one order takes one return request", "ko": "반품 신청은 주문당 한 번"},
            lambda: give_back(order(OrderStatus.RETURN_REQUESTED)),
            refusals.NotReturnableError,
        ),
        (
            "returns/5",
            {"en": "Another card or another person's account is not", "ko": "다른 카드나 다른 분의 계좌로는 안 됩니다"},
            lambda: give_back(order(OrderStatus.DELIVERED), "paypal"),
            refusals.RefundElsewhereError,
        ),
    ],
)
def test_what_the_handbook_rules_out_is_refused(
    place: str, says: Mapping[str, str], act: Callable[[], object], refusal: type[ShopError]
) -> None:
    for language in LANGUAGES:
        told(language, place, says[language])

    with pytest.raises(refusal):
        act()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_return_may_go_to_a_gift_card_and_a_changed_order_be_paid_otherwise_as_the_handbook_says(
    language: str,
) -> None:
    told(language, "returns/5", {"en": "or to one of your gift cards", "ko": "기프트 카드로 받으실 수도"}[language])
    give_back(order(OrderStatus.DELIVERED), "gift")

    told(language, "order-changes/3", {"en": "so can the payment method", "ko": "결제 수단도 바꿀 수"}[language])
    pay(order(OrderStatus.ITEMS_CHANGED))
