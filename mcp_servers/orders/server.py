"""The orders tool server: customers and their orders, and what can be done with them."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from mcp_servers.orders import rules
from mcp_servers.orders.lookup import (
    as_stored,
    complete_order_id,
    list_own_orders,
    the_customer,
    to_change,
    to_move,
    to_swap,
    whose_orders,
)
from mcp_servers.orders.plans import Plan
from mcp_servers.orders.prompts import PROMPTS, where_is_my_order
from mcp_servers.orders.views import Calendar, CustomerView, OrderPage, OrderSummary, OrderView
from mcp_servers.orders.words import WORDS
from mcp_servers.runtime.arguments import Cursor, CustomerId, Limit, OneLine, OneLineOrNone, OrderId, TypedId
from mcp_servers.runtime.caller import CurrentCaller, one_customer
from mcp_servers.runtime.cursor import from_cursor, place_in, to_cursor
from mcp_servers.runtime.offers import Resource
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.signature import Session
from storage.db import Sessions, now
from storage.delivery import DeliveryRules, read_rules
from storage.settings import Settings
from storage.shop import customers, orders
from storage.shop.orders import CancelReason, OrderStatus

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
Id = Annotated[str, Field(min_length=1, max_length=80), TypedId]
ItemIds = Annotated[list[Id], Field(description="Items of the order, one held twice may come twice", max_length=50)]
NewItemIds = Annotated[list[Id], Field(description="The new item for each of item_ids, by position", max_length=50)]
PaymentMethodId = Annotated[
    str, Field(description="One of the customer's payment methods", min_length=1, max_length=80), TypedId
]
Name = Annotated[str, Field(max_length=80), TypedId] | None
Email = Annotated[str, Field(max_length=200), TypedId] | None
AddressLine = Annotated[str, Field(min_length=1, max_length=120), OneLine]
AddressRest = Annotated[str, Field(max_length=120), OneLineOrNone]


def _postcode(value: str) -> str:
    """Refuse what no country has in its postcodes, such as a sentence around one."""
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z -]*", value):
        raise ValueError("must be a postcode alone: letters of the Latin alphabet, digits, spaces and hyphens")
    return value


Postcode = Annotated[
    str, Field(description="Postcode alone, such as '05551'", max_length=16), OneLine, AfterValidator(_postcode)
]


def postal(address1: str, address2: str, city: str, state: str, zip_code: str, country: str) -> Mapping[str, str]:
    """Return the parts of an address by the names of their columns."""
    return {
        "address1": address1,
        "address2": address2,
        "city": city,
        "state": state,
        "country": country,
        "zip": zip_code,
    }


async def find_customer(
    session: Session, email: Email = None, first_name: Name = None, last_name: Name = None, zip: Name = None
) -> CustomerView:
    """Find a customer by email, or by first_name and last_name; where several have that name, by their zip too."""
    return CustomerView.of(await the_customer(session, email=email, names=(first_name, last_name), zip_code=zip))


async def get_customer(session: Session, caller: CurrentCaller, customer_id: CustomerId = None) -> CustomerView:
    """Look up the customer's profile: name, email, address, and payment methods with gift-card balances."""
    customer = await one_customer(session, caller, customer_id, "get_customer")
    return CustomerView.of(await customers.get_customer(session, customer))


@dataclass(frozen=True)
class Lookups:
    """The tools that look orders up, by the shop's delivery rules."""

    rules: DeliveryRules

    async def list_orders(
        self,
        session: Session,
        caller: CurrentCaller,
        customer_id: CustomerId = None,
        status: Status | None = None,
        cursor: Cursor = None,
        limit: Limit = 20,
    ) -> OrderPage:
        """List the customer's orders, newest first: status, dates, carriers, total in minor units, what was bought."""
        found = await orders.list_orders(
            session,
            await whose_orders(session, caller, customer_id),
            status=OrderStatus(status) if status else None,
            before=int(from_cursor(cursor, int)[0]) if cursor else None,
            limit=limit + 1,
        )
        page, calendar = found[:limit], self._calendar()
        next_cursor = to_cursor(page[-1].position) if len(found) > limit else None
        return OrderPage(
            orders=[OrderSummary.of(order, calendar, caller.language) for order in page], next_cursor=next_cursor
        )

    async def get_order(
        self, session: Session, caller: CurrentCaller, order_id: OrderId, cursor: Cursor = None
    ) -> OrderView:
        """Look up one order: status, dates, lines, address, parcels with carrier, payments and allowed_actions."""
        order = await orders.get_order(session, order_id, caller.whose)
        return OrderView.of(order, self._calendar(), caller.language, place_in(order.id, cursor))

    def _calendar(self) -> Calendar:
        return Calendar(self.rules, self.rules.day_of(now()))


