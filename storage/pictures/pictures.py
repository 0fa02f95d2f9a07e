"""Checks, re-encodes and stores an uploaded picture."""

import asyncio
import math
import secrets
import struct
import threading
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import hold, now
from storage.errors import ShopError
from storage.pictures.images import Image, list_sizes_since
from storage.process.limits import LimitReachedError

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
MAX_SHRINKABLE = 80_000_000
"""Pixels of a JPEG that is decoded at half its size, as a phone's; one that comes in passes is held whole meanwhile."""
MIN_SIDE = 16
DAY_S = 24 * 3600
LONGEST_SIDE = 2048
JPEG_QUALITY = 90
ORIENTATION = 0x0112
# EXIF orientation, and the Pillow operation that undoes it.
TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
# Decoding a large picture takes up to half a gigabyte.
DECODING = threading.BoundedSemaphore(2)
# What Pillow raises on damaged or truncated pixels.
DAMAGE = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error)


class BadImageError(ShopError, ValueError):
    """A picture the shop does not accept. `code` says why, so that a page can put it in the customer's language."""

    code: str


class TooLargeError(BadImageError):
    """The file is too big."""

    code = "too_large"

    def __init__(self, size: int) -> None:
        super().__init__(f"The picture has {size:,} bytes; the limit is {MAX_BYTES:,} (10 MB). Send a smaller copy.")


class NotAnImageError(BadImageError):
    """The file is not a picture, or of a kind the shop does not accept."""

    code = "not_an_image"

    def __init__(self, size: int) -> None:
        super().__init__(
            f"The file ({size:,} bytes) is not a PNG, JPEG, WebP or GIF picture. "
            "Send a photo or a screenshot in one of these formats."
        )


class DamagedImageError(BadImageError):
    """The file starts like a picture, but its pixels cannot be read."""

    code = "damaged"

    def __init__(self, kind: str) -> None:
        super().__init__(f"The {kind} picture is damaged or incomplete. Send it again.")


class TooManyPixelsError(BadImageError):
    """Decoding it would take too much memory."""

    code = "too_many_pixels"

    def __init__(self, pixels: int, most: int) -> None:
        super().__init__(f"The picture has {pixels:,} pixels or more; the limit is {most:,}. Send a smaller copy.")


class TooSmallError(BadImageError):
    """Nothing could be seen in it."""

    code = "too_small"

    def __init__(self, width: int, height: int) -> None:
        super().__init__(
            f"The picture is {width} x {height} pixels; at least {MIN_SIDE} x {MIN_SIDE} are needed. Send a larger one."
        )


class AnimatedImageError(BadImageError):
    """It moves."""

    code = "animated"

    def __init__(self, kind: str) -> None:
        super().__init__(f"The {kind} picture is animated. Send a still picture.")


class PicturesFullError(LimitReachedError):
    """The daily limit for stored pictures has been reached."""

    limit = "pictures"

    def __init__(self, wait_s: int) -> None:
        super().__init__("Too many pictures were sent in one day.", wait_s)


@dataclass(frozen=True)
class Picture:
    """A picture that passed the checks, re-encoded. `sha256` is that of the file as it was sent."""

    sha256: str
    content_type: str
    width: int
    height: int
    content: bytes


async def read_picture(content: bytes) -> Picture:
    """Check a file and re-encode it, in a thread; it takes a second or two, so call it before a transaction, not in it.

    Raises:
        BadImageError: the shop does not accept the picture.
    """
    if len(content) > MAX_BYTES:
        raise TooLargeError(len(content))
    return await asyncio.to_thread(_read, content)


