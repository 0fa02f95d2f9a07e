"""The team as staff see it: who is in it, who is at work, and through which endpoint a role speaks."""

import asyncio
import json

import httpx2

from storage.db import Sessions
from storage.settings import Settings
from team.models.slices.gpu import Gpu, gpus_in
from tests.factories import add_account, add_conversation, add_order
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import only, open_shopfloor
from tests.ui.inside.staffed import staffed
from ui.app import build_app
from ui.logins.login import COOKIE, login_token


async def test_a_role_speaks_through_another_endpoint_from_the_next_turn_on(
    settings: Settings, sessions: Sessions
) -> None:
    async with staffed(settings, sessions) as (floor, client):
        file = settings.shopdesk_home / "models.toml"
        comments = [line for line in file.read_text().splitlines() if line.startswith("#")]
        team = (await client.get("/api/team")).json()
        switched = await client.put("/api/team/roles/orders", json={"endpoint": "slice1"})
        wrong = await client.put("/api/team/roles/orders", json={"endpoint": "slice9"})
        nobody = await client.put("/api/team/roles/pirates", json={"endpoint": "slice1"})
        order = await add_order(sessions)
        chat = await add_conversation(sessions, customer_id=order.customer_id)
        steps = await floor.say(chat.id, f"Where is my order {order.id}?")
        await floor.desk.samples.take()
        slices = (await client.get("/api/team/slices")).json()

    assert [one["name"] for one in team["servers"]] == ["orders", "policies", "products", "tickets", "vision"]
    assert len(team["specialists"]) == 6
    assert all(one["prompt"] and one["tools"] for one in team["specialists"])
    assert switched.json() == {"role": "orders", "endpoint": "slice1", "before": "slice2"}
    assert (wrong.status_code, nobody.status_code) == (400, 404)
    assert {data["endpoint"] for data in only(steps, "model")} == {"slice1"}
    assert [line for line in file.read_text().splitlines() if line.startswith("#")] == comments
    assert [(one["key"], one["reachable"], len(one["hour"])) for one in slices["endpoints"]] == [
        ("slice1", True, 1),
        ("slice2", True, 1),
    ]
    assert [one["gpu_share"] for one in slices["endpoints"]] == [None, None]


async def test_who_is_at_work_is_told_live_and_nothing_that_was_said(settings: Settings, sessions: Sessions) -> None:
    staff = await add_account(sessions)
    order = await add_order(sessions)
    chat = await add_conversation(sessions, customer_id=order.customer_id)
    page = listening()
    told = []
    async with (
        open_shopfloor(settings, sessions) as floor,
        serving((build_app(floor.settings, sessions, floor.desk), page)),
    ):
        cookies = {COOKIE: login_token(staff, settings.secret)}
        client = httpx2.AsyncClient(base_url=address(page), cookies=cookies)
        async with asyncio.timeout(60), client, client.stream("GET", "/api/team/live") as stream:
            asking = asyncio.create_task(floor.say(chat.id, f"Where is my order {order.id}?"))
            async for line in stream.aiter_lines():
                if line.startswith("data: "):
                    told.append(json.loads(line.removeprefix("data: ")))
                    if told[-1]["kind"] == "turn_ended":
                        break
            await asking

    kinds = [one["kind"] for one in told if one["kind"] != "token"]
    assert kinds == ["turn_started", "router", "model", "tool_call", "tool_result", "model", "turn_ended"]
    assert {one["server"] for one in told if one["kind"] == "tool_call"} == {"orders"}
    assert order.id not in json.dumps(told)


def test_a_gpus_memory_is_read_from_nvidia_smi_and_a_message_is_none() -> None:
    told = "0, NVIDIA H200, 61440, 143771\n1, NVIDIA H200, [N/A], 143771\nFailed to initialize NVML\n"

    assert gpus_in(told) == [Gpu(0, "NVIDIA H200", 61440 * 1024 * 1024, 143771 * 1024 * 1024)]
