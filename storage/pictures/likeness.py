"""How similar two pictures are: both are scaled down and compared whole and in parts, regardless of brightness."""

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

Marks = NDArray[np.float32]

SIDE = 8
"""Width and height, in pixels, at which parts are compared: fine detail is noise here."""
CELLS = SIDE * SIDE * 3
FULL = 127
SCALE = 400
"""In a unit vector with this many values, hardly any exceeds 127/400."""
CENTRE = (0.5, 0.5)
CORNERS = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))
KEPT_PARTS = [(1.0, CENTRE), *((share, at) for share in (0.85, 0.7) for at in (CENTRE, *CORNERS))]
"""Crops of the shop's own picture, as (share of each side, where to crop): a photo may show only one of them."""
SHOWN_PARTS = [(1.0, CENTRE), (0.85, CENTRE), (0.7, CENTRE)]
"""Crops of a customer's photo, which shows more than the product."""
FAINTEST = 6.0
"""Standard deviation below which a part is a single colour and matches nothing."""


def marks_of(content: bytes) -> bytes:
    """Return the data stored for comparing a product's picture."""
    scaled = np.clip(_parts(content, KEPT_PARTS) * SCALE, -FULL, FULL)
    return np.rint(scaled).astype(np.int8).tobytes()


def likeness(content: bytes, kept: list[bytes]) -> list[float]:
    """Return how similar a photo is to each stored picture: 1 is identical, 0 has nothing in common."""
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
    """The values minus each colour's mean, as a unit vector: brightness, contrast and tint do not count."""
    values = np.asarray(small, dtype=np.float32).reshape(-1, 3)
    values = (values - values.mean(axis=0)).reshape(-1)
    if values.std() < FAINTEST:
        return np.zeros(CELLS, dtype=np.float32)
    vector: Marks = values / np.float32(np.linalg.norm(values))
    return vector