async def keep_picture(
    session: AsyncSession, picture: Picture, *, owner: str, customer_id: str | None, a_day: int = 0
) -> Image:
    """Store a picture for its owner, or return the row of the same file sent before.

    Args:
        session: the transaction.
        picture: the picture.
        owner: the account that sends it.
        customer_id: the customer it belongs to.
        a_day: bytes that may be stored for this owner in 24 hours; 0 for no limit.

    Raises:
        PicturesFullError: it would exceed that; the message says when to try again.
    """
    await hold(session, f"pictures {owner}")
    sent_before = select(Image).where(
        Image.owner == owner, Image.customer_id == customer_id, Image.sha256 == picture.sha256
    )
    kept = (await session.scalars(sent_before)).first()
    if kept is None:
        if a_day:
            await _require_room(session, owner, a_day - len(picture.content))
        kept = Image(
            id=f"img_{secrets.token_hex(6)}", owner=owner, customer_id=customer_id, created_at=now(), **vars(picture)
        )
        session.add(kept)
        await session.flush()
    return kept


async def _require_room(session: AsyncSession, owner: str, most: int) -> None:
    """Raise unless at most this many bytes were stored in the last day."""
    at = now()
    sizes = await list_sizes_since(session, owner, at - timedelta(seconds=DAY_S))
    excess = sum(size for _, size in sizes) - most
    if excess <= 0:
        return
    # Pictures drop out of the 24 hours one by one until there is room.
    for kept_at, size in sizes:
        excess -= size
        if excess <= 0:
            raise PicturesFullError(math.ceil(DAY_S - (at - kept_at).total_seconds()) + 1)
    raise PicturesFullError(DAY_S)


def _read(content: bytes) -> Picture:
    opened = _open(content)
    try:
        with DECODING:
            pixels = _upright(opened)
    except DAMAGE as error:
        raise DamagedImageError(_kind(opened)) from error
    kind = "PNG" if pixels.mode == "RGBA" else "JPEG"
    encoded = BytesIO()
    pixels.save(encoded, kind, quality=JPEG_QUALITY)
    return Picture(
        sha256(content).hexdigest(), f"image/{kind.lower()}", pixels.width, pixels.height, encoded.getvalue()
    )


def _open(content: bytes) -> "Pixels":
    # Pillow is loaded here because most tool servers never see a picture and should start fast.
    from PIL import Image as Pillow

    try:
        # This reads only the header: the size is checked before decoding.
        opened = Pillow.open(BytesIO(content), formats=FORMATS)
        moves = _kind(opened) != "JPEG" and opened.is_animated  # type: ignore[attr-defined]  # all kinds but JPEG have it
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as error:
        raise TooManyPixelsError(Pillow.MAX_IMAGE_PIXELS or MAX_PIXELS, MAX_PIXELS) from error
    except DAMAGE as error:
        raise NotAnImageError(len(content)) from error
    pixels, most = opened.width * opened.height, _most_pixels(opened)
    if pixels > most:
        raise TooManyPixelsError(pixels, most)
    if min(opened.size) < MIN_SIDE:
        raise TooSmallError(*opened.size)
    if moves:
        raise AnimatedImageError(_kind(opened))
    return opened


def _most_pixels(opened: "Pixels") -> int:
    shrinks = _kind(opened) == "JPEG" and not opened.info.get("progressive")
    return MAX_SHRINKABLE if shrinks else MAX_PIXELS


def _kind(opened: "Pixels") -> str:
    # Phones append a preview or a depth map to the photo; Pillow calls such a JPEG "MPO", with several frames.
    return "JPEG" if opened.format == "MPO" else str(opened.format)


def _upright(opened: "Pixels") -> "Pixels":
    """Return the pixels as RGB, or RGBA if anything is transparent: turned upright, shrunk, without metadata."""
    from PIL.Image import Transpose

    # A JPEG is decoded at half or a quarter of its size if that is enough.
    opened.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    turn = TURNS.get(opened.getexif().get(ORIENTATION, 1))
    upright = opened if turn is None else opened.transpose(Transpose[turn])
    if upright.mode.startswith("I"):
        # Pillow would clip 16-bit values to white instead of scaling them.
        upright = upright.convert("I").point(lambda value: value / 256).convert("L")
    pixels = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    if pixels.mode == "RGBA" and pixels.getchannel("A").getextrema()[0] == 255:  # noqa: PLR2004 - fully opaque
        pixels = pixels.convert("RGB")
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    pixels.info.clear()
    return pixels
