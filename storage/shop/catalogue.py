"""Reading the whole catalogue, thousands of products, as plain columns and in short steps."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import NamedTuple

from anyio.lowlevel import checkpoint
from sqlalchemy import case, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import is_postgresql
from storage.shop.products import Product, Variant
from storage.shop.shop import Shop

# SQLite is read on the event loop: a step of this many rows blocks it for a few milliseconds.
TEXTS_AT_ONCE = 500
PRODUCTS_AT_ONCE = 100
"""Products per query when offers or options are read."""


class Edition(NamedTuple):
    """A version that changes whenever products are imported, added or removed."""

    loaded_at: datetime | None
    products: int
    last: int | None


class ProductText(NamedTuple):
    """The words of a product."""

    id: str
    position: int
    name: str
    keywords: str
    category: str
    description: str


class Offer(NamedTuple):
    """A product's current offer; `price_from` is its cheapest available variant's price, or else its cheapest."""

    id: str
    position: int
    name: str
    category: str
    currency: str
    price_from: int
    available: bool


async def find_edition(session: AsyncSession) -> Edition:
    """Return the catalogue's edition."""
    loaded_at = select(Shop.loaded_at).where(Shop.id == 1).scalar_subquery()
    found = await session.execute(select(loaded_at, func.count(), func.max(Product.position)).select_from(Product))
    return Edition(*found.one())


async def stream_texts(session: AsyncSession) -> AsyncIterator[Sequence[ProductText]]:
    """Yield every product's words in the shop's order, in batches."""
    columns = (Product.id, Product.position, Product.name, Product.keywords, Product.category, Product.description)
    query, after = select(*columns).order_by(Product.position).limit(TEXTS_AT_ONCE), None
    while True:
        rows = await session.execute(query if after is None else query.where(Product.position > after))
        texts = [ProductText(*row) for row in rows]
        if not texts:
            return
        yield texts
        await checkpoint()
        after = texts[-1].position


async def list_offers(session: AsyncSession, product_ids: Sequence[str]) -> list[Offer | None]:
    """Return these products' current offers, in this order; None for one that no longer exists."""
    available = case((Variant.available, Variant.price))
    price = func.coalesce(func.min(available), func.min(Variant.price), 0)
    kept = (Product.id, Product.position, Product.name, Product.category, Product.currency)
    query = select(*kept, price, func.count(available) > 0).outerjoin(Variant).group_by(*kept)
    found = {row.id: Offer(*row) for row in await session.execute(query.where(Product.id.in_(product_ids)))}
    return [found.get(product_id) for product_id in product_ids]


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
