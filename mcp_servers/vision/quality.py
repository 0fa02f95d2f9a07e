"""Image quality as measured by Pillow, independent of any model."""

from io import BytesIO
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

# Measured at one size, so that figures are comparable, and sensor noise is averaged out.
MEASURED_SIDE = 512
SMALL_SIDE = 200
DARK, BRIGHT = 64, 200
CLIPPED_BELOW, CLIPPED_ABOVE = 16, 239
LEAST_CONTRAST = 32
# Blurring with a radius of 0.4% of the size brings the sharpness of photos and print below this.
BLURRY = 0.2
GREY = 128

Verdict = Literal["ok", "too small", "too dark", "too bright", "blurry"]


class Quality(BaseModel):
    """The quality of a picture."""

    verdict: Verdict
    width: int
    height: int
    sharpness: float
    brightness: int
    dark_share: float
    bright_share: float


def measure(content: bytes) -> Quality:
    """Measure a picture: sharpness from 0 to about 1, brightness from 0 to 255, and the shares that are clipped.

    Sharpness is the strength of the strongest edges (99.9th percentile of a Laplace filter) relative to the contrast.
    """
    # Pillow is loaded here because the other servers share this process and should start fast.
    from PIL import Image, ImageStat

    with Image.open(BytesIO(content)) as picture:
        width, height = picture.size
        picture.draft("L", (MEASURED_SIDE, MEASURED_SIDE))
        grey = picture.convert("L")
    grey.thumbnail((MEASURED_SIDE, MEASURED_SIDE))
    light = grey.histogram()
    pixels = sum(light)
    contrast = percentile(light, 0.99) - percentile(light, 0.01)
    sharpness = round(_edges(grey) / max(contrast, LEAST_CONTRAST), 2)
    return Quality(
        verdict=_verdict(min(width, height), light, sharpness),
        width=width,
        height=height,
        sharpness=sharpness,
        brightness=round(ImageStat.Stat(grey).mean[0]),
        dark_share=round(sum(light[:CLIPPED_BELOW]) / pixels, 3),
        bright_share=round(sum(light[CLIPPED_ABOVE + 1 :]) / pixels, 3),
    )


def percentile(histogram: list[int], share: float) -> int:
    """Return the value at or below which this share of the counts lies."""
    wanted = sum(histogram) * share
    return next(value for value, reached in enumerate(accumulate(histogram)) if reached >= wanted)


def _edges(grey: "Pixels") -> int:
    from PIL import ImageFilter

    laplace = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=GREY)
    # The filter leaves the outermost pixels as they are.
    found = grey.filter(laplace).crop((1, 1, grey.width - 1, grey.height - 1))
    return percentile(found.point(lambda value: abs(value - GREY)).histogram(), 0.999)


def _verdict(side: int, light: list[int], sharpness: float) -> Verdict:
    # In this order: a small or dark picture also has weak edges, and "blurry" would hide the reason.
    if side < SMALL_SIDE:
        return "too small"
    if percentile(light, 0.95) < DARK:
        return "too dark"
    # A printed page is almost all white, but has a few per cent of ink.
    if percentile(light, 0.01) > BRIGHT:
        return "too bright"
    return "blurry" if sharpness < BLURRY else "ok"
