"""Finding the rows a tool is about: the order to change with its customer's payment methods, the customer to find."""

from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.orders.rules import Methods
from mcp_servers.runtime.caller import customer_for
from storage.customers import Customer, find_customers, get_customer
from storage.errors import ShopError
from storage.orders import Order, get_order
from storage.tokens import Caller


class NameOrEmailError(ShopError):
    """find_customer was called with neither an email nor a whole name and postcode."""

    def __init__(self) -> None:
        super().__init__("find_customer takes an email, or first_name, last_name and zip together. Ask for either.")


class NobodyFoundError(ShopError):
    """No customer has this email, or this name and postcode."""

    def __init__(self) -> None:
        super().__init__("No customer was found with these details. Check the spelling.")


class SeveralFoundError(ShopError):
    """More than one customer has this name and postcode."""

    def __init__(self) -> None:
        super().__init__("Several customers have this name and zip. Ask for the email.")


async def whose_orders(session: AsyncSession, caller: Caller, customer_id: str | None) -> str | None:
    """Return whose orders to list: a customer's own, whoever staff named, or None for everybody's.

    Raises:
        CustomerNotFoundError: there is no such customer, who would look like one without orders.
    """
    customer = customer_for(caller, customer_id)
    if customer_id is not None:
        await get_customer(session, customer_id)
    return customer


async def to_change(session: AsyncSession, caller: Caller, order_id: str) -> tuple[Order, Methods]:
    """Return an order and its customer's payment methods, held until the transaction ends.

    Raises:
        OrderNotFoundError: there is none, or it is another customer's.
    """
    order = await get_order(session, order_id, caller.customer_id, lock=True)
    customer = await get_customer(session, order.customer_id, lock=True)
    return order, customer.methods


async def the_customer(
    session: AsyncSession, *, email: str | None, names: tuple[str | None, str | None], zip_code: str | None
) -> Customer:
    """Return the one customer with this email, or with this name and postcode.

    Raises:
        NameOrEmailError: neither was given whole.
        NobodyFoundError: there is none.
        SeveralFoundError: there are several.
    """
    first, last = names
    if email:
        found = await find_customers(session, email=email)
    elif first and last and zip_code:
        found = await find_customers(session, name=(first, last), zip_code=zip_code)
    else:
        raise NameOrEmailError
    if not found:
        raise NobodyFoundError
    if len(found) > 1:
        raise SeveralFoundError
    return found[0]
