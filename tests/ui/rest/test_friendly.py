"""The routes people guess, each against a served shop: its tool's result, as this caller may see it."""

import base64
from typing import Any

import pytest
from sqlalchemy import select

from knowledge.taking_in.ingest import ingest_handbook
from storage.owners import Staff
from storage.shop.audit import Audit
from storage.shop.orders import OrderStatus, get_order
from storage.shop.tickets import Ticket
from tests.factories import add_order, add_product, add_ticket, line, variant
from tests.ui.rest.served_shop import ServedShop, link_of
from tests.ui.test_images import png
from ui.rest.table import FRIENDLY

ORDER, DELIVERED, TICKET = "#W1042", "#W1043", "T00009001"


async def fill(shop: ServedShop) -> None:
    """Add what the routes are about: two orders, a ticket, a product and the handbook."""
    owner = shop.customer.customer_id
    await add_order(shop.sessions, id=ORDER, customer_id=owner)
    await add_order(shop.sessions, id=DELIVERED, customer_id=owner, status=OrderStatus.DELIVERED, lines=[line("1001")])
    await add_ticket(shop.sessions, id=TICKET, customer_id=owner)
    await add_product(shop.sessions, id="9001", name="Desk Lamp", variants=[variant("1001")])
    await ingest_handbook(shop.settings, shop.sessions)


READS = [
    ("/orders", "orders/list_orders", {}),
    ("/orders?status=delivered&limit=1", "orders/list_orders", {"status": "delivered", "limit": 1}),
    ("/users/me/orders?limit=5", "orders/list_orders", {"limit": 5}),
    ("/orders/W1042", "orders/get_order", {"order_id": ORDER}),
    ("/orders/%23W1042", "orders/get_order", {"order_id": ORDER}),
    ("/users/me", "orders/get_customer", {}),
    ("/users/me/tickets?status=open", "tickets/list_tickets", {"status": "open"}),
    ("/tickets", "tickets/list_tickets", {}),
    (f"/tickets/{TICKET}", "tickets/get_ticket", {"ticket_id": TICKET}),
    ("/policies/search?q=refund&top_k=3", "policies/search_policies", {"query": "refund", "limit": 3}),
    ("/products/search?q=lamp", "products/search_products", {"query": "lamp"}),
    ("/products/9001", "products/get_product", {"product_id": "9001"}),
]


def without_marks(found: Any) -> Any:  # noqa: ANN401 - any JSON
    """The same JSON without what only a model needs."""
    if isinstance(found, dict):
        return {name: without_marks(one) for name, one in found.items() if name != "about_marks"}
    if isinstance(found, list):
        return [without_marks(one) for one in found]
    return found.replace("⟦", "").replace("⟧", "") if isinstance(found, str) else found


async def test_every_guessed_read_returns_its_tools_result_unwrapped(shop: ServedShop) -> None:
    await fill(shop)

    async with await shop.program() as client:
        got = {path: await client.get(path) for path, _, _ in READS}
        meant = {path: await client.post(f"/tools/{tool}", json=given) for path, tool, given in READS}
        status = await client.get("/orders/W1042/status")

    assert {path: answer.status_code for path, answer in got.items()} == dict.fromkeys(got, 200)
    assert {path: answer.json() for path, answer in got.items()} == {
        path: without_marks(answer.json()) for path, answer in meant.items()
    }
    assert status.json() == {
        "order_id": ORDER,
        "status": "pending",
        "shipments": [],
        "allowed_actions": got["/orders/W1042"].json()["allowed_actions"],
    }
    assert got["/orders/W1042"].json()["customer_id"] == shop.customer.customer_id
    assert len(got["/policies/search?q=refund&top_k=3"].json()["passages"]) == 3


