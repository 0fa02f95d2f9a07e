"""What the page says about the parts it needs."""

import asyncio
import socket
import time

from starlette.applications import Starlette

from storage.db import Sessions
from storage.settings import Settings
from team.desk.desk import open_desk
from tests.factories import add_conversation, add_order
from tests.team.shopfloor import MODELS, Shopfloor, answer_of, only, open_shopfloor
from tests.ui.visitor import visitor
from ui.app import build_app


async def test_a_whole_shop_is_healthy_and_says_that_its_model_is_a_stand_in(
    settings: Settings, sessions: Sessions
) -> None:
    async with (
        open_shopfloor(settings, sessions) as floor,
        visitor(build_app(floor.settings, sessions, floor.desk)) as client,
    ):
        health = (await client.get("/health")).json()

    assert (health["ok"], health["stand_in"]) == (True, True)
    assert [(one["slice"], one["reachable"]) for one in health["endpoints"]] == [(1, True), (2, True)]
    assert [one["problems"] for one in health["endpoints"]] == [[], []]
    assert health["tool_servers"]["reachable"] is True
    assert "orders" in health["tool_servers"]["servers"]


async def test_a_model_under_another_name_is_told_with_the_setting_that_mends_it(
    settings: Settings, sessions: Sessions
) -> None:
    settings = settings.model_copy(update={"model2_name": "some/other"})
    async with (
        open_shopfloor(settings, sessions) as floor,
        visitor(build_app(floor.settings, sessions, floor.desk)) as client,
    ):
        health = (await client.get("/health")).json()

    [problem] = health["endpoints"][1]["problems"]
    assert "and not some/other: set MODEL2_NAME to a name it serves" in problem


async def test_parts_that_hang_are_told_within_two_seconds(settings: Settings, sessions: Sessions) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        urls = {"public_mcp_url": url, "model1_base_url": f"{url}/v1", "model2_base_url": f"{url}/v1"}
        settings = settings.model_copy(update=urls)
        (settings.shopdesk_home / "models.toml").write_text(MODELS.read_text())
        async with open_desk(settings, sessions) as desk, visitor(build_app(settings, sessions, desk)) as client:
            started = time.monotonic()
            async with asyncio.timeout(10):
                health = (await client.get("/health")).json()
            took = time.monotonic() - started

    assert took < 2
    assert (health["ok"], health["stand_in"]) == (False, False)
    assert [one["reachable"] for one in health["endpoints"]] == [False, False]
    assert health["tool_servers"] == {"reachable": False, "servers": []}


async def test_a_shop_without_its_file_of_models_is_not_healthy(app: Starlette) -> None:
    async with visitor(app) as client:
        health = (await client.get("/health")).json()

    assert (health["ok"], health["endpoints"]) == (False, [])


async def test_a_stand_in_that_bridges_is_what_answers_until_a_model_does(
    settings: Settings, sessions: Sessions
) -> None:
    async with open_shopfloor(settings, sessions) as floor:
        models = floor.settings
        path = settings.shopdesk_home / "models.toml"
        text = path.read_text()
        for number, url in enumerate((models.model1_base_url, models.model2_base_url), start=1):
            text = text.replace(f"http://127.0.0.1:808{number}/v1", url)
        path.write_text(text)
        away = {"model1_base_url": "http://127.0.0.1:9/v1", "model2_base_url": "http://127.0.0.1:9/v1"}
        loading = floor.settings.model_copy(update={**away, "mock_llm": "bridge"})
        async with open_desk(loading, sessions) as desk, visitor(build_app(loading, sessions, desk)) as client:
            order = await add_order(sessions, id="#W1042")
            chat = await add_conversation(sessions, customer_id=order.customer_id)
            bridged = Shopfloor(loading, sessions, desk)
            steps = await bridged.say(chat.id, "Where is my order #W1042?")
            health = (await client.get("/health")).json()

    spoke = {(one["endpoint"], one["in_place_of"]) for one in only(steps, "model")}
    assert spoke == {("stand_in1", "slice2")}
    assert "pending" in answer_of(steps)
    assert (health["ok"], health["stand_in"]) == (True, True)
    assert [(one["name"], one["reachable"], one["needed"]) for one in health["endpoints"]] == [
        ("slice1", False, False),
        ("slice2", False, False),
        ("stand_in1", True, True),
        ("stand_in2", True, True),
    ]
