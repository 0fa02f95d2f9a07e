"""Pictures to measure and to show, drawn on the spot."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter, ImageFont


def parcel(size: tuple[int, int] = (1200, 900)) -> Image.Image:
    """A brown box on a grey floor, with a label."""
    picture = Image.radial_gradient("L").resize(size).point(lambda value: 90 + value // 3).convert("RGB")
    draw = ImageDraw.Draw(picture)
    width, height = size
    draw.rectangle((width // 4, height // 4, width * 3 // 4, height * 3 // 4), fill=(150, 110, 70))
    draw.rectangle((width // 3, height // 3, width * 2 // 3, height // 2), fill="white")
    draw.text((width // 3, height // 3), "TO: MINA KIM", fill="black", font=ImageFont.load_default(height // 20))
    return picture


def page() -> Image.Image:
    """Black print on white paper, which is bright and yet well exposed."""
    picture = Image.new("RGB", (900, 1200), "white")
    draw = ImageDraw.Draw(picture)
    for line in range(20):
        draw.text((40, 40 + 55 * line), "Receipt  Desk Lamp  45.00 USD", fill="black", font=ImageFont.load_default(36))
    return picture


def blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(max(picture.size) / 200))


def darkened(picture: Image.Image) -> Image.Image:
    return picture.point(lambda value: value // 8)


def washed_out(picture: Image.Image) -> Image.Image:
    return picture.point(lambda value: 215 + value // 7)


def as_jpeg(picture: Image.Image, quality: int = 90) -> bytes:
    file = BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()
