"""The orders tool server: a customer's profile and orders, and what can be done with them."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal

from pydantic import Field

from mcp_servers.orders import rules
from mcp_servers.orders.views import CustomerView, OrderPage, OrderSummary, OrderView
from mcp_servers.runtime.caller import CurrentCaller, customer_for, one_customer
from mcp_servers.runtime.cursor import from_cursor, to_cursor
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.signature import Session
from storage import customers, orders
from storage.db import Sessions
from storage.orders import CancelReason, OrderStatus
from storage.settings import Settings

OrderId = Annotated[str, Field(description="Order id, such as '#W1042'", min_length=1, max_length=40)]
CustomerId = Annotated[str | None, Field(description="Staff only: whose", max_length=80)]
Cursor = Annotated[str | None, Field(description="next_cursor of the page before", max_length=200)]
Limit = Annotated[int, Field(ge=1, le=20)]
Status = Literal[
    "pending",
    "pending (items changed)",
    "processed",
    "delivered",
    "cancelled",
    "return requested",
    "exchange requested",
]
Reason = Literal["no longer needed", "ordered by mistake"]


async def get_customer(session: Session, caller: CurrentCaller, customer_id: CustomerId = None) -> CustomerView:
    """Look up the customer's profile: name, email, address, and payment methods with gift-card balances."""
    customer = one_customer(caller, customer_id, "get_customer")
    return CustomerView.of(await customers.get_customer(session, customer))


async def list_orders(
    session: Session,
    caller: CurrentCaller,
    customer_id: CustomerId = None,
    status: Status | None = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> OrderPage:
    """List the customer's orders, newest first, each with its status, total in minor units, and what was bought."""
    before = int(from_cursor(cursor, int)[0]) if cursor else None
    found = await orders.list_orders(
        session,
        customer_for(caller, customer_id),
        status=OrderStatus(status) if status else None,
        before=before,
        limit=limit + 1,
    )
    page = found[:limit]
    next_cursor = to_cursor(page[-1].position) if len(found) > limit else None
    return OrderPage(orders=[OrderSummary.of(order) for order in page], next_cursor=next_cursor)


async def get_order(session: Session, caller: CurrentCaller, order_id: OrderId) -> OrderView:
    """Look up one order: status, lines, address, shipments with tracking, payments and refunds, and allowed_actions."""
    return OrderView.of(await orders.get_order(session, order_id, caller.customer_id))


async def cancel_order(
    session: Session, caller: CurrentCaller, order_id: OrderId, reason: Reason
) -> AsyncIterator[str]:
    """Cancel an order that is still pending; each payment goes back to where it came from.

    The customer is asked to confirm before anything changes.
    """
    order = await orders.get_order(session, order_id, caller.customer_id, lock=True)
    customer = await customers.get_customer(session, order.customer_id)
    cancellation = rules.cancel(order, customer.methods, CancelReason(reason))
    yield cancellation.sentence(caller.language)
    orders.cancel(order, cancellation.reason)
    for refund in cancellation.refunds:
        orders.refund(order, refund.method, refund.amount)


def build_server(_settings: Settings, _sessions: Sessions) -> ToolServer:
    """Return the orders tool server."""
    return ToolServer(
        "orders",
        title="Orders",
        instructions="Orders: look up a customer's orders and shipments; cancel what is still pending.",
        reads=[get_customer, list_orders, get_order],
        writes=[cancel_order],
    )
