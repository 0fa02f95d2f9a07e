"""The document: made of the tools, true of what is answered, and shown by a page of ours."""

import json
import re

import pytest
from starlette.applications import Starlette

from storage.db import Sessions
from storage.settings import Settings
from tests.clients import caller, client_of, server_for
from tests.factories import add_customer
from tests.ui.doors.programs import add_key, program
from tests.ui.rest.served_shop import ServedShop, open_served_shop
from ui.assistant import figures, query, service, tasks
from ui.rest.table import FRIENDLY
from ui.screens.screen import html_of

ASSISTANT = (query, service, tasks, figures)


async def test_the_document_has_every_tool_with_its_schemas_scope_and_errors(shop: ServedShop) -> None:
    async with client_of(server_for(shop.settings, shop.sessions, caller(None))) as client:
        tools = (await client.list_tools()).tools
    async with shop.nobody() as client_without_login:
        found = await client_without_login.get("/openapi.json")

    assert found.status_code == 200
    paths = found.json()["paths"]
    for tool in tools:
        operation = paths[f"/tools/{(tool.meta or {})['shopdesk/server']}/{tool.name}"]["post"]
        assert (tool.description or "?") in operation["description"]
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        given = {name for name in tool.input_schema.get("properties", {}) if name != "confirm_token"}
        assert set(body["properties"]) == given
        assert set(operation["responses"]) >= {
            "200",
            "400",
            "401",
            "403",
            "404",
            "409",
            "415",
            "422",
            "429",
            "502",
            "503",
        }
        assert re.fullmatch(r"\w+:(read|write)", operation["security"][0]["bearer"][0])
    assert found.json()["openapi"].startswith("3.1")


async def test_every_reference_leads_somewhere_and_every_operation_has_its_own_name(shop: ServedShop) -> None:
    async with shop.nobody() as client:
        text = (await client.get("/openapi.json")).text

    found = json.loads(text)
    references = set(re.findall(r'"\$ref":\s*"([^"]+)"', text))
    assert references
    assert {
        one for one in references if one.removeprefix("#/components/schemas/") not in found["components"]["schemas"]
    } == set()
    names = [one["operationId"] for methods in found["paths"].values() for one in methods.values()]
    assert len(names) == len(set(names))
    assert {row.path for row in FRIENDLY} <= set(found["paths"])


async def test_writes_that_ask_are_said_to_answer_with_a_question(shop: ServedShop) -> None:
    async with shop.nobody() as client:
        paths = (await client.get("/openapi.json")).json()["paths"]

    asking = {path for path, methods in paths.items() for one in methods.values() if "202" in one["responses"]}
    assert "/orders/{order_id}/cancel" in asking
    assert {path for path in asking if path.startswith("/tools/")} == {
        f"/tools/orders/{name}"
        for name in (
            "cancel_order",
            "change_order_items",
            "change_order_address",
            "change_order_payment",
            "return_items",
            "exchange_items",
            "change_customer_address",
        )
    }


