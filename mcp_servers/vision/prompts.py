"""A damaged parcel, from the picture to what the shop does about it, to be picked from a menu."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.runtime.arguments import OneLine, OrderId
from mcp_servers.runtime.caller import CurrentCaller
from mcp_servers.runtime.languages import Language, complete_language
from mcp_servers.runtime.offers import Prompt
from mcp_servers.vision.words import WORDS
from storage.pictures.images import list_image_ids
from storage.shop.orders import list_order_ids
from storage.tokens import Caller

ImageId = Annotated[str, Field(description="Picture of the damage", min_length=1, max_length=40), OneLine]


async def handle_a_damaged_parcel(
    caller: CurrentCaller, order_id: OrderId, image_id: ImageId | None = None, language: Language = None
) -> str:
    """Settle a parcel that arrived damaged, by its picture and the policy."""
    spoken = language or caller.language
    return WORDS.say("handle_a_damaged_parcel", spoken, order_id=order_id, image_id=image_id or "none")


async def complete_image_id(session: AsyncSession, caller: Caller, typed: str, limit: int) -> Sequence[str]:
    """Complete the id of a picture; a customer's own, or for staff anybody's."""
    return await list_image_ids(session, caller.whose, typed, limit)


async def complete_order_id(session: AsyncSession, caller: Caller, typed: str, limit: int) -> Sequence[str]:
    """Complete an order id; a customer's own, or for staff anybody's."""
    return await list_order_ids(session, caller.whose, typed, limit)


PROMPTS = [
    Prompt(
        handle_a_damaged_parcel,
        title=WORDS.text("handle_a_damaged_parcel.title"),
        description=WORDS.text("handle_a_damaged_parcel.description"),
        changes=True,
        completions={
            "order_id": complete_order_id,
            "image_id": complete_image_id,
            "language": complete_language,
        },
    )
]
