"""What is measured in a picture, and the word for it."""

import pytest
from PIL import Image

from mcp_servers.vision.quality import measure
from tests.mcp_servers.vision.pictures import as_jpeg, blurred, darkened, page, parcel, washed_out


@pytest.mark.parametrize(
    ("picture", "verdict"),
    [
        (parcel(), "ok"),
        (parcel((2048, 1536)), "ok"),
        (parcel((400, 300)), "ok"),
        (page(), "ok"),
        (blurred(parcel()), "blurry"),
        (blurred(parcel((2048, 1536))), "blurry"),
        (blurred(page()), "blurry"),
        (darkened(parcel()), "too dark"),
        (darkened(blurred(parcel())), "too dark"),
        (washed_out(parcel()), "too bright"),
        (Image.new("RGB", (600, 600), "white"), "too bright"),
        (parcel((199, 600)), "too small"),
        (darkened(parcel((80, 60))), "too small"),
    ],
)
def test_the_verdict_says_why_a_picture_cannot_be_judged(picture: Image.Image, verdict: str) -> None:
    assert measure(as_jpeg(picture)).verdict == verdict


def test_the_figures_are_those_of_the_picture() -> None:
    half = Image.new("L", (400, 300), "black")
    half.paste(255, (0, 0, 200, 300))

    quality = measure(as_jpeg(half))

    assert (quality.width, quality.height) == (400, 300)
    assert quality.brightness == pytest.approx(128, abs=2)
    assert quality.dark_share == pytest.approx(0.5, abs=0.02)
    assert quality.bright_share == pytest.approx(0.5, abs=0.02)
    assert quality.sharpness > 0.3


def test_blurring_lowers_the_sharpness() -> None:
    assert measure(as_jpeg(blurred(parcel()))).sharpness < 0.5 * measure(as_jpeg(parcel())).sharpness
