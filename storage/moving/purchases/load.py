"""Brings a file's orders and customers into the shop: added, or brought up to date; all or nothing."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import Sessions, hold, now, without_haste, writing
from storage.moving.catalogues.drafts import Problem
from storage.moving.catalogues.files import ProductsFileError
from storage.moving.contents import Progress, ShopBusyError
from storage.moving.purchases.drafts import LineDraft, OrderDraft, OrderDrafts
from storage.moving.purchases.items import name_of, named_item, names_of
from storage.moving.purchases.updating import bring_up_to_date, payments_of, says_more, shipments_of
from storage.outages import DatabaseBusyError
from storage.shop.customers import Customer, PaymentKind, PaymentMethod
from storage.shop.orders import Order, OrderLine, OrderStatus
from storage.shop.products import Product, Variant
from storage.shop.shop import Origin, Shop, find_shop
from storage.shop.spelling import as_stored, folded_id

T = TypeVar("T")
Items = dict[str, tuple[str, str, dict[str, str]]]
AT_ONCE = 500
SEVERAL = re.compile(r"[+,&]")
KINDS = {"paypal": PaymentKind.PAYPAL, "gift": PaymentKind.GIFT_CARD, "기프트": PaymentKind.GIFT_CARD}


@dataclass
class OrderPlan:
    """What an import does to the shop, and why it cannot."""

    new: list[OrderDraft] = field(default_factory=list)
    known: list[tuple[OrderDraft, Order]] = field(default_factory=list)
    """Orders that the shop has, and that the file tells something new of."""
    same: int = 0
    newcomers: int = 0
    """How many customers the shop does not have yet."""
    unknown: set[str] = field(default_factory=set)
    """Items that the shop's catalogue does not have."""
    problems: list[Problem] = field(default_factory=list)


@dataclass
class _Shop:
    customers: dict[str, Customer]
    items: Items
    """By item id: its product's id and name, and its options."""


async def plan_orders(session: AsyncSession, drafts: OrderDrafts) -> OrderPlan:
    """Return what an import of these orders would do; nothing is written."""
    plan, emails = OrderPlan(), {order.email for order in drafts.orders}
    keys = [folded_id(draft.id) for draft in drafts.orders]
    known = {order.id: order for order in await _find(session, Order, Order.folded_id, keys)}
    ids = as_stored((draft.id for draft in drafts.orders), known)
    shop = await _read_shop(session, drafts.orders)
    plan.newcomers = len(emails - shop.customers.keys())
    for draft in drafts.orders:
        plan.unknown |= {line.item_id for line in draft.lines} - shop.items.keys()
        draft.id = ids.get(draft.id, draft.id)
        order = known.get(draft.id)
        owner = shop.customers.get(draft.email)
        if order is None:
            plan.new.append(draft)
        elif owner is None or owner.id != order.customer_id:
            plan.problems.append(Problem(draft.line, "", f"the shop's order {draft.id!r} is another customer's"))
        elif says_more(draft, order, list(_lines(draft, shop))):
            plan.known.append((draft, order))
        else:
            plan.same += 1
    return plan


async def load_orders(
    sessions: Sessions, file: Path, drafts: OrderDrafts, currency: str, on_progress: Progress
) -> OrderPlan:
    """Write a file's orders and their customers, all or nothing, and return what was done.

    Args:
        sessions: the shop.
        file: what to call the file in an error.
        drafts: its orders, without problems.
        currency: the shop's (ISO 4217), or what it becomes in a shop that has nothing yet.
        on_progress: receives how many more orders were written; 0 before all of them take effect.

    Raises:
        ProductsFileError: an order belongs to another customer of the shop.
        ShopBusyError: somebody else is writing, and did not finish in time.
    """
    try:
        async with writing(sessions) as session:
            await hold(session, "customers")
            await without_haste(session)
            plan = await plan_orders(session, drafts)
            if plan.problems:
                raise ProductsFileError(file, plan.problems[0].text, plan.problems[0].line)
            if await find_shop(session) is None:
                session.add(Shop(origin=Origin.IMPORTED, currency=currency, fingerprint="", loaded_at=now()))
            if plan.same:
                on_progress(plan.same)
            await _write(session, plan, currency, on_progress)
            on_progress(0)
    except DatabaseBusyError as error:
        raise ShopBusyError(error.reason) from error
    return plan


async def _write(session: AsyncSession, plan: OrderPlan, currency: str, on_progress: Progress) -> None:
    places = count((await session.scalar(select(func.max(Order.position))) or 0) + 1)
    seats = count((await session.scalar(select(func.max(Customer.position))) or 0) + 1)
    for part in _parts(plan.new):
        shop = await _read_shop(session, part)
        taken = {one.id for one in await _find(session, Customer, Customer.id, [_id_of(each.email) for each in part])}
        for draft in part:
            if draft.email not in shop.customers:
                customer = _newcomer(draft, taken, next(seats))
                taken.add(customer.id)
                shop.customers[draft.email] = customer
                session.add(customer)
        await session.flush()
        for draft in part:
            session.add(_order(draft, shop, next(places), currency))
        await session.flush()
        on_progress(len(part))
    for known in _parts(plan.known):
        shop = await _read_shop(session, [draft for draft, _ in known])
        for draft, order in known:
            method = "" if order.payments else _method(shop.customers[draft.email], draft.paid_with)
            bring_up_to_date(draft, order, list(_lines(draft, shop)), method)
        await session.flush()
        on_progress(len(known))


