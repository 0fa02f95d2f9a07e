"""Text that a program can read from a picture: black and white squares, one per bit."""

import base64
import io

SQUARE = 8
BITS_A_ROW = 32
MIDDLE_GREY = 128
MARK = b"\xff\x00\xa5"
"""The header of such pictures, so that no other picture is mistaken for one."""


def written_in(url: str) -> str:
    """Read the text in the picture of a `data:` URL; empty if the picture holds none."""
    from PIL import Image  # slow to import, and most requests contain no picture

    with Image.open(io.BytesIO(base64.b64decode(url.split(";base64,", 1)[1]))) as picture:
        grey = picture.convert("L")
    if grey.width != SQUARE * BITS_A_ROW or grey.height % SQUARE:
        return ""
    lights = grey.reduce(SQUARE).tobytes()
    bits = "".join("1" if light >= MIDDLE_GREY else "0" for light in lights)
    found = int(bits, 2).to_bytes(len(bits) // 8)
    return found.removeprefix(MARK).rstrip(b"\0").decode(errors="replace") if found.startswith(MARK) else ""


def draw_writing(text: str) -> bytes:
    """Draw a picture that contains this text, as PNG."""
    from PIL import Image  # slow to import, and most requests contain no picture

    written = MARK + text.encode()
    written += bytes(-len(written) % (BITS_A_ROW // 8))
    bits = f"{int.from_bytes(written):0{8 * len(written)}b}"
    squares = Image.frombytes("L", (BITS_A_ROW, len(bits) // BITS_A_ROW), bytes(255 * int(bit) for bit in bits))
    file = io.BytesIO()
    size = (SQUARE * squares.width, SQUARE * squares.height)
    squares.resize(size, Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()
