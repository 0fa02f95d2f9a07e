"""Each mode over models that do what they should, and over some that are slow, wrong, silent or contradict others."""

import asyncio
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from storage.db import Sessions
from storage.settings import Settings
from team.cooperation.plans import MERGING
from tests.team.cooperation.scripted import OWNER, ask, heard, kinds, open_tasks

NO = JSONResponse({"error": {"message": "no"}}, status_code=500)


async def plain(model: str, body: dict[str, Any]) -> str:
    """Say who it is, and how many answers it read; the one who merges says so."""
    if MERGING in heard(body, "system"):
        return "Merged: " + ", ".join(line for line in heard(body).splitlines() if " says" in line)
    return f"{model} says {heard(body).count(' says')}"


@pytest.mark.parametrize(
    ("mode", "text", "steps"),
    [
        ("select", "a says 0", 1),
        ("sequential", "c says 2", 3),
        (
            "parallel",
            "Merged: a (step1_a): a says 0, b (step2_b): b says 0, c (step3_c): c says 0"
            "\n\na: a says 0\n\nb: b says 0\n\nc: c says 0",
            4,
        ),
        ("pipeline", "a says 3", 4),
    ],
)
async def test_a_mode_asks_each_model_in_its_way(
    settings: Settings, sessions: Sessions, mode: str, text: str, steps: int
) -> None:
    async with open_tasks(settings, sessions, plain) as tasks:
        task = await ask(tasks, "How long do refunds take?", mode, models=("a", "b", "c"))
        told = await kinds(tasks, task["task_id"])

    assert (task["status"], task["result"]["text"]) == ("done", text)
    assert len(task["result"]["answers"]) == steps
    assert told.count("step_started") == told.count("step_ended") == steps
    assert (told[0], told[-1]) == ("task_started", "task_ended")


async def test_a_vote_tells_the_majority_and_who_disagrees(settings: Settings, sessions: Sessions) -> None:
    async def speak(model: str, _: dict[str, Any]) -> str:
        return {"a": "It is broken.\nANSWER: refund", "b": "ANSWER: replace", "c": "**ANSWER:** Refund."}[model]

    async with open_tasks(settings, sessions, speak) as tasks:
        task = await ask(tasks, "What is best here: refund or replace?", "voting", models=("a", "b", "c"))

    assert task["result"]["vote"]["winner"] == "refund"
    assert task["result"]["vote"]["totals"] == {"refund": 2.0, "replace": 1.0}
    assert task["result"]["text"].splitlines() == [
        "refund",
        "refund: 2 (a, c)",
        "replace: 1 (b)",
        "The models disagree.",
    ]


async def test_a_tie_is_told_and_weights_settle_it(settings: Settings, sessions: Sessions) -> None:
    async def speak(model: str, _: dict[str, Any]) -> str:
        return f"ANSWER: {'yes' if model == 'a' else 'no'}"

    async with open_tasks(settings, sessions, speak) as tasks:
        tied = await ask(tasks, "환불해야 합니까?", "vote", models=("a", "b"))
        weighed = await ask(tasks, "Refund it?", "vote", models=("a", "b"), weights={"a": 2})

    assert tied["result"]["vote"]["tied"] == ["예", "아니요"]
    assert tied["result"]["text"].startswith("다수 의견이 없습니다")
    assert weighed["result"]["vote"]["winner"] == "yes"
    assert "The models disagree." in weighed["result"]["text"]


async def test_a_silent_model_is_named_and_nobody_votes_in_its_place(settings: Settings, sessions: Sessions) -> None:
    async def speak(model: str, _: dict[str, Any]) -> str | Response:
        return NO if model == "c" else "ANSWER: yes"

    async with open_tasks(settings, sessions, speak) as tasks:
        task = await ask(tasks, "Refund it?", "vote", models=("a", "b", "c"))

    assert task["result"]["vote"]["totals"] == {"yes": 2.0}
    assert task["result"]["vote"]["disagree"] is True
    assert "No vote: c" in task["result"]["text"]
    assert task["result"]["notes"] == ["step3_c (c) gave no answer: status 500"]