async def test_the_seeds_ticket_is_opened_read_and_resolved(shop: ServedShop) -> None:
    await fill(shop)
    body = {
        "user_id": shop.customer.customer_id,
        "order_id": ORDER,
        "issue_type": "환불",
        "description": "두 번 결제됐어요.\n확인해 주세요.",
        "priority": "medium",
    }

    async with await shop.program() as client, await shop.program(shop.staff) as staff:
        opened = await client.post("/tickets", json=body)
        path = f"/tickets/{opened.json()['id']}"
        commented = await client.post(f"{path}/comments", json={"body": "One more thing."})
        resolved = await staff.post(f"{path}/resolve", json={"resolution": "Refunded."})
        read = (await client.get(path)).json()

    assert (opened.status_code, opened.json()["status"]) == (200, "done")
    assert (commented.status_code, resolved.status_code) == (200, 200), resolved.text
    # Payment goes before questions, whatever the customer thinks of it (mcp_servers/tickets/rules.py).
    assert (read["subject"], read["category"], read["priority"]) == ("환불: 두 번 결제됐어요.", "payment", "high")
    assert (read["order_id"], read["status"]) == (ORDER, "resolved")
    assert read["history"][0]["text"] == body["description"]


async def test_a_ticket_is_opened_by_staff_for_whom_they_name(shop: ServedShop) -> None:
    body = {"user_id": shop.customer.customer_id, "issue_type": "etc", "description": "Call me.", "priority": "high"}

    async with await shop.program(shop.staff) as staff:
        opened = await staff.post("/tickets", json=body)
        nobody = await staff.post("/tickets", json=body | {"user_id": "nobody"})
        unnamed = await staff.post("/tickets", json={"issue_type": "etc", "description": "x", "priority": "low"})

    assert (opened.status_code, nobody.status_code, unnamed.status_code) == (200, 404, 422)
    async with shop.sessions() as session:
        [ticket] = (await session.scalars(select(Ticket))).all()
    assert (ticket.customer_id, ticket.category, ticket.priority) == (shop.customer.customer_id, "other", "high")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/users/somebody/orders", None),
        ("GET", "/users/somebody/tickets", None),
        ("GET", "/users/somebody", None),
        ("GET", "/orders?user_id=somebody", None),
        ("POST", "/tickets", {"user_id": "somebody", "issue_type": "x", "description": "x", "priority": "low"}),
        ("POST", "/chat", {"user_id": "somebody", "message": "Where is my order?"}),
    ],
)
async def test_a_customers_key_with_another_user_id_is_refused(
    shop: ServedShop, method: str, path: str, body: dict[str, str] | None
) -> None:
    async with await shop.program() as client:
        answer = await client.request(method, path, json=body)

    assert (answer.status_code, answer.json()["code"]) == (403, "other_customer")


async def test_any_reason_for_a_cancellation_is_kept_in_the_audit_word_for_word(shop: ServedShop) -> None:
    await fill(shop)
    reason = "단순 변심이에요 — sorry!"

    async with await shop.program() as client, shop.browser() as page:
        asked = await client.post("/orders/W1042/cancel", json={"reason": reason})
        done = await page.post(link_of(asked), json={"yes": True})

    assert (done.status_code, done.json()["status"]) == (200, "done"), done.text
    async with shop.sessions() as session:
        [row] = (await session.scalars(select(Audit))).all()
        order = await get_order(session, ORDER, Staff())
    assert row.arguments == {"order_id": "#W1042", "reason": "no longer needed"}
    assert (row.said, order.status, order.cancel_reason) == ({"reason": reason}, "cancelled", "no longer needed")


@pytest.mark.parametrize(
    ("body", "reason", "said"),
    [
        ({"reason": "Ordered by mistake"}, "ordered by mistake", None),
        ({"reason": "no longer needed"}, "no longer needed", None),
        ({}, "no longer needed", None),
    ],
)
async def test_the_tools_own_reasons_pass_as_they_are(
    shop: ServedShop, body: dict[str, str], reason: str, said: None
) -> None:
    await fill(shop)

    async with await shop.program() as client, shop.browser() as page:
        await page.post(link_of(await client.post("/orders/W1042/cancel", json=body)), json={"yes": True})

    async with shop.sessions() as session:
        [row] = (await session.scalars(select(Audit))).all()
    assert (row.arguments["reason"], row.said) == (reason, said)


