"""A visitor in a test: what they say and how often they may."""

from typing import Any

from storage.chats.conversations import Conversation, add_conversation, get_conversation, new_visitor_id
from storage.db import Sessions, writing
from storage.owners import TheShop
from storage.shop.orders import Order
from tests.factories import ADDRESS, add_customer, add_order
from tests.team.shopfloor import Shopfloor, only

EMAIL = "olivia.brown@example.com"
POSTCODE = ADDRESS["zip"]
RIGHT = f"{EMAIL} {POSTCODE}"
WRONG = f"{EMAIL} 10001"


async def visit(floor: Shopfloor) -> str:
    """Start a conversation of a visitor."""
    async with writing(floor.sessions) as session:
        return (await add_conversation(session, None, None, new_visitor_id())).id


async def add_known_customer(sessions: Sessions) -> Order:
    customer = await add_customer(sessions, id="olivia_brown_1", email=EMAIL)
    return await add_order(sessions, id="#W1042", customer_id=customer.id)


async def conversation_of(floor: Shopfloor, chat: str) -> Conversation:
    async with floor.sessions() as session:
        return await get_conversation(session, chat, TheShop())


def statuses(steps: list[Any]) -> list[str]:
    return [data["status"] for data in only(steps, "identity")]