async def test_a_caller_sees_and_calls_the_tools_that_are_theirs(shop: ServedShop) -> None:
    async with await shop.program() as client, await shop.program(shop.staff) as staff:
        theirs = {tool["name"] for tool in (await client.get("/tools")).json()["tools"]}
        everybodys = {tool["name"] for tool in (await staff.get("/tools")).json()["tools"]}
        forbidden = await client.post("/tools/orders/find_customer", json={"email": shop.customer.email})
        allowed = await staff.post("/tools/find_customer", json={"email": shop.customer.email})
        dotted = await staff.post("/tools/orders.find_customer", json={"email": shop.customer.email})
        unknown = await client.post("/tools/orders/fly", json={})
        elsewhere = await client.post("/tools/tickets/get_order", json={"order_id": "W1"})

    assert everybodys - theirs == {"find_customer"}
    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "not_allowed")
    assert (allowed.status_code, allowed.json()) == (200, dotted.json())
    assert [(one.status_code, one.json()["code"]) for one in (unknown, elsewhere)] == [(404, "unknown_tool")] * 2


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b'{"order_id": "W1"', {}, 400, "broken_json"),
        (b"[]", {}, 400, "broken_json"),
        (b'"x"', {}, 400, "broken_json"),
        (b'{"order_id": NaN}', {}, 400, "broken_json"),
        (b'{"order_id": "\\ud800"}', {}, 400, "broken_json"),
        (b"\xff\xfe", {}, 400, "broken_json"),
        (b"[" * 60_000, {}, 400, "broken_json"),
        (b"order_id=W1", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "not_json"),
        (b'{"order_id": "W1"}', {"Content-Type": "text/plain"}, 415, "not_json"),
        (b'{"order_id": "' + b"9" * 70_000 + b'"}', {}, 413, "body_too_large"),
        (b'{"order_id": ["W1"]}', {}, 422, "bad_arguments"),
        (b'{"order_id": 7e999}', {}, 422, "bad_arguments"),
        (b"{}", {}, 422, "bad_arguments"),
        (b"", {}, 422, "bad_arguments"),
        (b'{"order_id": "W1", "customer_id": "x"}', {}, 422, "unknown_field"),
        (b'{"order_id": "W1\\u0000"}', {}, 422, "bad_arguments"),
    ],
)
async def test_a_body_of_another_shape_gets_one_clear_line(
    shop: ServedShop, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    async with await shop.program() as client:
        answer = await client.post(
            "/tools/orders/get_order", content=body, headers={"Content-Type": "application/json", **headers}
        )

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert "\n" not in answer.json()["error"]


async def test_a_wrong_method_and_a_wrong_path_get_one_clear_line(shop: ServedShop) -> None:
    async with await shop.program() as client:
        method = await client.delete("/orders/W1")
        get = await client.get("/tools/orders/get_order")
        path = await client.get("/order")

    assert [(one.status_code, one.json()["code"]) for one in (method, get, path)] == [
        (405, "http_405"),
        (405, "http_405"),
        (404, "http_404"),
    ]
    assert "GET" in method.headers["allow"]


async def test_a_limit_of_the_tools_says_when_to_come_back(settings: Settings, sessions: Sessions) -> None:
    few = settings.model_copy(update={"calls_per_minute": 1})

    async with open_served_shop(few, sessions) as shop, await shop.program() as client:
        first, second = [await client.get("/orders") for _ in range(2)]

    assert (first.status_code, second.status_code, second.json()["code"]) == (200, 429, "too_many_calls")
    assert int(second.headers["retry-after"]) == second.json()["wait_s"] > 0


async def test_tool_servers_that_do_not_answer_are_said_to_be_away(app: Starlette, sessions: Sessions) -> None:
    key = await add_key(sessions, (await add_customer(sessions)).id)

    async with program(app, key) as client:
        answers = [
            await client.get("/orders"),
            await client.post("/orders/W1/cancel", json={"reason": "x"}),
            await client.get("/tools"),
            await client.get("/openapi.json"),
        ]

    assert {(one.status_code, one.json()["code"]) for one in answers} == {(503, "tool_servers_away")}


async def test_the_docs_page_asks_nobody_else_and_has_a_strict_policy(shop: ServedShop) -> None:
    async with shop.nobody() as client:
        page = await client.get("/docs")
        files = [await client.get(path) for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)]

    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    assert "unsafe" not in page.headers["content-security-policy"]
    assert {one.status_code for one in files} == {200}
    assert "http" not in html_of("docs")


async def test_every_route_on_which_staff_ask_models_is_described(shop: ServedShop) -> None:
    asked = {(route.path, method) for group in ASSISTANT for route in group.ROUTES for method in route.methods or ()}
    async with shop.nobody() as client:
        paths = (await client.get("/openapi.json")).json()["paths"]

    found = {(path, method.upper()) for path, methods in paths.items() for method in methods}
    assert {one for one in asked if one[1] != "HEAD"} <= found
    assert set(paths["/cooperation/task"]["post"]["responses"]) >= {"200", "202"}
