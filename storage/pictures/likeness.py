"""How alike two pictures are: both made small, and compared whole and in parts, whatever their brightness."""

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

Marks = NDArray[np.float32]

SIDE = 8
"""Pixels of a part, each way, when it is compared: fine detail is noise here."""
CELLS = SIDE * SIDE * 3
FULL = 127
SCALE = 400
"""Of a vector of length 1 over so many values hardly any is larger than 127 in 400."""
CENTRE = (0.5, 0.5)
CORNERS = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))
KEPT_PARTS = [(1.0, CENTRE), *((share, at) for share in (0.85, 0.7) for at in (CENTRE, *CORNERS))]
"""Parts of the shop's own picture, as (share of each side, where the rest is left out): a photo may show one."""
SHOWN_PARTS = [(1.0, CENTRE), (0.85, CENTRE), (0.7, CENTRE)]
"""Parts of a customer's photo, which has something around the product."""
FAINTEST = 6.0
"""Standard deviation of the values below which a part is one colour, and like nothing."""


def marks_of(content: bytes) -> bytes:
    """Return what is kept of a product's picture to compare by."""
    scaled = np.clip(_parts(content, KEPT_PARTS) * SCALE, -FULL, FULL)
    return np.rint(scaled).astype(np.int8).tobytes()


def likeness(content: bytes, kept: list[bytes]) -> list[float]:
    """Return how alike a photo is to each kept picture: 1 is the same, 0 has nothing in common."""
    shown = _parts(content, SHOWN_PARTS)
    marks = np.frombuffer(b"".join(kept), dtype=np.int8).astype(np.float32) / SCALE
    found = marks.reshape(len(kept), len(KEPT_PARTS), CELLS) @ shown.T
    best: Marks = np.clip(found.max(axis=(1, 2)), 0, 1)
    return [round(float(one), 3) for one in best]


def _parts(content: bytes, parts: list[tuple[float, tuple[float, float]]]) -> Marks:
    # Pillow is loaded here because most processes that use the database never see a picture.
    from PIL import Image

    with Image.open(BytesIO(content)) as opened:
        seen = opened.convert("RGBA")
    pixels = Image.new("RGBA", seen.size, "white")
    pixels.alpha_composite(seen)
    return np.stack([_vector(_cut(pixels.convert("RGB"), share, at)) for share, at in parts])


def _cut(pixels: "Pixels", share: float, at: tuple[float, float]) -> "Pixels":
    width, height = pixels.width * share, pixels.height * share
    left, top = (pixels.width - width) * at[0], (pixels.height - height) * at[1]
    return pixels.resize((SIDE, SIDE), box=(left, top, left + width, top + height), reducing_gap=2.0)


def _vector(small: "Pixels") -> Marks:
    """The values without each colour's mean, as a vector of length 1: light, contrast and a tint do not count."""
    values = np.asarray(small, dtype=np.float32).reshape(-1, 3)
    values = (values - values.mean(axis=0)).reshape(-1)
    if values.std() < FAINTEST:
        return np.zeros(CELLS, dtype=np.float32)
    vector: Marks = values / np.float32(np.linalg.norm(values))
    return vector