async def test_a_picture_comes_as_a_form_a_data_url_or_the_id_of_one_sent_before(shop: ServedShop) -> None:
    await fill(shop)
    url = f"data:image/png;base64,{base64.b64encode(png(640, 480)).decode()}"
    item = {"order_id": DELIVERED, "item_id": "1001"}

    async with await shop.program() as client:
        form = await client.post("/vision/analyze", files={"file": ("lamp.png", png(640, 480), "image/png")})
        inline = await client.post("/vision/analyze", json={"image": url, "question": "What is it?"})
        image_id = (await client.post("/api/images", content=png(640, 480))).json()["image_id"]
        known = await client.post("/vision/defect", json={"image_id": image_id, **item})
        damaged = await client.post(
            "/vision/defect", data=item, files={"image": ("lamp.png", png(640, 480), "image/png")}
        )
        incomplete = await client.post("/vision/defect", json={"image": url})
        broken = await client.post("/vision/analyze", json={"image": "data:image/png;base64,!!"})
        linked = await client.post("/vision/analyze", json={"image": "https://example.com/a.png"})
        none = await client.post("/vision/analyze", json={})

    for answer in (form, inline):
        assert (answer.status_code, set(answer.json())) >= (200, {"description", "text", "quality"}), answer.text
    for answer in (known, damaged):
        assert answer.json()["verdict"] in {"damaged", "not_damaged", "unclear"}, answer.text
    assert (incomplete.status_code, incomplete.json()["error"]) == (422, "order_id is missing.")
    assert (broken.status_code, broken.json()["code"]) == (400, "bad_data_url")
    assert (linked.status_code, linked.json()["code"]) == (400, "bad_data_url")
    assert (none.status_code, none.json()["error"]) == (422, "image_id is missing.")


async def test_a_misspelt_field_is_refused_with_those_there_are(shop: ServedShop) -> None:
    async with await shop.program() as client:
        query = await client.get("/orders?statuss=pending")
        body = await client.post("/orders/W1/cancel", json={"reasons": "x"})
        token = await client.post("/tools/orders/cancel_order", json={"order_id": "W1", "confirm_token": "x"})
        yes = await client.post("/orders/W1/cancel", json={"reason": "x", "yes": True})
        missing = [
            (await client.get("/policies/search")).json(),
            (await client.post("/tickets", json={"issue_type": "x"})).json(),
            (await client.post("/tickets", json={"description": "x"})).json(),
        ]

    assert query.json()["error"].startswith("There is no field 'statuss' here. There are user_id, status")
    assert [answer.status_code for answer in (query, body, token, yes)] == [422] * 4
    assert [one["error"] for one in missing] == ["q is missing.", "description is missing.", "issue_type is missing."]


@pytest.mark.parametrize("row", FRIENDLY, ids=lambda row: f"{row.method} {row.path}")
async def test_no_guessed_route_answers_without_a_login(shop: ServedShop, row: Any) -> None:  # noqa: ANN401 - a row of the table
    path = row.path.replace("{", "").replace("}", "")

    async with shop.nobody() as client:
        nobody = await client.request(row.method, path, json={} if row.method == "POST" else None)
        client.headers["Authorization"] = "Bearer sk-shopdesk-none"
        stranger = await client.request(row.method, path, json={} if row.method == "POST" else None)

    assert [(one.status_code, one.json()["code"]) for one in (nobody, stranger)] == [
        (401, "not_logged_in"),
        (401, "bad_bearer"),
    ]


async def test_orders_and_tickets_of_others_read_like_those_that_do_not_exist(shop: ServedShop) -> None:
    theirs, ticket = await add_order(shop.sessions), await add_ticket(shop.sessions)
    number = theirs.id.removeprefix("#")
    paths = {f"/orders/{number}": number, f"/orders/{number}/status": number, f"/tickets/{ticket.id}": ticket.id}

    async with await shop.program() as client:
        foreign = [await client.get(path) for path in paths]
        missing = [await client.get(path.replace(one, "W0000000")) for path, one in paths.items()]
        cancelled = await client.post(f"/orders/{number}/cancel", json={"reason": "x"})

    assert {answer.status_code for answer in (*foreign, *missing, cancelled)} == {404}
    told = [answer.text.replace(one, "W0000000") for answer, one in zip(foreign, paths.values(), strict=True)]
    assert told == [answer.text for answer in missing]
