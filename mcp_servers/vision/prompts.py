"""A damaged parcel, from the picture to what the shop does about it, to be picked from a menu."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.runtime.arguments import OneLine, OrderId
from mcp_servers.runtime.caller import CurrentCaller
from mcp_servers.runtime.languages import Language, complete_language, in_language
from mcp_servers.runtime.offers import Prompt
from storage.pictures.images import list_image_ids
from storage.shop.orders import list_order_ids
from storage.tokens import Caller

ImageId = Annotated[str, Field(description="Picture of the damage", min_length=1, max_length=40), OneLine]
DAMAGED = {
    "en": (
        "Order {order_id} arrived damaged. {seen}Look the order up with get_order and find which item it is about; ask "
        "me if that is not clear. Read the policy on damaged items (search_policies). Then tell me what I can have, "
        "and request it once I chose. If the picture is unclear or a person has to decide, open a ticket with "
        "create_ticket and tell me its number."
    ),
    "ko": (
        "주문 {order_id}의 상품이 파손된 채 도착했습니다. {seen}get_order로 주문을 조회해 어떤 상품인지 확인하고, "
        "분명하지 않으면 저에게 물어봐 주세요. search_policies로 파손 상품 정책을 읽고, 가능한 처리를 한국어로 "
        "알려 준 뒤 제가 고르면 요청해 주세요. 사진이 불분명하거나 담당자가 판단해야 하면 create_ticket으로 "
        "접수하고 번호를 알려 주세요."
    ),
}
SEEN = {
    "en": "Judge the picture {image_id} with inspect_damage. ",
    "ko": "사진 {image_id}을(를) inspect_damage로 확인해 주세요. ",
}


async def handle_a_damaged_parcel(
    caller: CurrentCaller, order_id: OrderId, image_id: ImageId | None = None, language: Language = None
) -> str:
    """Settle a parcel that arrived damaged, by its picture and the policy · 파손된 상품 처리."""
    seen = in_language(SEEN, caller, language).format(image_id=image_id) if image_id else ""
    return in_language(DAMAGED, caller, language).format(order_id=order_id, seen=seen)


async def complete_image_id(session: AsyncSession, caller: Caller, typed: str, limit: int) -> Sequence[str]:
    """Complete the id of a picture; a customer's own, or for staff anybody's."""
    return await list_image_ids(session, caller.whose, typed, limit)


async def complete_order_id(session: AsyncSession, caller: Caller, typed: str, limit: int) -> Sequence[str]:
    """Complete an order id; a customer's own, or for staff anybody's."""
    return await list_order_ids(session, caller.whose, typed, limit)


PROMPTS = [
    Prompt(
        handle_a_damaged_parcel,
        title="Handle a damaged parcel · 파손 상품 처리",
        changes=True,
        completions={
            "order_id": complete_order_id,
            "image_id": complete_image_id,
            "language": complete_language,
        },
    )
]
