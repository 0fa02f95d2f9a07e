"""Pictures that were sent: what is taken, what is refused, and what is left of them."""

import asyncio
import re
import shutil
import struct
import zlib
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo
from typer.testing import CliRunner

from scripts.commands import importing
from storage.db import Sessions, writing
from storage.owners import CustomerOnly
from storage.pictures.images import ImageNotFoundError, get_image
from storage.pictures.pictures import BadImageError, TooManyPixelsError, keep_picture, read_picture
from storage.settings import CannotStartError, Settings
from tests.factories import add_customer


def photo(size: tuple[int, int] = (320, 240), mode: str = "RGB") -> Pillow.Image:
    return Pillow.effect_noise(size, 60).convert(mode)


def encoded(picture: Pillow.Image, kind: str = "JPEG", **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def decoded(content: bytes) -> Pillow.Image:
    return Pillow.open(BytesIO(content))


def announced(width: int, height: int) -> bytes:
    """A PNG that says how large it is and holds next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


async def test_a_picture_is_kept_for_its_customer_and_for_nobody_else(sessions: Sessions) -> None:
    customer, other = await add_customer(sessions), await add_customer(sessions)
    content = encoded(photo())
    picture = await read_picture(content)

    async with writing(sessions) as session:
        image = await keep_picture(session, picture, owner="u_1", customer_id=customer.id)

    async with sessions() as session:
        kept = await get_image(session, image.id, CustomerOnly(customer.id))
        with pytest.raises(ImageNotFoundError):
            await get_image(session, image.id, CustomerOnly(other.id))
    assert kept.id.startswith("img_")
    assert (kept.owner, kept.content_type, kept.width, kept.height) == ("u_1", "image/jpeg", 320, 240)
    assert kept.sha256 == sha256(content).hexdigest()
    assert decoded(kept.content).size == (320, 240)


async def test_the_same_picture_sent_twice_is_kept_once(sessions: Sessions) -> None:
    customer = await add_customer(sessions)
    content = encoded(photo())

    async def send() -> str:
        async with writing(sessions) as session:
            return (await keep_picture(session, await read_picture(content), owner="u_1", customer_id=customer.id)).id

    assert len(set(await asyncio.gather(*(send() for _ in range(4))))) == 1


async def test_the_same_picture_for_another_customer_is_a_picture_of_its_own(sessions: Sessions) -> None:
    first, second = await add_customer(sessions), await add_customer(sessions)
    picture = await read_picture(encoded(photo()))

    async with writing(sessions) as session:
        images = [
            await keep_picture(session, picture, owner="staff", customer_id=id) for id in (first.id, second.id, None)
        ]

    assert [image.customer_id for image in images] == [first.id, second.id, None]
    assert len({image.id for image in images}) == 3


@pytest.mark.parametrize(
    ("picture", "kind"),
    [
        (photo(), "PNG"),
        (photo(), "WEBP"),
        (photo(mode="P"), "GIF"),
        (photo(mode="L"), "JPEG"),
        (photo(mode="CMYK"), "JPEG"),
        (photo(mode="1"), "PNG"),
        (photo(mode="RGBA"), "PNG"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.mode,
)
async def test_an_opaque_picture_of_any_kind_becomes_a_jpeg(picture: Pillow.Image, kind: str) -> None:
    read = await read_picture(encoded(picture, kind))

    assert (read.content_type, decoded(read.content).mode) == ("image/jpeg", "RGB")


async def test_a_transparent_picture_becomes_a_png_and_stays_transparent() -> None:
    picture = photo(mode="RGBA")
    picture.putpixel((5, 5), (0, 0, 0, 0))

    read = await read_picture(encoded(picture, "PNG"))

    assert read.content_type == "image/png"
    assert decoded(read.content).getpixel((5, 5)) == (0, 0, 0, 0)


async def test_a_large_picture_is_shrunk_to_2048_pixels() -> None:
    read = await read_picture(encoded(photo((4096, 1024))))

    assert (read.width, read.height) == (2048, 512)


async def test_sixteen_bits_of_grey_stay_grey() -> None:
    read = await read_picture(encoded(Pillow.new("I;16", (32, 32), 0x7F00), "PNG"))

    assert decoded(read.content).getpixel((9, 9)) == (127, 127, 127)


async def test_a_phones_photo_with_a_second_frame_behind_it_is_taken() -> None:
    read = await read_picture(encoded(photo(), "MPO", save_all=True, append_images=[photo()]))

    assert read.content_type == "image/jpeg"
    assert not decoded(read.content).getexif()


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_a_turned_photo_is_stored_upright(orientation: int) -> None:
    upright = Pillow.new("RGB", (200, 100), "white")
    upright.paste("red", (0, 0, 60, 40))
    # A camera stores the pixels the other way round and says so: these undo one another.
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright.transpose(Pillow.Transpose(back[orientation])) if orientation in back else upright
    exif = Pillow.Exif()
    exif[0x0112] = orientation

    read = await read_picture(encoded(stored, "PNG", exif=exif))

    assert (read.width, read.height) == (200, 100)
    green = decoded(read.content).getchannel("G")
    dark = [green.getpixel(at) < 128 for at in ((10, 10), (190, 10), (10, 90), (190, 90))]  # type: ignore[operator]  # one channel: a number
    assert dark == [True, False, False, False]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_nothing_is_kept_of_where_and_with_what_a_photo_was_taken(kind: str) -> None:
    exif, notes = Pillow.Exif(), PngInfo()
    exif[0x010F] = "SECRET camera"
    exif.get_ifd(0x8825)[1] = "SECRET place"
    notes.add_text("Comment", "SECRET note")
    also: dict[str, dict[str, object]] = {
        "PNG": {"pnginfo": notes},
        "JPEG": {"comment": "SECRET note"},
        "WEBP": {"xmp": b"SECRET note"},
    }

    sent = encoded(photo(), kind, exif=exif, icc_profile=b"SECRET profile" * 20, **also[kind])
    transparent = photo(mode="RGBA")
    transparent.putalpha(90)
    also_sent = encoded(transparent, "PNG", exif=exif, icc_profile=b"SECRET profile" * 20, pnginfo=notes)

    assert b"SECRET" in sent
    for content in (sent, also_sent):
        kept = decoded((await read_picture(content)).content)
        kept.load()
        assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(
    ("content", "code", "text"),
    [
        (b"", "not_an_image", "The file (0 bytes) is not a PNG, JPEG, WebP or GIF picture"),
        (b"<svg onload='alert(1)'/>", "not_an_image", "Send a photo or a screenshot in one of these formats."),
        (encoded(photo(), "BMP"), "not_an_image", "is not a PNG, JPEG, WebP or GIF picture"),
        (b"\xff" * 10_000_001, "too_large", "10,000,001 bytes; the limit is 10,000,000 (10 MB)"),
        (encoded(photo())[:-3000], "damaged", "The JPEG picture is damaged or incomplete"),
        (encoded(photo(), "PNG")[:3000], "damaged", "The PNG picture is damaged or incomplete"),
        (announced(64, 64), "damaged", "The PNG picture is damaged or incomplete"),
        (
            announced(8000, 5001),
            "too_many_pixels",
            "The picture has 40,008,000 pixels or more; the limit is 40,000,000",
        ),
        (announced(10_000, 10_000), "too_many_pixels", "pixels or more; the limit is 40,000,000"),
        (announced(60_000, 60_000), "too_many_pixels", "pixels or more; the limit is 40,000,000"),
        (encoded(photo((15, 400))), "too_small", "15 x 400 pixels; at least 16 x 16"),
        (encoded(photo(), "GIF", save_all=True, append_images=[photo()]), "animated", "The GIF picture is animated"),
        (encoded(photo(), "WEBP", save_all=True, append_images=[photo()]), "animated", "The WEBP picture is animated"),
        (encoded(photo(), "PNG", save_all=True, append_images=[photo()]), "animated", "The PNG picture is animated"),
    ],
    ids=lambda value: value if isinstance(value, str) and "_" in value else "",
)
async def test_what_is_no_usable_picture_is_refused_in_one_line(content: bytes, code: str, text: str) -> None:
    with pytest.raises(BadImageError) as refused:
        await read_picture(content)

    assert (refused.value.code, text in str(refused.value), "\n" in str(refused.value)) == (code, True, False)


def test_staff_can_import_a_picture_file_and_get_its_id(settings: Settings, migrated: Path, tmp_path: Path) -> None:
    shutil.copy(migrated, settings.shopdesk_home / "shop.db")
    file = tmp_path / "parcel.jpg"
    file.write_bytes(encoded(photo()))

    done = CliRunner().invoke(importing.app, ["image", str(file)])

    assert re.fullmatch(r"img_[0-9a-f]{12}\n", done.output)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["no.jpg"], "no.jpg was not imported. It cannot be read: No such file or directory."),
        (["a.jpg"], "a.jpg was not imported. The file (5 bytes) is not a PNG, JPEG, WebP or GIF picture"),
        (["b.jpg", "--customer", "nobody"], "b.jpg was not imported. No customer nobody was found."),
    ],
)
def test_a_picture_that_cannot_be_imported_is_refused_in_one_line(
    settings: Settings, migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], reason: str
) -> None:
    shutil.copy(migrated, settings.shopdesk_home / "shop.db")
    monkeypatch.chdir(tmp_path)
    Path("a.jpg").write_bytes(b"text\n")
    Path("b.jpg").write_bytes(encoded(photo()))

    refused = CliRunner().invoke(importing.app, ["image", *options])

    assert isinstance(refused.exception, CannotStartError)
    assert str(refused.exception).startswith(reason)


async def test_a_phones_photo_of_48_megapixels_is_shrunk() -> None:
    read = await read_picture(encoded(Pillow.new("L", (8000, 6000), 128)))

    assert (read.width, read.height) == (2048, 1536)


async def test_a_photo_that_would_be_held_whole_meanwhile_is_refused_at_48_megapixels() -> None:
    with pytest.raises(TooManyPixelsError, match="48,000,000 pixels or more; the limit is 40,000,000"):
        await read_picture(encoded(Pillow.new("L", (8000, 6000), 128), progressive=True))
