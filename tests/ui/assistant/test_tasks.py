"""`/cooperation/task` over the whole shop: real tools, as the person who asks, and the stand-in's models."""

import asyncio
import json
from typing import Any

import httpx2
import pytest

from storage.db import Sessions
from storage.owners import Staff
from storage.settings import Settings
from storage.shop.orders import OrderStatus, get_order
from tests.factories import add_account, add_order
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import open_shopfloor
from tests.ui.inside.staffed import staffed
from ui.app import build_app
from ui.logins.login import COOKIE, login_token

MODELS = ["slice1", "slice2"]


@pytest.mark.parametrize("mode", ["select", "sequential", "parallel", "vote", "pipeline", "decompose"])
async def test_every_mode_answers_from_the_shops_own_data(settings: Settings, sessions: Sessions, mode: str) -> None:
    order = await add_order(sessions)
    query = f"Where is order {order.id}?"
    async with staffed(settings, sessions) as (_, client):
        answer = await client.post("/cooperation/task", json={"query": query, "mode": mode, "models": MODELS})

    task = answer.json()
    assert (answer.status_code, task["status"], task["mode"]) == (200, "done", mode)
    said = [one["text"] for one in task["result"]["answers"] if not one.get("error")]
    assert any(order.id.lstrip("#") in text for text in said)
    assert task["result"]["text"]


async def test_a_change_waits_for_its_yes_is_one_question_for_all_models_and_is_made_once(
    settings: Settings, sessions: Sessions
) -> None:
    order = await add_order(sessions, status=OrderStatus.PENDING)
    body = {"query": f"Cancel order {order.id}, it was ordered by mistake.", "mode": "parallel", "models": MODELS}
    async with staffed(settings, sessions) as (_, client):
        task = (await client.post("/cooperation/task", json=body)).json()
        before = await _status(sessions, order.id)
        [change] = task["changes"]
        path = f"/cooperation/task/{task['task_id']}/confirmations/{change['question_id']}"
        made, again = await asyncio.gather(*(client.post(path, json={"yes": True}) for _ in range(2)))

    assert (task["status"], before, change["tool"]) == ("asked", OrderStatus.PENDING, "cancel_order")
    assert sorted([made.status_code, again.status_code]) == [200, 404]
    told = next(one for one in (made, again) if one.status_code == 200).json()
    assert (told["status"], told["changes"][0]["status"]) == ("done", "done")
    assert await _status(sessions, order.id) is OrderStatus.CANCELLED


async def test_a_no_changes_nothing(settings: Settings, sessions: Sessions) -> None:
    order = await add_order(sessions, status=OrderStatus.PENDING)
    async with staffed(settings, sessions) as (_, client):
        query = f"Cancel order {order.id}, it was ordered by mistake."
        task = (await client.post("/cooperation/task", json={"query": query})).json()
        [change] = task["changes"]
        path = f"/cooperation/task/{task['task_id']}/confirmations/{change['question_id']}"
        told = (await client.post(path, json={"yes": False})).json()

    assert (told["status"], told["changes"][0]["status"]) == ("done", "declined")
    assert await _status(sessions, order.id) is OrderStatus.PENDING


async def test_a_task_that_takes_longer_is_followed_by_its_events(settings: Settings, sessions: Sessions) -> None:
    staff, page = await add_account(sessions), listening()
    async with (
        open_shopfloor(settings, sessions) as floor,
        serving((build_app(floor.settings, sessions, floor.desk), page)),
        httpx2.AsyncClient(
            base_url=address(page), cookies={COOKIE: login_token(staff, settings.secret)}, timeout=30
        ) as client,
    ):
        body = {"query": "How long do refunds take?", "mode": "sequential", "models": MODELS, "wait_s": 0}
        begun = await client.post("/cooperation/task", json=body)
        told = await _events(client, f"{begun.headers['location']}/events")
        rest = await _events(client, f"{begun.headers['location']}/events?after={told[-2]['seq']}")
        task = (await client.get(begun.headers["location"])).json()

    assert begun.status_code == 202
    assert [one["seq"] for one in told] == list(range(1, len(told) + 1))
    assert (told[0]["kind"], told[-1]["kind"]) == ("task_started", "task_ended")
    assert rest == told[-1:]
    assert (task["status"], task["result"]["text"]) == ("done", told[-1]["text"])


async def test_what_cannot_be_run_is_refused_with_what_is_wrong(settings: Settings, sessions: Sessions) -> None:
    wrong = {
        "There is no endpoint slice9": {"query": "?", "models": ["slice9"]},
        "needs two models or more": {"query": "?", "mode": "vote", "models": ["slice1"]},
        "b waits for c": {"query": "?", "mode": "pipeline", "steps": [{"name": "b", "task": "t", "after": ["c"]}]},
        "wait for each other": {
            "query": "?",
            "mode": "pipeline",
            "steps": [{"name": "a", "task": "t", "after": ["b"]}, {"name": "b", "task": "t", "after": ["a"]}],
        },
        "mode: Input should be": {"query": "?", "mode": "quarrel"},
        "language: it is none of en, ko": {"query": "?", "language": "xx"},
    }
    async with staffed(settings, sessions) as (_, client):
        answers = {text: await client.post("/cooperation/task", json=body) for text, body in wrong.items()}

    assert {text: text in answer.json()["error"] for text, answer in answers.items()} == dict.fromkeys(wrong, True)
    assert {answer.status_code for answer in answers.values()} == {400}


async def test_nobody_sees_the_task_of_somebody_else(settings: Settings, sessions: Sessions) -> None:
    other = await add_account(sessions, email="other@shop.example")
    async with staffed(settings, sessions) as (_, client):
        task = (await client.post("/cooperation/task", json={"query": "How long do refunds take?"})).json()
        client.cookies.set(COOKIE, login_token(other, settings.secret))
        one = f"/cooperation/task/{task['task_id']}"
        seen = [await client.get(one), await client.get(f"{one}/events"), await client.post(f"{one}/cancel")]

    assert [answer.status_code for answer in seen] == [404, 404, 404]


async def test_the_tasks_that_one_began_are_listed_newest_first_and_nobody_elses(
    settings: Settings, sessions: Sessions
) -> None:
    other = await add_account(sessions, email="other@shop.example")
    long = "How long do refunds take? " * 20
    async with staffed(settings, sessions) as (_, client):
        begun = [(await client.post("/cooperation/task", json={"query": text})).json() for text in ("Hello", long)]
        listed = (await client.get("/cooperation/task")).json()["tasks"]
        client.cookies.set(COOKIE, login_token(other, settings.secret))
        theirs = (await client.get("/cooperation/task")).json()

    assert [one["task_id"] for one in listed] == [one["task_id"] for one in reversed(begun)]
    assert [one["query"] for one in listed] == [long[:200], "Hello"]
    assert {(one["status"], one["mode"], "result" in one) for one in listed} == {("done", "select", False)}
    assert theirs == {"tasks": []}


async def _status(sessions: Sessions, order_id: str) -> OrderStatus:
    async with sessions() as session:
        return (await get_order(session, order_id, Staff())).status


async def _events(client: httpx2.AsyncClient, path: str) -> list[dict[str, Any]]:
    async with client.stream("GET", path) as response:
        events = [event async for event in httpx2.EventSource(response) if event.data]
    return [{"kind": event.event, **json.loads(event.data)} for event in events]
