"""The demo shop: generated data, the same every time, to try things out with."""

import random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import Sessions
from storage.moving.contents import Counts, Rows, count_contents, fill, replacing
from storage.moving.demo_data.catalogue import CURRENCY, make_products
from storage.moving.demo_data.orders import Shelf, make_orders
from storage.moving.demo_data.people import make_customers, make_payment_methods
from storage.moving.demo_data.pictures import make_pictures
from storage.moving.demo_data.purchases import plan_purchases
from storage.moving.demo_data.tickets import make_tickets
from storage.people.accounts import Account, find_account, hash_password
from storage.people.logins import DEMO_STAFF_ID, make_logins
from storage.pictures.product_pictures import ProductPicture
from storage.shop.customers import Customer, PaymentMethod
from storage.shop.orders import Order, OrderLine, Payment, Shipment
from storage.shop.products import Product, Variant
from storage.shop.shop import Origin
from storage.shop.tickets import Ticket, TicketEntry

PASSWORD = "demo-pass"  # noqa: S105 - the demo shop's password is meant to be known
STAFF_EMAIL = "staff@shopdesk.example"
KNOWN_EMAILS = ("olivia.brown@example.com", "mina.kim@example.com")
SEED = 20260630

Row = dict[str, Any]


async def seed_demo(sessions: Sessions, *, replace: bool = False) -> Counts:
    """Write the demo shop, in one transaction, and return how much it contains.

    Raises:
        ShopInUseError: the shop is neither empty nor the untouched demo, and `replace` is not set.
    """
    password_hash = hash_password(PASSWORD)
    rows = make_demo(password_hash)
    async with replacing(sessions, Origin.DEMO, CURRENCY, replace=replace) as session:
        await fill(session, rows, on_progress=lambda _written: None)
        drawn = make_pictures(tuple(product["id"] for product in rows[Product]))
        await session.execute(insert(ProductPicture), drawn)
        await _add_staff(session, password_hash)
        return await count_contents(session)


def make_demo(password_hash: str) -> Rows:
    """Return the demo shop's rows; they are the same every time, except for the password hash."""
    dice = random.Random(SEED)  # noqa: S311 - for made-up data
    products, variants = make_products(dice)
    customers = make_customers(dice)
    methods = make_payment_methods(dice, customers)
    known = [customer for customer in customers if customer["email"] in KNOWN_EMAILS]
    others = [customer for customer in customers if customer["email"] not in KNOWN_EMAILS]
    shelf = Shelf({product["id"]: product["name"] for product in products}, _grouped(variants, "product_id"))
    made = make_orders(dice, plan_purchases(dice, known, others), shelf, _grouped(methods, "customer_id"))
    tickets, entries = make_tickets(dice, customers, made.orders)
    return {
        Customer: customers,
        PaymentMethod: methods,
        Product: products,
        Variant: variants,
        Order: made.orders,
        OrderLine: made.lines,
        Shipment: made.shipments,
        Payment: made.payments,
        Ticket: tickets,
        TicketEntry: entries,
        Account: make_logins(customers, password_hash),
    }


def _grouped(rows: list[Row], column: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


async def _add_staff(session: AsyncSession, password_hash: str) -> None:
    # Staff logins survive an import, so this one may already exist, perhaps with another password.
    if await find_account(session, STAFF_EMAIL) is None:
        session.add(
            Account(
                id=DEMO_STAFF_ID,
                email=STAFF_EMAIL,
                name="Staff",
                password_hash=password_hash,
                customer_id=None,
                staff=True,
            )
        )
        await session.flush()