async def cancel_order(
    session: Session, caller: CurrentCaller, order_id: OrderId, reason: Reason
) -> AsyncIterator[Plan]:
    """Cancel an order that is still pending; each payment goes back to where it came from."""
    order, methods = await to_change(session, caller, order_id)
    plan = rules.cancel(order, methods, CancelReason(reason))
    yield plan
    plan.apply()


async def change_order_items(
    session: Session,
    caller: CurrentCaller,
    order_id: OrderId,
    item_ids: ItemIds,
    new_item_ids: NewItemIds,
    payment_method_id: PaymentMethodId,
) -> AsyncIterator[Plan]:
    """Change items of a pending order to other variants of the same products; only once, so name all of them."""
    order, methods, variants = await to_swap(session, caller, order_id, new_item_ids)
    plan = rules.change_items(order, methods, variants, item_ids, new_item_ids, payment_method_id)
    yield plan
    plan.apply()


async def change_order_address(
    session: Session,
    caller: CurrentCaller,
    *,
    order_id: OrderId,
    address1: AddressLine,
    address2: AddressRest = "",
    city: AddressLine,
    state: AddressLine,
    country: AddressLine,
    zip: Postcode,
) -> AsyncIterator[Plan]:
    """Send an order that is still pending to another address."""
    order, _ = await to_change(session, caller, order_id)
    plan = rules.change_address(order, postal(address1, address2, city, state, zip, country))
    yield plan
    plan.apply()


async def change_order_payment(
    session: Session, caller: CurrentCaller, order_id: OrderId, payment_method_id: PaymentMethodId
) -> AsyncIterator[Plan]:
    """Pay a pending order with another payment method of the customer; the old one is refunded."""
    order, methods = await to_change(session, caller, order_id)
    plan = rules.change_payment(order, methods, payment_method_id)
    yield plan
    plan.apply()


async def return_items(
    session: Session, caller: CurrentCaller, order_id: OrderId, item_ids: ItemIds, payment_method_id: PaymentMethodId
) -> AsyncIterator[Plan]:
    """Ask to return items of a delivered order, refunded to the original payment method or a gift card."""
    order, methods = await to_change(session, caller, order_id)
    plan = rules.return_items(order, methods, item_ids, payment_method_id)
    yield plan
    plan.apply()


async def exchange_items(
    session: Session,
    caller: CurrentCaller,
    order_id: OrderId,
    item_ids: ItemIds,
    new_item_ids: NewItemIds,
    payment_method_id: PaymentMethodId,
) -> AsyncIterator[Plan]:
    """Ask to exchange items of a delivered order for other variants of the same products; name all of them."""
    order, methods, variants = await to_swap(session, caller, order_id, new_item_ids)
    plan = rules.exchange_items(order, methods, variants, item_ids, new_item_ids, payment_method_id)
    yield plan
    plan.apply()


async def change_customer_address(
    session: Session,
    caller: CurrentCaller,
    *,
    address1: AddressLine,
    address2: AddressRest = "",
    city: AddressLine,
    state: AddressLine,
    country: AddressLine,
    zip: Postcode,
    customer_id: CustomerId = None,
) -> AsyncIterator[Plan]:
    """Change the address of the customer's account; orders already placed keep theirs."""
    customer = await to_move(session, await one_customer(session, caller, customer_id, "change_customer_address"))
    plan = rules.change_customer_address(customer, postal(address1, address2, city, state, zip, country))
    yield plan
    plan.apply()


def build_server(settings: Settings, _sessions: Sessions) -> ToolServer:
    """Return the orders tool server."""
    lookups = Lookups(read_rules(settings.delivery_days, settings.shop_holidays, settings.shop_timezone))
    return ToolServer(
        "orders",
        title="Orders",
        instructions="Orders: look up customers and orders.",
        write_instructions="Cancel, change, return and exchange them after the customer's yes.",
        reads=[find_customer, get_customer, lookups.list_orders, lookups.get_order],
        writes=[
            cancel_order,
            change_order_items,
            change_order_address,
            change_order_payment,
            return_items,
            exchange_items,
            change_customer_address,
        ],
        staff_only=[find_customer],
        toolsets={"support": "*", "shopping": [lookups.list_orders, lookups.get_order, where_is_my_order]},
        resources=[
            Resource(
                "order://{order_id}",
                lookups.get_order,
                title=WORDS.text("order_title"),
                listed=list_own_orders,
                completions={"order_id": complete_order_id},
            )
        ],
        prompts=PROMPTS,
        as_stored=as_stored,
        icon="📦",
    )
