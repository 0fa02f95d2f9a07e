"""The caller's own orders as resources: which are listed, and which ids complete what is typed."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.runtime.offers import Listed
from storage import shown_orders
from storage.orders import list_order_ids
from storage.tokens import Caller


async def list_own_orders(session: AsyncSession, caller: Caller, after: str, limit: int) -> Sequence[Listed]:
    """List a customer's orders, newest first. Staff have none of their own: theirs would be every order of the shop."""
    if caller.customer_id is None:
        return []
    before = int(after) if after.isdecimal() else None
    found = await shown_orders.list_orders(session, caller.customer_id, status=None, before=before, limit=limit)
    return [Listed({"order_id": order.id}, f"{order.id} · {order.status}", str(order.position)) for order in found]


async def complete_order_id(session: AsyncSession, caller: Caller, typed: str, limit: int) -> Sequence[str]:
    """Complete an order id; a customer's own, or for staff anybody's."""
    return await list_order_ids(session, caller.customer_id, typed, limit)
