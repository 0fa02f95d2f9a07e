"""A program that can send no picture names the page where its person brings one, and then looks at it by its id."""

from storage.db import Sessions
from storage.moving.demo_data.pictures import draw
from storage.settings import Settings
from tests.clients import text_of
from tests.mcp_servers.vision.test_identify_product import add_pictured
from tests.ui.rest.served_shop import open_served_shop
from tests.ui.rest.test_confirm_mcp import program


async def test_a_person_brings_the_picture_that_a_program_needs(settings: Settings, sessions: Sessions) -> None:
    await add_pictured(sessions, "2001", draw("2001"))
    async with open_served_shop(settings, sessions) as shop, program(shop) as client:
        path = await client.call_tool("identify_product", {"image_id": "/etc/passwd"})
        unknown = await client.call_tool("identify_product", {"image_id": "img_1"})
        async with shop.browser() as browser:
            page = await browser.get("/pictures")
            brought = (await browser.post("/api/images", content=draw("2001"))).json()["image_id"]
            elsewhere = await browser.post(
                "/api/images", content=draw("2001"), headers={"Sec-Fetch-Site": "cross-site"}
            )
        seen = await client.call_tool("identify_product", {"image_id": brought})
        async with program(shop, "mina") as other:
            foreign = await other.call_tool("identify_product", {"image_id": brought})

    here = f"Its person can bring the picture at {shop.settings.public_ui_url}/pictures and gets its id there."
    assert text_of(path) == f"No image /etc/passwd was found. {here}"
    assert text_of(unknown) == f"No image img_1 was found. {here}"
    assert text_of(foreign) == f"No image {brought} was found. {here}"
    assert (page.status_code, elsewhere.status_code) == (200, 403)
    assert not seen.is_error, text_of(seen)
    assert [one["name"] for one in (seen.structured_content or {})["products"]] == ["Desk Lamp"]
