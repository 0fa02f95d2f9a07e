"""Whether the shop lives and can answer, dependency by dependency."""

from starlette.applications import Starlette

from knowledge.taking_in.ingest import ingest_handbook
from storage.moving.demo import seed_demo
from tests.ui.rest.served_shop import ServedShop
from tests.ui.visitor import visitor


async def test_a_shop_with_everything_is_ready(shop: ServedShop) -> None:
    await seed_demo(shop.sessions, replace=True)
    await ingest_handbook(shop.settings, shop.sessions)

    async with shop.nobody() as client:
        answer = await client.get("/ready")

    found = answer.json()
    assert (answer.status_code, found["ready"]) == (200, True), found
    assert [name for name in found if name != "ready"] == ["database", "handbook", "tool_servers", "models"]
    assert {name: one["ok"] for name, one in found.items() if name != "ready"} == dict.fromkeys(
        ("database", "handbook", "tool_servers", "models"), True
    )


async def test_what_is_missing_has_its_own_line_and_living_is_another_question(app: Starlette) -> None:
    async with visitor(app) as client:
        ready, lives = await client.get("/ready"), await client.get("/healthz")

    found = ready.json()
    assert (ready.status_code, found["ready"]) == (503, False)
    assert {name: one["ok"] for name, one in found.items() if name != "ready"} == dict.fromkeys(
        ("database", "handbook", "tool_servers", "models"), False
    )
    assert "shopdesk ingest" in found["handbook"]["problem"]
    assert (lives.status_code, lives.json()) == (200, {"ok": True})


async def test_status_and_models_tell_each_what_is_theirs(shop: ServedShop) -> None:
    async with await shop.program() as client, await shop.program(shop.staff) as staff, shop.nobody() as nobody:
        mine, theirs = (await client.get("/status")).json(), (await staff.get("/status")).json()
        models, endpoints = [(await one.get("/models")).json()["models"] for one in (client, staff)]
        refused = [(await nobody.get(path)).status_code for path in ("/status", "/models", "/tools", "/conversations")]

    assert mine["you"] == {"customer_id": shop.customer.customer_id, "staff": False}
    assert theirs["you"] == {"customer_id": None, "staff": True}
    assert models == [{"name": "shopdesk", "kind": "team"}]
    assert [one["kind"] for one in endpoints] == ["team", "endpoint", "endpoint"]
    assert refused == [401] * 4
