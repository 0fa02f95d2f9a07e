"""Products and the variants (items) they are sold in."""

from collections.abc import Sequence

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db import Base
from storage.errors import NotFoundError


class ProductNotFoundError(NotFoundError):
    """No such product or item."""

    def __init__(self, kind: str, value: str) -> None:
        super().__init__(f"No {kind} {value} was found. Find products by name with search_products.")


class Variant(Base):
    """One item that can be bought: a product with one choice of options. The price is in minor units."""

    __tablename__ = "variants"
    __table_args__ = (CheckConstraint("price >= 0", name="price_not_negative"),)

    item_id: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    options: Mapped[dict[str, str]]
    price: Mapped[int]
    available: Mapped[bool]


class Product(Base):
    """A product, in one or more variants. `keywords` are additional search words, in any language."""

    __tablename__ = "products"
    __table_args__ = (CheckConstraint("length(currency) = 3", name="currency_is_iso_4217"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    keywords: Mapped[str] = mapped_column(default="")
    currency: Mapped[str]
    variants: Mapped[list[Variant]] = relationship(
        order_by=Variant.position, lazy="selectin", cascade="all, delete-orphan", passive_deletes=True
    )


async def get_product(session: AsyncSession, product_id: str) -> Product:
    """Return a product with its variants.

    Raises:
        ProductNotFoundError: there is none with this id.
    """
    product = await session.get(Product, product_id)
    if product is None:
        raise ProductNotFoundError("product", product_id)
    return product


async def get_product_of_item(session: AsyncSession, item_id: str) -> Product:
    """Return the product that has a variant with this item id.

    Raises:
        ProductNotFoundError: no variant has this id.
    """
    variant = await session.get(Variant, item_id)
    if variant is None:
        raise ProductNotFoundError("item", item_id)
    return await get_product(session, variant.product_id)


async def find_variants(session: AsyncSession, item_ids: Sequence[str]) -> dict[str, Variant]:
    """Return those of these items that the shop sells, by id."""
    found = (await session.scalars(select(Variant).where(Variant.item_id.in_(item_ids)))).all()
    return {variant.item_id: variant for variant in found}
