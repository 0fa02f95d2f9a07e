"""Products and the variants (items) they are sold in."""

from collections.abc import Sequence

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db import Base
from storage.errors import NotFoundError
from storage.shop.spelling import find_meant, folded_id, key_of, meant


class ProductNotFoundError(NotFoundError):
    """No such product or item."""

    def __init__(self, kind: str, value: str) -> None:
        super().__init__(f"No {kind} {value} was found. Find products by name with search_products.")


class Variant(Base):
    """One item that can be bought: a product with one choice of options. The price is in minor units."""

    __tablename__ = "variants"
    # In this order the cheapest available item of a product is one look into the index.
    __table_args__ = (
        CheckConstraint("price >= 0", name="price_not_negative"),
        Index(None, "product_id", "available", "price"),
    )

    item_id: Mapped[str] = mapped_column(primary_key=True)
    folded_id: Mapped[str] = mapped_column(default=key_of(folded_id, "item_id"), index=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    position: Mapped[int]
    options: Mapped[dict[str, str]]
    price: Mapped[int]
    available: Mapped[bool]


class Product(Base):
    """A product, in one or more variants; `keywords` are additional search words, in any language.

    `names` has its names in other languages than `name`'s, by their codes.
    """

    __tablename__ = "products"
    __table_args__ = (CheckConstraint("length(currency) = 3", name="currency_is_iso_4217"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    folded_id: Mapped[str] = mapped_column(default=key_of(folded_id, "id"), index=True)
    position: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str]
    names: Mapped[dict[str, str]] = mapped_column(default=dict, server_default="{}")
    description: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    keywords: Mapped[str] = mapped_column(default="")
    currency: Mapped[str]
    variants: Mapped[list[Variant]] = relationship(
        order_by=Variant.position, lazy="selectin", cascade="all, delete-orphan", passive_deletes=True
    )

    def name_in(self, language: str) -> str:
        """Return what it is called in a language."""
        return self.names.get(language, self.name)


async def get_product(session: AsyncSession, product_id: str) -> Product:
    """Return a product with its variants, by its id as somebody typed it.

    Raises:
        ProductNotFoundError: there is none with this id.
    """
    named = await session.scalars(select(Product.id).where(Product.folded_id == folded_id(product_id)))
    product = await session.get(Product, meant(product_id, named) or product_id)
    if product is None:
        raise ProductNotFoundError("product", product_id)
    return product


async def get_product_of_item(session: AsyncSession, item_id: str) -> Product:
    """Return the product that has a variant with this item id, as somebody typed it.

    Raises:
        ProductNotFoundError: no variant has this id.
    """
    found = (await find_variants(session, [item_id])).get(item_id)
    if found is None:
        raise ProductNotFoundError("item", item_id)
    return await get_product(session, found.product_id)


async def find_variants(session: AsyncSession, item_ids: Sequence[str]) -> dict[str, Variant]:
    """Return those of these items that the shop sells, by their ids as somebody typed them."""
    query = select(Variant).where(Variant.folded_id.in_({folded_id(each) for each in item_ids}))
    by_id = {variant.item_id: variant for variant in await session.scalars(query)}
    found = {each: find_meant(each, by_id) for each in item_ids}
    return {typed: variant for typed, variant in found.items() if variant is not None}