async def test_another_model_does_the_step_of_one_that_fails_and_the_step_says_so(
    settings: Settings, sessions: Sessions
) -> None:
    async def speak(model: str, body: dict[str, Any]) -> str | Response:
        return NO if model == "b" else await plain(model, body)

    async with open_tasks(settings, sessions, speak) as tasks:
        task = await ask(tasks, "How long do refunds take?", "sequential", models=("a", "b"))

    second = task["result"]["answers"][1]
    assert (task["status"], second["model"], second["in_place_of"]) == ("done", "a", "b")


async def test_a_question_is_taken_apart_and_independent_parts_are_worked_on_side_by_side(
    settings: Settings, sessions: Sessions
) -> None:
    together = asyncio.Barrier(2)

    async def speak(model: str, body: dict[str, Any]) -> str:
        told = heard(body, "system")
        if "Take the question apart" in told:
            return (
                'Here: {"steps": [{"name": "Delivery time", "task": "Find the delivery time", "after": []},'
                '{"name": "refund", "task": "Find the refund time", "after": []},'
                '{"name": "sum", "task": "Add both", "after": ["Delivery time", "refund"]}]}'
            )
        if "Find the" in told:
            async with asyncio.timeout(5):
                await together.wait()
        return f"{model} says {heard(body).count(' says')}"

    async with open_tasks(settings, sessions, speak) as tasks:
        task = await ask(tasks, "How long is all of it?", "decompose", models=("a", "b"))
        told = [step async for step in tasks.follow(task["task_id"], 0)]

    assert (task["status"], task["result"]["text"]) == ("done", "a says 2")
    plan = next(step.data for step in told if step.kind == "plan")
    assert [(one["step"], one["after"]) for one in plan["steps"]] == [
        ("delivery_time", []),
        ("refund", []),
        ("sum", ["delivery_time", "refund"]),
    ]


async def test_without_a_usable_plan_the_question_is_answered_in_one_step_and_that_is_said(
    settings: Settings, sessions: Sessions
) -> None:
    async with open_tasks(settings, sessions, plain) as tasks:
        task = await ask(tasks, "How long is all of it?", "decompose", models=("a", "b"))

    assert (task["status"], task["result"]["text"]) == ("done", "a says 0")
    assert task["result"]["notes"] == ["No usable plan was made, so the question was answered in one step."]


async def test_a_task_ends_at_its_deadline_with_what_there_is_and_names_what_is_missing(
    settings: Settings, sessions: Sessions
) -> None:
    async def speak(model: str, body: dict[str, Any]) -> str:
        if model == "b":
            await asyncio.sleep(60)
        return await plain(model, body)

    async with open_tasks(settings, sessions, speak) as tasks:
        task = await ask(tasks, "How long?", "parallel", models=("a", "b"), deadline_s=4)

    assert task["status"] == "done"
    assert task["result"]["text"] == "a: a says 0"
    assert task["result"]["notes"] == [
        "step2_b (b) gave no answer: the answer took too long",
        "merge (a) gave no answer: the answer took too long",
    ]


async def test_a_cancelled_task_stops_and_keeps_what_was_said(settings: Settings, sessions: Sessions) -> None:
    begun = asyncio.Event()

    async def speak(model: str, body: dict[str, Any]) -> str:
        if model == "b":
            begun.set()
            await asyncio.sleep(60)
        return await plain(model, body)

    async with open_tasks(settings, sessions, speak) as tasks:
        asking = asyncio.create_task(ask(tasks, "How long?", "sequential", models=("a", "b")))
        async with asyncio.timeout(10):
            await begun.wait()
        task_id = next(iter(tasks.worker.running))
        await tasks.cancel(task_id, OWNER)
        task = await asking

    assert task["status"] == "cancelled"
    assert [one.get("error_code", "") for one in task["result"]["answers"]] == ["", "stopped"]


async def test_a_task_that_has_used_up_its_tokens_asks_nobody_else(settings: Settings, sessions: Sessions) -> None:
    async with open_tasks(settings, sessions, plain) as tasks:
        task = await ask(tasks, "How long?", "sequential", models=("a", "b", "c"), most_tokens=100)

    assert [one.get("error_code", "") for one in task["result"]["answers"]] == ["", "over_budget", "over_budget"]
    assert task["result"]["text"] == "a: a says 0"
