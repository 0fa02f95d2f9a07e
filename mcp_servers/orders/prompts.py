"""What a customer asks most about orders, to be picked from a menu."""

from typing import Annotated

from pydantic import Field

from mcp_servers.orders.lookup import complete_order_id
from mcp_servers.runtime.arguments import OrderId, SeveralLines
from mcp_servers.runtime.caller import CurrentCaller
from mcp_servers.runtime.languages import Language, complete_language, in_language
from mcp_servers.runtime.offers import Prompt

Wish = Annotated[str | None, Field(description="What should happen, in your own words", max_length=500), SeveralLines]
NEWEST = {"en": "my newest order", "ko": "가장 최근 주문"}
WHERE = {
    "en": (
        "Where is {order}? Look it up with get_order (list_orders finds the newest). Tell me its status, which items "
        "are in which parcel with the tracking number, and what can still be changed."
    ),
    "ko": (
        "{order}의 상황이 궁금합니다. get_order로 조회하고(가장 최근 주문은 list_orders로 찾기), 상태와 "
        "배송 번호별 상품, 아직 변경할 수 있는 것을 한국어로 알려 주세요."
    ),
}
BACK = {
    "en": (
        "I want to return or exchange something from order {order_id}. {wish}\n\nLook the order up with get_order and "
        "check allowed_actions and the policy (search_policies) first. If it is not clear which items, whether to "
        "return or exchange, or where the refund goes, ask me. Then call return_items or exchange_items once, with "
        "all items together, and tell me what happens next."
    ),
    "ko": (
        "주문 {order_id}의 상품을 반품하거나 교환하고 싶습니다. {wish}\n\n먼저 get_order로 주문과 allowed_actions를, "
        "search_policies로 정책을 확인해 주세요. 어떤 상품인지, 반품인지 교환인지, 환불을 어디로 받을지 분명하지 "
        "않으면 저에게 물어봐 주세요. 그다음 모든 상품을 한 번에 return_items 또는 exchange_items로 요청하고, "
        "다음 절차를 한국어로 알려 주세요."
    ),
}


async def where_is_my_order(caller: CurrentCaller, order_id: OrderId | None = None, language: Language = None) -> str:
    """Find out where an order is and what can still be changed · 주문 위치와 변경할 수 있는 것 확인."""
    return in_language(WHERE, caller, language).format(order=order_id or in_language(NEWEST, caller, language))


async def return_or_exchange(
    caller: CurrentCaller, order_id: OrderId, wish: Wish = None, language: Language = None
) -> str:
    """Send items of an order back for the money, or for another variant · 상품 반품 또는 교환."""
    return in_language(BACK, caller, language).format(order_id=order_id, wish=wish or "").strip()


PROMPTS = [
    Prompt(
        where_is_my_order,
        title="Where is my order? · 주문 조회",
        completions={"order_id": complete_order_id, "language": complete_language},
    ),
    Prompt(
        return_or_exchange,
        title="Return or exchange · 반품·교환",
        changes=True,
        completions={"order_id": complete_order_id, "language": complete_language},
    ),
]
