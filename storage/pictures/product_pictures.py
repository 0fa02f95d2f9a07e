"""Pictures of the shop's own products, with the marks used to compare customers' photos."""

import asyncio
import secrets
from io import BytesIO

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base, hold
from storage.errors import NotFoundError
from storage.pictures.pictures import Picture
from storage.shop.products import get_product

THUMBNAIL_SIDE, THUMBNAIL_QUALITY = 320, 75


class ProductPictureNotFoundError(NotFoundError):
    """The product has no picture, or there is no such product."""

    def __init__(self, product_id: str) -> None:
        super().__init__(f"No picture of product {product_id} was found.")


class ProductPicture(Base):
    """One picture of a product, re-encoded when it was received; `marks` are computed once, at that point."""

    __tablename__ = "product_pictures"
    __table_args__ = (UniqueConstraint("product_id", "sha256"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    sha256: Mapped[str]
    content_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    marks: Mapped[bytes] = mapped_column(LargeBinary)


async def marks_for(picture: Picture) -> bytes:
    """Compute a picture's marks, in a thread; call it before a transaction, not in it."""
    # Numpy takes a tenth of a second to import, and most processes never compare pictures.
    from storage.pictures.likeness import marks_of

    return await asyncio.to_thread(marks_of, picture.content)


async def keep_product_picture(session: AsyncSession, product_id: str, picture: Picture, marks: bytes) -> str:
    """Store a picture of a product, once, and return its id.

    Raises:
        ProductNotFoundError: there is no such product.
    """
    product = await get_product(session, product_id)
    await hold(session, f"picture of {product.id}")
    same = select(ProductPicture.id).where(
        ProductPicture.product_id == product.id, ProductPicture.sha256 == picture.sha256
    )
    kept = await session.scalar(same)
    if kept is not None:
        return kept
    row = ProductPicture(id=f"pic_{secrets.token_hex(6)}", product_id=product.id, marks=marks, **vars(picture))
    session.add(row)
    await session.flush()
    return row.id


async def get_product_picture(session: AsyncSession, product_id: str) -> ProductPicture:
    """Return the picture by which a product is shown: its first.

    Raises:
        ProductPictureNotFoundError: it has none.
    """
    query = select(ProductPicture).where(ProductPicture.product_id == product_id).order_by(ProductPicture.id).limit(1)
    found = (await session.scalars(query)).first()
    if found is None:
        raise ProductPictureNotFoundError(product_id)
    return found


async def thumbnail_of(content: bytes) -> bytes:
    """Return a picture as a WebP for the corner of a card, in a thread; call it before a transaction, not in it."""
    return await asyncio.to_thread(_smaller, content)


def _smaller(content: bytes) -> bytes:
    # Pillow is loaded here because most tool servers never show a picture.
    from PIL import Image as Pillow

    pixels, encoded = Pillow.open(BytesIO(content)), BytesIO()
    pixels.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    pixels.save(encoded, "WEBP", quality=THUMBNAIL_QUALITY)
    return encoded.getvalue()


async def list_marks(session: AsyncSession) -> list[tuple[str, bytes]]:
    """Return each product picture's product id and marks."""
    query = select(ProductPicture.product_id, ProductPicture.marks).order_by(ProductPicture.id)
    return [(product_id, marks) for product_id, marks in (await session.execute(query)).all()]


async def most_alike(content: bytes, kept: list[tuple[str, bytes]], *, least: float, limit: int) -> dict[str, float]:
    """Return the products whose pictures are most similar to this one, best first, each with its similarity."""
    from storage.pictures.likeness import likeness

    if not kept:
        return {}
    found = await asyncio.to_thread(likeness, content, [marks for _, marks in kept])
    best: dict[str, float] = {}
    for (product_id, _), alike in sorted(zip(kept, found, strict=True), key=lambda pair: -pair[1]):
        if alike >= least and len(best) < limit:
            best.setdefault(product_id, alike)
    return best
