"""Pictures and facts that cards ask for: for whoever may chat, cached, and an order for its customer alone."""

from urllib.parse import quote

from starlette.applications import Starlette

from storage.db import Sessions, writing
from storage.pictures.pictures import Picture
from storage.pictures.product_pictures import keep_product_picture
from tests.conftest import SECRET
from tests.factories import add_account, add_order, add_product
from tests.ui.visitor import logged_in, start_conversation, visitor
from ui.logins.login import COOKIE, login_token


async def test_a_products_picture_is_cached_and_asked_for_again_by_its_tag(app: Starlette, sessions: Sessions) -> None:
    product = await add_product(sessions)
    async with writing(sessions) as session:
        await keep_product_picture(session, product.id, Picture("ab" * 32, "image/png", 1, 1, b"pixels"), b"")

    async with logged_in(app, sessions) as client:
        path = f"/api/products/{product.id}/picture"
        shown = await client.get(path)
        again = await client.get(path, headers={"If-None-Match": shown.headers["etag"]})
        missing = await client.get("/api/products/none/picture")
    async with visitor(app) as nobody:
        refused = await nobody.get(path)

    assert (shown.content, shown.headers["content-type"]) == (b"pixels", "image/png")
    assert shown.headers["cache-control"] == "private, max-age=3600"
    assert (again.status_code, again.content) == (304, b"")
    assert (missing.status_code, missing.json()["code"]) == (404, "product_picture_not_found")
    assert refused.status_code == 401


async def test_an_order_is_shown_in_its_customers_conversation_and_nobody_elses(
    app: Starlette, sessions: Sessions
) -> None:
    own, other = await add_order(sessions), await add_order(sessions)
    account = await add_account(sessions, customer_id=own.customer_id)

    async with visitor(app) as client:
        client.cookies.set(COOKIE, login_token(account, SECRET))
        path = f"/api/conversations/{await start_conversation(client)}/orders/"
        shown = await client.get(path + quote(own.id))
        refused = await client.get(path + quote(other.id))

    assert (shown.json()["order_id"], shown.json()["status"]) == (own.id, "pending")
    assert [line["name"] for line in shown.json()["lines"]] == [line.name for line in own.lines]
    assert "payment" not in shown.text
    assert (refused.status_code, refused.json()["code"]) == (404, "order_not_found")
