"""Pictures that customers sent, stored in the database by owner and content."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base
from storage.errors import NotFoundError
from storage.owners import Whose, theirs


class ImageNotFoundError(NotFoundError):
    """There is no such picture, or it belongs to somebody else; the text is the same for both."""

    def __init__(self, image_id: str) -> None:
        super().__init__(f"No image {image_id} was found. Ask the customer to send the picture again.")


class Image(Base):
    """A picture, re-encoded when it was received.

    `owner` is the account that sent it, `sha256` that of the file as it was sent.
    """

    __tablename__ = "images"
    __table_args__ = (UniqueConstraint("owner", "customer_id", "sha256"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    sha256: Mapped[str]
    content_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


async def get_image(session: AsyncSession, image_id: str, whose: Whose) -> Image:
    """Return a picture; `whose` says who it must belong to.

    Raises:
        ImageNotFoundError: there is none, or it is another customer's.
    """
    query = select(Image).where(Image.id == image_id, theirs(whose, Image.customer_id))
    image = (await session.scalars(query)).first()
    if image is None:
        raise ImageNotFoundError(image_id)
    return image


async def list_sizes_since(session: AsyncSession, owner: str, since: datetime) -> Sequence[tuple[datetime, int]]:
    """Return when each of an owner's pictures was stored since then, and its size in bytes, oldest first."""
    query = select(Image.created_at, func.length(Image.content)).where(Image.owner == owner, Image.created_at > since)
    return [(at, size) for at, size in await session.execute(query.order_by(Image.created_at))]


async def list_image_ids(session: AsyncSession, whose: Whose, beginning: str, limit: int) -> Sequence[str]:
    """Return the newest readable image ids with this prefix."""
    begins = Image.id.startswith(beginning, autoescape=True)
    query = select(Image.id).where(begins, theirs(whose, Image.customer_id))
    return (await session.scalars(query.order_by(Image.created_at.desc(), Image.id).limit(limit))).all()
