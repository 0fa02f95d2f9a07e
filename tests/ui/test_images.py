"""Sending a picture and seeing it again."""

from io import BytesIO

import pytest
from PIL import Image
from starlette.applications import Starlette

from storage.db import Sessions
from tests.ui.visitor import logged_in, visitor


def png(width: int = 64, height: int = 48) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "PNG")
    return file.getvalue()


async def test_a_picture_sent_as_the_body_or_as_a_form_is_one_picture(app: Starlette, sessions: Sessions) -> None:
    async with logged_in(app, sessions) as client:
        raw = await client.post("/api/images", content=png(), headers={"Content-Type": "image/png"})
        form = await client.post("/api/images", files={"file": ("lamp.png", png(), "image/png")})
        shown = await client.get(f"/api/images/{raw.json()['image_id']}")

    assert (raw.status_code, form.status_code) == (201, 201)
    assert raw.json() == form.json()
    assert (raw.json()["width"], raw.json()["height"]) == (64, 48)
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["cache-control"].startswith("private")
    assert Image.open(BytesIO(shown.content)).size == (64, 48)


async def test_another_customers_picture_reads_as_one_that_does_not_exist(app: Starlette, sessions: Sessions) -> None:
    async with logged_in(app, sessions) as owner, logged_in(app, sessions) as stranger:
        image_id = (await owner.post("/api/images", content=png())).json()["image_id"]
        foreign, missing = await stranger.get(f"/api/images/{image_id}"), await stranger.get("/api/images/img_none")

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.text.replace(image_id, "img_none") == missing.text


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<svg onload='alert(1)'>", 400, "picture_not_an_image"),
        (png()[:-40], 400, "picture_damaged"),
        (png(4, 4), 400, "picture_too_small"),
        (b"", 400, "picture_not_an_image"),
        (b"\x00" * 10_000_001, 413, "picture_too_large"),
        (b"\x00" * 11_000_000, 413, "body_too_large"),
    ],
)
async def test_what_is_no_picture_is_refused_with_its_reason(
    app: Starlette, sessions: Sessions, content: bytes, status: int, code: str
) -> None:
    async with logged_in(app, sessions) as client:
        answer = await client.post("/api/images", content=content, headers={"Content-Type": "image/png"})

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_form_without_a_file_is_refused(app: Starlette, sessions: Sessions) -> None:
    async with logged_in(app, sessions) as client:
        answer = await client.post("/api/images", files={"other": ("lamp.png", png(), "image/png")})

    assert (answer.status_code, answer.json()["code"]) == (400, "no_file")


async def test_nobody_sends_pictures_without_a_login(app: Starlette) -> None:
    async with visitor(app) as client:
        answer = await client.post("/api/images", content=png())

    assert answer.status_code == 401
