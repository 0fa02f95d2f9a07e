"""Staff's questions are routed and answered over HTTP, the decision is told, and the figures are those of the rows."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from statistics import fmean

import httpx2
import pytest
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from storage.db import Sessions, now, writing
from storage.models.decisions import RoutedDecision, forget_decisions, stats_of
from storage.settings import Settings
from tests.team.faulty import Fault, Pair, says, status
from tests.ui.rest.served_shop import ServedShop, open_served_shop

ROUTING = """
[routing]
fallback = "slice2"
[[routing.rules]]
tasks = ["policy"]
endpoint = "slice2"
"""


@pytest.fixture
def pair() -> Pair:
    return Pair()


@pytest.fixture
async def shop(settings: Settings, sessions: Sessions, pair: Pair) -> AsyncIterator[ServedShop]:
    async with open_served_shop(settings, sessions, around=pair.around) as opened:
        file = opened.settings.shopdesk_home / "models.toml"
        file.write_text(file.read_text() + ROUTING)
        for one in (pair.slices[1], pair.slices[2]):
            one.fault = says("It depends on the order.")
        yield opened


async def asked(client: httpx2.AsyncClient, text: str, **more: object) -> httpx2.Response:
    return await client.post("/query", json={"query": text, **more})


async def test_a_question_is_answered_by_the_endpoint_that_was_chosen(shop: ServedShop) -> None:
    async with await shop.program(shop.staff) as client:
        answer = (await asked(client, "Compare refund and replacement step by step.")).json()
        policy = (await asked(client, "반품 정책이 며칠인가요?", dry_run=True)).json()

    assert (answer["response"], answer["endpoint"], answer["fell_back"]) == ("It depends on the order.", "slice1", [])
    assert answer["decision"]["task"] == "reasoning"
    assert {one["endpoint"] for one in answer["decision"]["considered"]} == {"slice1", "slice2"}
    assert answer["metrics"]["ms"] >= answer["metrics"]["first_token_ms"] > 0
    assert list(policy) == ["decision"]
    assert policy["decision"]["endpoint"] == "slice2"
    assert policy["decision"]["reasons"][1]["text"] == "가게 규칙에 따라 slice2에 맡김"


async def test_where_the_chosen_one_fails_the_next_answers_and_that_is_said(shop: ServedShop, pair: Pair) -> None:
    pair.slices[1].fault = status(500)
    async with await shop.program(shop.staff) as client:
        answer = (await asked(client, "Write a SQL query")).json()
        pair.slices[2].fault = status(500)
        nobody = await asked(client, "Write a SQL query")

    assert (answer["decision"]["endpoint"], answer["endpoint"]) == ("slice1", "slice2")
    assert [one["text"] for one in answer["fell_back"]] == ["slice1 did not answer: status 500"]
    assert (nobody.status_code, nobody.json()["code"]) == (502, "nobody_answered")


async def test_a_question_that_means_the_same_gets_the_same_decision_until_its_endpoint_fails(
    shop: ServedShop, pair: Pair
) -> None:
    async with await shop.program(shop.staff) as client:
        first = (await asked(client, "Where is the order W1042?", dry_run=True)).json()["decision"]
        again = (await asked(client, "where's my order #W2093")).json()["decision"]
        other = (await asked(client, "Where is my order?", preferences={"strategy": "best"})).json()["decision"]
        pair.slices[1].fault = status(500)
        await asked(client, "Where is the order W1042?")
        after = (await asked(client, "Where is the order W1042?", dry_run=True)).json()["decision"]

    assert (first["remembered_s"], other["remembered_s"], after["remembered_s"]) == (None, None, None)
    assert again["remembered_s"] >= 0


async def test_a_model_finds_the_task_out_where_that_is_asked_for(shop: ServedShop, pair: Pair) -> None:
    wanted = {"preferences": {"classify": "model"}, "dry_run": True}
    async with await shop.program(shop.staff) as client:
        without = await asked(client, "Blue?", **wanted)
        file = shop.settings.shopdesk_home / "models.toml"
        file.write_text(file.read_text() + '\n[roles.classifier]\nendpoint = "slice1"\nfallback = ""\n')
        pair.slices[1].fault = named("a banana")
        odd = (await asked(client, "Blue?", **wanted)).json()["decision"]
        pair.slices[1].fault = named("product/medium")
        found = (await asked(client, "Is it blue?", **wanted)).json()["decision"]

    assert (without.status_code, without.json()["code"]) == (400, "no_classifier")
    assert (odd["task"], odd["classified_by"]) == ("reasoning", "rules")
    assert odd["reasons"][0]["text"].startswith("slice1 did not answer: the model named nobody")
    assert (found["task"], found["complexity"], found["classified_by"]) == ("product", "medium", "slice1")


def named(name: str) -> Fault:
    async def speak(request: Request) -> Response:
        asked = await request.json()
        message = {"role": "assistant", "content": name}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        reply = {"id": "x", "object": "chat.completion", "created": 1, "model": asked["model"], "choices": [choice]}
        return JSONResponse(reply)

    return speak


async def test_what_is_wrong_with_a_request_is_said_and_only_staff_may_ask(shop: ServedShop) -> None:
    async with await shop.program(shop.staff) as client, await shop.program() as customer:
        dear = await asked(client, "Hi", preferences={"max_latency_s": 0.001})
        blank = await asked(client, "   ")
        odd = await asked(client, "Hi", preferences={"strategy": "luckiest"})
        hours = await client.get("/routing/stats?hours=0")
        refused = [await asked(customer, "Hi"), await customer.get("/routing/stats")]

    assert (dear.status_code, dear.json()["code"]) == (409, "nobody_can")
    assert [one.status_code for one in (blank, odd, hours)] == [400] * 3
    assert "strategy" in odd.json()["error"]
    assert [one.status_code for one in refused] == [403, 403]


async def test_the_figures_are_a_recount_of_the_rows(shop: ServedShop, pair: Pair) -> None:
    questions = ["Hello", "Write a SQL query", "Where is W1042?", "How long is the warranty?", "Translate this"]
    async with await shop.program(shop.staff) as client:
        for number, question in enumerate(questions * 3):
            pair.slices[1].fault = status(500) if number % 4 == 3 else says("Yes.")
            pair.slices[2].fault = status(500) if number == 7 else says("Yes.")
            await asked(client, question, dry_run=number % 5 == 4)
        told = (await client.get("/routing/stats")).json()
        speeds = told["speeds"]["slice1"]
    async with shop.sessions() as session:
        rows = list(await session.scalars(select(RoutedDecision)))

    answered = [row for row in rows if row.answered_by]
    assert told["decisions"] == len(rows) == 15
    assert {"answered": told["answered"], "failed": told["failed"], "dry_run": told["dry_runs"]} == Counter(
        {"failed": 0} | dict(Counter(row.ended for row in rows))
    )
    assert told["fell_back"] == sum(row.answered_by != row.chosen for row in answered)
    assert told["remembered"] == sum(row.remembered for row in rows)
    assert told["tasks"] == dict(Counter(row.task for row in rows))
    assert told["completion_tokens"] == sum(row.completion_tokens for row in rows)
    assert {one["endpoint"]: one["chosen"] for one in told["endpoints"] if one["chosen"]} == Counter(
        row.chosen for row in rows
    )
    for one in told["endpoints"]:
        mine = [row.ms for row in answered if row.answered_by == one["endpoint"] and row.ms is not None]
        assert one["answered"] == len(mine)
        assert one["ms"] == (round(fmean(mine), 1) if mine else None)
    assert told["decided_ms"]["p50"] == sorted(row.decided_ms for row in rows)[7]
    asked_of_slice1 = sum(row.answered_by == "slice1" for row in rows) + speeds["failed"]
    assert speeds["calls"] == sum(one["calls"] for one in speeds["purposes"].values()) == asked_of_slice1


async def test_old_decisions_are_forgotten(sessions: Sessions) -> None:
    def row(number: int, days: int) -> RoutedDecision:
        texts = ("task", "complexity", "strategy", "classified_by", "chosen", "answered_by", "ended")
        figures = {"decided_ms": 1.0, "prompt_tokens": 1, "completion_tokens": 1, "cost": 0.5, "remembered": False}
        return RoutedDecision(
            id=str(number), at=now() - timedelta(days=days), **dict.fromkeys(texts, "answered"), **figures
        )

    async with writing(sessions) as session:
        session.add_all([row(number, days) for number, days in enumerate((1, 40, 50, 60))])
    async with writing(sessions) as session:
        gone = await forget_decisions(session, now() - timedelta(days=30), limit=2)
    async with sessions() as session:
        left = await stats_of(session, now() - timedelta(days=100))

    assert (gone, left["decisions"], left["cost"]) == (2, 2, 1.0)
