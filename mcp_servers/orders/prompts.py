"""What a customer asks most about orders, to be picked from a menu."""

from typing import Annotated

from pydantic import Field

from mcp_servers.orders.lookup import complete_order_id
from mcp_servers.orders.words import WORDS
from mcp_servers.runtime.arguments import OrderId, SeveralLines
from mcp_servers.runtime.caller import CurrentCaller
from mcp_servers.runtime.languages import Language, complete_language
from mcp_servers.runtime.offers import Prompt

Wish = Annotated[str | None, Field(description="What should happen, in your own words", max_length=500), SeveralLines]


async def where_is_my_order(caller: CurrentCaller, order_id: OrderId | None = None, language: Language = None) -> str:
    """Find out where an order is and what can still be changed."""
    spoken = language or caller.language
    return WORDS.say("where_is_my_order", spoken, order=order_id or WORDS.say("newest_order", spoken))


async def return_or_exchange(
    caller: CurrentCaller, order_id: OrderId, wish: Wish = None, language: Language = None
) -> str:
    """Send items of an order back for a refund or for another variant."""
    return WORDS.say("return_or_exchange", language or caller.language, order_id=order_id, wish=wish or "")


PROMPTS = [
    Prompt(
        where_is_my_order,
        title=WORDS.text("where_is_my_order.title"),
        description=WORDS.text("where_is_my_order.description"),
        completions={"order_id": complete_order_id, "language": complete_language},
    ),
    Prompt(
        return_or_exchange,
        title=WORDS.text("return_or_exchange.title"),
        description=WORDS.text("return_or_exchange.description"),
        changes=True,
        completions={"order_id": complete_order_id, "language": complete_language},
    ),
]
