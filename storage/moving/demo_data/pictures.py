"""The demo shop's product pictures: small, drawn from the product's number, each different from the others."""

import random
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any

SIDE = 192
SHAPES = 7
COLOURS = (
    *("#1f3a93", "#e8590c", "#f8f9fa", "#2b8a3e", "#c92a2a", "#f2c230", "#495057"),
    *("#7048e8", "#0b7285", "#d6336c", "#5c3d2e", "#212529", "#94d82d", "#4dabf7"),
)


@cache
def make_pictures(product_ids: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the rows of these products' pictures."""
    # Numpy is loaded here because the shop starts without it.
    from storage.pictures.likeness import marks_of

    drawn = {product_id: draw(product_id) for product_id in product_ids}
    return [
        {
            "id": f"pic_{product_id}",
            "product_id": product_id,
            "sha256": sha256(content).hexdigest(),
            "content_type": "image/png",
            "width": SIDE,
            "height": SIDE,
            "content": content,
            "marks": marks_of(content),
        }
        for product_id, content in drawn.items()
    ]


def draw(product_id: str) -> bytes:
    """Return a PNG of this product's picture."""
    # Pillow is loaded here because the shop starts without it.
    from PIL import Image, ImageDraw

    dice = random.Random(f"picture of {product_id}")  # noqa: S311 - for made-up data
    ground, *colours = dice.sample(COLOURS, 5)
    picture = Image.new("RGB", (SIDE, SIDE), ground)
    pencil = ImageDraw.Draw(picture)
    for number in range(SHAPES):
        left, top = dice.randrange(-20, SIDE - 60), dice.randrange(-20, SIDE - 60)
        box = (left, top, left + dice.randrange(50, 120), top + dice.randrange(50, 120))
        shape = dice.choice((pencil.rectangle, pencil.ellipse))
        shape(box, fill=colours[number % len(colours)])
    encoded = BytesIO()
    picture.quantize(16).save(encoded, "PNG")
    return encoded.getvalue()
