"""`shopdesk import image --product` gives a product a picture that photos are compared with."""

from pathlib import Path

from typer.testing import CliRunner

from scripts.commands.importing import app
from storage.db import Sessions
from storage.moving.demo_data.pictures import draw
from storage.pictures.product_pictures import list_marks
from tests.factories import add_product
from tests.scripts.command import shopdesk


async def test_a_products_picture_is_kept_once(sessions: Sessions, tmp_path: Path) -> None:
    await add_product(sessions, id="2001")
    file = tmp_path / "lamp.png"
    file.write_bytes(draw("2001"))

    first, again = [await shopdesk("import", "image", str(file), "--product", "2001") for _ in range(2)]

    assert (first.code, first.complained) == (0, "")
    assert first.said == again.said
    assert first.said.startswith("pic_")
    async with sessions() as session:
        assert [product_id for product_id, _ in await list_marks(session)] == ["2001"]


async def test_a_picture_of_no_product_is_refused_in_one_line(sessions: Sessions, tmp_path: Path) -> None:
    file = tmp_path / "lamp.png"
    file.write_bytes(draw("2001"))

    refused = await shopdesk("import", "image", str(file), "--product", "2001")

    assert (refused.code, refused.said) == (2, "")
    assert refused.complained.startswith(f"shopdesk: {file} was not imported. No product 2001 was found.")
    assert refused.complained.count("\n") == 1


def test_a_picture_is_a_customers_or_a_products(tmp_path: Path) -> None:
    outcome = CliRunner().invoke(app, ["image", str(tmp_path / "x.png"), "--product", "1", "--customer", "2"])

    assert outcome.exit_code == 2
    assert "--product" in outcome.output
