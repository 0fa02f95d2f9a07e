"""Which product a photo shows: by the shop's own pictures, in poor photos too, and honest where none is like it."""

import random
from collections.abc import Callable
from io import BytesIO

import pytest
from mcp.types import CallToolResult
from PIL import Image, ImageEnhance, ImageFilter

from storage.db import Sessions, writing
from storage.moving.demo_data.pictures import draw
from storage.pictures.pictures import read_picture
from storage.pictures.product_pictures import keep_product_picture, marks_for
from storage.settings import Settings
from team.standin.server import build_app
from tests.clients import caller, client_of, server_for, text_of
from tests.factories import add_customer, add_image, add_product
from tests.mcp_servers.vision.models import Scripted, saying, seen_by
from tests.mcp_servers.vision.pictures import as_jpeg, page, parcel

Change = Callable[[Image.Image], Image.Image]
DEMO = [f"21{number:04d}0000" for number in range(1, 61)]
NOT_ALIKE = "No picture of a product is close enough to this one."


async def identify(settings: Settings, sessions: Sessions, image_id: str, who: str = "olivia") -> CallToolResult:
    async with client_of(server_for(settings, sessions, caller(who), ["vision"])) as client:
        return await client.call_tool("identify_product", {"image_id": image_id})


async def add_pictured(sessions: Sessions, product_id: str, content: bytes, name: str = "Desk Lamp") -> None:
    await add_product(sessions, id=product_id, name=name, keywords="")
    picture = await read_picture(content)
    marks = await marks_for(picture)
    async with writing(sessions) as session:
        await keep_product_picture(session, product_id, picture, marks)


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content)).convert("RGB")


def cropped(picture: Image.Image) -> Image.Image:
    return picture.crop((15, 25, 15 + 160, 25 + 160))


def on_a_table(picture: Image.Image) -> Image.Image:
    table = Image.new("RGB", (260, 250), (186, 172, 158))
    table.paste(picture, (34, 29))
    return table


def grainy(picture: Image.Image) -> Image.Image:
    dice = random.Random(7)  # noqa: S311 - a sensor's noise
    grain = Image.new("L", picture.size)
    grain.putdata([dice.randrange(256) for _ in range(picture.width * picture.height)])
    return Image.blend(picture, grain.convert("RGB"), 0.15)


CHANGES: dict[str, Change] = {
    "smaller": lambda picture: picture.resize((70, 70)),
    "larger and wider": lambda picture: picture.resize((900, 800)),
    "cropped": cropped,
    "dark": lambda picture: ImageEnhance.Brightness(picture).enhance(0.5),
    "bright": lambda picture: ImageEnhance.Brightness(picture).enhance(1.4),
    "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(3)),
    "on a table": on_a_table,
    "grainy": grainy,
    "tilted": lambda picture: picture.rotate(5, fillcolor=(190, 190, 190)),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_photo_of_a_demo_product_is_found_among_all_of_them(
    settings: Settings, demo_sessions: Sessions, change: str
) -> None:
    product_id = DEMO[11]
    await add_customer(demo_sessions, id="olivia")
    photo = as_jpeg(CHANGES[change](opened(draw(product_id))), quality=45)
    await add_image(demo_sessions, photo, id="i_1", customer_id="olivia")

    found = (await identify(settings, demo_sessions, "i_1")).structured_content or {}

    assert [(one["product_id"], one["by"]) for one in found["products"]] == [(product_id, "picture")]
    assert 0.87 <= found["products"][0]["score"] <= 1


@pytest.mark.parametrize("other", [parcel(), page(), Image.new("RGB", (300, 200), "navy")], ids=["box", "page", "blue"])
async def test_a_photo_like_no_product_finds_none_and_says_so(
    settings: Settings, demo_sessions: Sessions, other: Image.Image
) -> None:
    await add_customer(demo_sessions, id="olivia")
    await add_image(demo_sessions, as_jpeg(other), id="i_1", customer_id="olivia")

    async with seen_by(build_app("Qwen/Qwen3-VL-8B-Instruct"), settings) as seen:
        found = await identify(seen, demo_sessions, "i_1")

    assert found.structured_content == {"products": [], "note": NOT_ALIKE}


async def ask_model(settings: Settings, sessions: Sessions, model: Scripted) -> CallToolResult:
    await add_pictured(sessions, "1", draw("1"), "Desk Lamp")
    await add_pictured(sessions, "2", draw("2"), "Kettle")
    await add_customer(sessions, id="olivia")
    await add_image(sessions, draw("another"), id="i_1", customer_id="olivia")
    async with seen_by(model.app, settings) as seen:
        return await identify(seen, sessions, "i_1")


async def test_where_no_picture_is_alike_the_models_word_for_it_is_looked_up(
    settings: Settings, sessions: Sessions
) -> None:
    model = saying({"label": "desk lamp"})

    found = await ask_model(settings, sessions, model)

    assert len(model.asked) == 1
    assert found.structured_content == {
        "products": [{"product_id": "1", "name": "Desk Lamp", "score": 0.5, "by": "words"}]
    }


async def test_a_model_that_fails_is_told_of_and_nothing_is_made_up(settings: Settings, sessions: Sessions) -> None:
    found = await ask_model(settings, sessions, saying("no JSON"))

    shown = found.structured_content or {}
    assert shown["products"] == []
    assert shown["note"].startswith(f"{NOT_ALIKE} The picture could not be inspected right now:")


async def test_a_picture_that_is_alike_needs_no_model(settings: Settings, sessions: Sessions) -> None:
    await add_pictured(sessions, "1", draw("1"))
    await add_customer(sessions, id="olivia")
    await add_image(sessions, draw("1"), id="i_1", customer_id="olivia")
    model = saying({"label": "kettle"})

    async with seen_by(model.app, settings) as seen:
        found = await identify(seen, sessions, "i_1")

    assert model.asked == []
    assert found.structured_content == {
        "products": [{"product_id": "1", "name": "Desk Lamp", "score": 1.0, "by": "picture"}]
    }


async def test_another_customers_picture_reads_as_missing(settings: Settings, sessions: Sessions) -> None:
    await add_customer(sessions, id="olivia")
    await add_customer(sessions, id="mallory")
    await add_image(sessions, draw("1"), id="i_1", customer_id="olivia")

    foreign = await identify(settings, sessions, "i_1", "mallory")
    missing = await identify(settings, sessions, "i_9", "mallory")

    assert text_of(foreign).replace("i_1", "i_9") == text_of(missing)


@pytest.mark.parametrize("bad", ["", "x" * 501, "i_1\n", 7, ["i_1"], None])
async def test_an_id_that_does_not_fit_is_refused_in_one_line(
    settings: Settings, sessions: Sessions, bad: object
) -> None:
    async with client_of(server_for(settings, sessions, caller("olivia"), ["vision"])) as client:
        refused = await client.call_tool("identify_product", {"image_id": bad})

    assert refused.is_error is True
    assert "image_id" in text_of(refused)
    assert "\n" not in text_of(refused)
