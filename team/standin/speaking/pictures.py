"""What a program can see in a picture: its size, its brightness, its main colour."""

import base64
import binascii
import colorsys
import io
from dataclasses import dataclass

from team.standin.speaking.replies import say
from team.standin.understanding.language import Language
from team.standin.wire import BadRequestError

SAMPLE = (32, 32)
DARK, BRIGHT = 70, 185
GREY_BELOW, BLACK_BELOW, WHITE_ABOVE, BROWN_BELOW = 0.15, 0.2, 0.85, 0.6
HUES = [
    (15, "red"),
    (45, "orange"),
    (70, "yellow"),
    (165, "green"),
    (255, "blue"),
    (290, "purple"),
    (345, "pink"),
    (361, "red"),
]
SQUARE_WITHIN = 0.1


@dataclass(frozen=True)
class Scene:
    """The measured facts of one picture."""

    width: int
    height: int
    light: float
    colour: str
    contrast: float

    @property
    def brightness(self) -> str:
        """Dark, medium or bright."""
        return "dark" if self.light < DARK else "bright" if self.light > BRIGHT else "medium"

    def described(self, language: Language) -> str:
        """Describe the picture in one sentence."""
        shape = (
            "square"
            if abs(self.width / self.height - 1) < SQUARE_WITHIN
            else "wide"
            if self.width > self.height
            else "tall"
        )
        words = {"shape": shape, "light": self.brightness, "colour": self.colour}
        named = {key: say(language, f"scene.{word}") for key, word in words.items()}
        return say(language, "picture.described", width=self.width, height=self.height, **named)


def look(url: str) -> Scene:
    """Decode a `data:` URL and measure it."""
    from PIL import Image, ImageStat  # slow to import, and most requests contain no picture

    try:
        encoded = url.split(";base64,", 1)[1]
        with Image.open(io.BytesIO(base64.b64decode(encoded, validate=True))) as picture:
            size = picture.size
            picture.draft("RGB", SAMPLE)
            sample = picture.convert("RGB").resize(SAMPLE)
    except (IndexError, binascii.Error, OSError, Image.DecompressionBombError) as error:
        raise BadRequestError("A picture must be a data: URL with a readable image.", "messages") from error
    red, green, blue = (value / 255 for value in ImageStat.Stat(sample).median)
    grey = ImageStat.Stat(sample.convert("L"))
    return Scene(*size, light=grey.mean[0], colour=_colour(red, green, blue), contrast=grey.stddev[0])


def _colour(red: float, green: float, blue: float) -> str:
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    if value < BLACK_BELOW:
        return "black"
    if saturation < GREY_BELOW:
        return "white" if value > WHITE_ABOVE else "grey"
    name = next(name for limit, name in HUES if hue * 360 < limit)
    return "brown" if name == "orange" and value < BROWN_BELOW else name
