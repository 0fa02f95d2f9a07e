"""Finding the rows a tool needs: whose orders to list, the order to change, the customer to find."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.orders import refusals
from mcp_servers.orders.rules import Methods, Variants
from mcp_servers.runtime.caller import whose_for
from mcp_servers.runtime.offers import Listed
from storage.owners import CustomerOnly, Whose
from storage.shop import orders
from storage.shop.customers import Customer, find_customers, get_customer
from storage.shop.orders import Order, find_order_id, get_order, list_order_ids
from storage.shop.products import find_variants
from storage.tokens import Caller


async def whose_orders(session: AsyncSession, caller: Caller, customer_id: str | None) -> Whose:
    """Return whose orders to list: a customer's own or, for staff, those of the customer named, or everybody's.

    Raises:
        CustomerNotFoundError: there is no such customer, who would otherwise look like one without orders.
    """
    whose = await whose_for(session, caller, customer_id)
    if customer_id is not None and isinstance(whose, CustomerOnly):
        await get_customer(session, whose.customer_id)
    return whose


async def to_change(session: AsyncSession, caller: Caller, order_id: str) -> tuple[Order, Methods]:
    """Return an order and its customer's payment methods, locked until the transaction ends.

    Raises:
        OrderNotFoundError: there is none, or it is another customer's.
    """
    order = await get_order(session, order_id, caller.whose, lock=True)
    customer = await get_customer(session, order.customer_id, lock=True)
    return order, customer.methods


async def as_stored(session: AsyncSession, caller: Caller, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a write's arguments with its order's id as the shop stores it; one that finds no order stays as it is."""
    typed = arguments.get("order_id")
    found = None if typed is None else await find_order_id(session, typed, caller.whose)
    return arguments if found is None else {**arguments, "order_id": found}


async def to_swap(
    session: AsyncSession, caller: Caller, order_id: str, new_item_ids: Sequence[str]
) -> tuple[Order, Methods, Variants]:
    """Return an order and its customer's payment methods as `to_change` does, with the new items that exist."""
    order, methods = await to_change(session, caller, order_id)
    return order, methods, await find_variants(session, new_item_ids)


async def to_move(session: AsyncSession, customer_id: str) -> Customer:
    """Return a customer, locked until the transaction ends.

    Raises:
        CustomerNotFoundError: there is none.
    """
    return await get_customer(session, customer_id, lock=True)


async def the_customer(
    session: AsyncSession, *, email: str | None, names: tuple[str | None, str | None], zip_code: str | None
) -> Customer:
    """Return the one customer with this email, or with this name and, where it is given, postcode.

    Raises:
        NameOrEmailError: neither an email nor a whole name was given.
        NobodyFoundError: there is none.
        SeveralFoundError: there are several.
    """
    first, last = names
    if email:
        found = await find_customers(session, email=email)
    elif first and last:
        found = await find_customers(session, name=(first, last), zip_code=zip_code or None)
    else:
        raise refusals.NameOrEmailError
    if not found:
        raise refusals.NobodyFoundError
    if len(found) > 1:
        raise refusals.SeveralFoundError
    return found[0]


async def list_own_orders(session: AsyncSession, caller: Caller, after: str, limit: int) -> Sequence[Listed]:
    """List a customer's orders, newest first. None for staff: theirs would be every order in the shop."""
    if caller.staff:
        return []
    before = int(after) if after.isdecimal() else None
    found = await orders.list_orders(session, caller.whose, status=None, before=before, limit=limit)
    return [Listed({"order_id": order.id}, f"{order.id} · {order.status}", str(order.position)) for order in found]


async def complete_order_id(session: AsyncSession, caller: Caller, typed: str, limit: int) -> Sequence[str]:
    """Complete an order id: a customer's own or, for staff, anybody's."""
    return await list_order_ids(session, caller.whose, typed, limit)
