"""Reading the whole catalogue, thousands of products, as plain columns and in short steps."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from anyio.lowlevel import checkpoint
from sqlalchemy import case, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import is_postgresql
from storage.shop.orders import Order, OrderLine
from storage.shop.products import Product, Variant
from storage.shop.shop import Shop

# SQLite is read on the event loop: a step of this many rows blocks it for a few milliseconds.
TEXTS_AT_ONCE = 500
PRODUCTS_AT_ONCE = 100
"""Products per query when offers or options are read."""
PRICES_AT_ONCE = 500
"""Products per query when only prices are, which stand in an index."""
HIGHEST_PRICE = 2**63 - 1
"""What a column of prices can hold: any limit above it is none."""
ORDERS_LOOKED_AT = 2_000
FEWEST_BUYERS = 3
"""Fewer customers would tell something of each of them, and little of the product."""


class Edition(NamedTuple):
    """A version that changes whenever products are imported, added or removed."""

    loaded_at: datetime | None
    products: int
    last: int | None


class ProductText(NamedTuple):
    """The words of a product; `other_names` are its names in other languages."""

    id: str
    position: int
    name: str
    other_names: str
    keywords: str
    category: str
    description: str


class Offer(NamedTuple):
    """A product's current offer; `price_from` is its cheapest available variant's price, or else its cheapest."""

    id: str
    position: int
    name: str
    names: Mapping[str, str]
    category: str
    currency: str
    price_from: int
    available: bool

    def name_in(self, language: str) -> str:
        """Return what it is called in a language."""
        return self.names.get(language, self.name)


async def find_edition(session: AsyncSession) -> Edition:
    """Return the catalogue's edition."""
    loaded_at = select(Shop.loaded_at).where(Shop.id == 1).scalar_subquery()
    found = await session.execute(select(loaded_at, func.count(), func.max(Product.position)).select_from(Product))
    return Edition(*found.one())


async def stream_texts(session: AsyncSession) -> AsyncIterator[Sequence[ProductText]]:
    """Yield every product's words in the shop's order, in batches."""
    named = (Product.id, Product.position, Product.name, Product.names)
    columns = (*named, Product.keywords, Product.category, Product.description)
    query, after = select(*columns).order_by(Product.position).limit(TEXTS_AT_ONCE), None
    while True:
        rows = await session.execute(query if after is None else query.where(Product.position > after))
        texts = [ProductText(*row[:3], ", ".join(row.names.values()), *row[4:]) for row in rows]
        if not texts:
            return
        yield texts
        await checkpoint()
        after = texts[-1].position


async def list_offers(session: AsyncSession, product_ids: Sequence[str]) -> list[Offer | None]:
    """Return these products' current offers, in this order; None for one that no longer exists."""
    available = case((Variant.available, Variant.price))
    price = func.coalesce(func.min(available), func.min(Variant.price), 0)
    kept = (Product.id, Product.position, Product.name, Product.names, Product.category, Product.currency)
    query = select(*kept, price, func.count(available) > 0).outerjoin(Variant).group_by(Product.id)
    found = {row.id: Offer(*row) for row in await session.execute(query.where(Product.id.in_(product_ids)))}
    return [found.get(product_id) for product_id in product_ids]


async def list_prices(session: AsyncSession, product_ids: Sequence[str]) -> dict[str, int | None]:
    """Return each product's cheapest available price, and None where nothing of it is available."""
    prices: dict[str, int | None] = {}
    cheapest = select(func.min(Variant.price)).where(Variant.product_id == Product.id, Variant.available.is_(True))
    query = select(Product.id, cheapest.correlate(Product).scalar_subquery())
    for start in range(0, len(product_ids), PRICES_AT_ONCE):
        some = product_ids[start : start + PRICES_AT_ONCE]
        prices |= {row[0]: row[1] for row in await session.execute(query.where(Product.id.in_(some)))}
        await checkpoint()
    return prices


async def list_affordable(
    session: AsyncSession, product_ids: Sequence[str], least: int | None, most: int | None, *, available_only: bool
) -> list[str]:
    """Return those of these products, in this order, that have an item priced between these bounds (minor units)."""
    query = select(Variant.product_id).distinct()
    if available_only:
        query = query.where(Variant.available.is_(True))
    if least is not None:
        query = query.where(Variant.price >= min(least, HIGHEST_PRICE))
    if most is not None:
        query = query.where(Variant.price <= min(most, HIGHEST_PRICE))
    found: list[str] = []
    for start in range(0, len(product_ids), PRICES_AT_ONCE):
        some = product_ids[start : start + PRICES_AT_ONCE]
        has = set(await session.scalars(query.where(Variant.product_id.in_(some))))
        found += [product_id for product_id in some if product_id in has]
        await checkpoint()
    return found


async def list_bought_with(session: AsyncSession, product_id: str) -> list[str]:
    """Return the products most often ordered together with one, by at least `FEWEST_BUYERS` customers."""
    orders = select(OrderLine.order_id).where(OrderLine.product_id == product_id).limit(ORDERS_LOOKED_AT).subquery()
    buyers = func.count(Order.customer_id.distinct())
    query = (
        select(OrderLine.product_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.order_id.in_(select(orders.c.order_id)), OrderLine.product_id != product_id)
        .group_by(OrderLine.product_id)
        .having(buyers >= FEWEST_BUYERS)
        .order_by(buyers.desc(), OrderLine.product_id)
    )
    return list(await session.scalars(query.limit(PRODUCTS_AT_ONCE)))


async def list_choices(session: AsyncSession, product_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return the names of each product's options, such as "color"."""
    if is_postgresql(session):
        named = func.json_object_keys(Variant.options).table_valued("key").render_derived()
    else:
        named = func.json_each(Variant.options).table_valued("key")
    query = select(Variant.product_id, named.c.key).join(named, true()).distinct()
    choices: dict[str, set[str]] = {product_id: set() for product_id in product_ids}
    for product_id, name in await session.execute(query.where(Variant.product_id.in_(product_ids))):
        choices[product_id].add(name)
    return {product_id: frozenset(of_product) for product_id, of_product in choices.items()}