def _newcomer(draft: OrderDraft, taken: set[str], position: int) -> Customer:
    made = _id_of(draft.email)
    key = next(one for number in count(1) if (one := made if number == 1 else f"{made}_{number}") not in taken)
    return Customer(
        id=key,
        position=position,
        first_name=draft.first_name,
        last_name=draft.last_name,
        email=draft.email,
        language=draft.language if draft.language in {"en", "ko"} else "en",
        payment_methods=[],
        **draft.address,
    )


def _id_of(email: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", email.partition("@")[0]).strip("_")[:40] or "customer"


def _order(draft: OrderDraft, shop: _Shop, position: int, currency: str) -> Order:
    customer = shop.customers[draft.email]
    lines = list(_lines(draft, shop))
    return Order(
        id=draft.id,
        customer_id=customer.id,
        position=position,
        status=OrderStatus(draft.status),
        currency=currency,
        ordered_at=draft.placed,
        lines=lines,
        shipments=shipments_of(draft),
        payments=payments_of(draft, _method(customer, draft.paid_with)),
        **draft.address,
    )


def _lines(draft: OrderDraft, shop: _Shop) -> Iterator[OrderLine]:
    for number, (line, price) in enumerate(draft.prices(), start=1):
        product, name, options = shop.items.get(line.item_id, (line.item_id, line.name, {}))
        name = name_of(line, options) or name
        options = options or ({"option": line.option} if line.option else {})
        yield OrderLine(line=number, item_id=line.item_id, product_id=product, name=name, options=options, price=price)


def _method(customer: Customer, paid_with: str) -> str:
    """Return the customer's payment method of this name; it is added where it is new."""
    said = paid_with.casefold()
    # Of two that were used at once nobody knows what each of them paid, and it is called as the file does.
    only = "" if SEVERAL.search(said) else said
    kind = next((kind for word, kind in KINDS.items() if word in only), PaymentKind.CREDIT_CARD)
    name = re.sub(r"[^\w]+", "_", said).strip("_")[:40] or kind.value
    if name not in customer.methods:
        balance = 0 if kind is PaymentKind.GIFT_CARD else None
        brand = paid_with or None if kind is PaymentKind.CREDIT_CARD else None
        position = len(customer.payment_methods) + 1
        customer.payment_methods.append(
            PaymentMethod(id=name, position=position, kind=kind, brand=brand, last_four=None, balance=balance)
        )
    return name


async def _read_shop(session: AsyncSession, drafts: Sequence[OrderDraft]) -> _Shop:
    customers = await _find(session, Customer, Customer.email, [draft.email for draft in drafts])
    lines = [line for draft in drafts for line in draft.lines]
    items = await _spelled(session, lines)
    if unknown := [line for line in lines if line.item_id not in items]:
        await _name_items(session, unknown)
        items |= await _spelled(session, unknown)
    return _Shop({customer.email: customer for customer in customers}, items)


async def _spelled(session: AsyncSession, lines: Sequence[LineDraft]) -> Items:
    """Return those of the lines' items that the shop has, and write their ids as it does."""
    items: Items = {}
    wanted = {line.item_id for line in lines}
    for some in _parts(sorted(map(folded_id, wanted))):
        query = select(Variant.item_id, Product.id, Product.name, Variant.options).join(Product)
        rows = await session.execute(query.where(Variant.folded_id.in_(some)))
        items |= {item_id: (product_id, name, options) for item_id, product_id, name, options in rows}
    spelled = as_stored(wanted, items)
    for line in lines:
        line.item_id = spelled.get(line.item_id, line.item_id)
    return items


async def _name_items(session: AsyncSession, lines: Sequence[LineDraft]) -> None:
    """Give lines that name a product and what was chosen of it the id of that item."""
    for some in _parts(lines):
        ids = [folded_id(each) for line in some for each in line.named]
        names = [name for line in some for name, _ in names_of(line)]
        products = await _find(session, Product, Product.folded_id, ids) + await _find(
            session, Product, Product.name, names
        )
        for line in some:
            if item := named_item(line, set(products)):
                line.item_id = item.item_id


async def _find(session: AsyncSession, kind: type[T], column: object, values: Sequence[str]) -> list[T]:
    found: list[T] = []
    for some in _parts(sorted(set(values))):
        # SQLite waits for nothing; here whoever wants it to stop is heard.
        await asyncio.sleep(0)
        found += (await session.scalars(select(kind).where(column.in_(some)))).all()  # type: ignore[attr-defined]
    return found


def _parts(of: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(of), AT_ONCE):
        yield of[start : start + AT_ONCE]
