"""Votes of three models that are wrong at a known rate: all at once, as tasks of one process."""

import asyncio
import json
import math
import random
import resource
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from scripts.bench.cooperating.serving import serving
from storage.db import open_sessions
from storage.endpoints import FILE
from storage.migrate import migrate
from storage.settings import Settings
from storage.tokens import Caller
from team.cooperation.asked import Asked
from team.cooperation.tasks import Tasks
from team.models.models import Models
from team.pool import open_pool
from team.tools.servers import ToolServers
from team.turn.steps import Steps

RATES: Mapping[str, float] = {"one": 0.1, "two": 0.2, "three": 0.3}
"""How often each model is wrong."""

OPTIONS = ("refund", "replace")
STAFF = Caller("bench", True, frozenset())
ROLES = ("router", "product_advisor", "vision", "orders", "returns", "policies", "tickets")
Z95 = 1.96
LONGEST_S = 600


@dataclass(frozen=True)
class Votes:
    """What the votes came to. `differed` is how often the models chose differently, `told` how often that was said."""

    asked: int
    ended: int
    right: int
    by_model: Mapping[str, int]
    differed: int
    told: int
    seconds: float
    most_at_once: int
    grown_mb: float

    @property
    def expected(self) -> float:
        """How many majorities should be right, by the error rates."""
        return self.asked * share_right(list(RATES.values()))

    @property
    def interval(self) -> tuple[float, float]:
        """Where the count should be, 95 times of 100."""
        share = share_right(list(RATES.values()))
        off = Z95 * math.sqrt(self.asked * share * (1 - share))
        return self.expected - off, self.expected + off


def share_right(rates: list[float]) -> float:
    """Return how likely the majority of three is right, each of which is wrong at its own rate."""
    a, b, c = (1 - rate for rate in rates)
    return a * b * c + a * b * (1 - c) + a * (1 - b) * c + (1 - a) * b * c


async def vote(home: Path, seed: str, questions: int) -> Votes:
    """Ask all questions at once, in a shop without data in this folder, and count what came of them."""
    truth = [random.Random(f"{seed}/{number}").choice(OPTIONS) for number in range(questions)]  # noqa: S311 - no secret

    def says(model: str, number: int) -> str:
        wrong = random.Random(f"{seed}/{number}/{model}").random() < RATES[model]  # noqa: S311 - no secret
        return next(one for one in OPTIONS if (one == truth[number]) is not wrong)

    async def complete(request: Request) -> Response:
        body = await request.json()
        number = int(body["messages"][-1]["content"].partition("#")[2].partition(":")[0])
        return _line(body["model"], f"ANSWER: {says(request.path_params['model'], number)}")

    settings = Settings(shopdesk_home=home, database_url="", chroma_url="")
    await migrate(settings.database)
    app = Starlette(routes=[Route("/{model}/v1/chat/completions", complete, methods=["POST"])])
    async with serving([app]) as [url]:
        (home / FILE).write_text(_models(url))
        before, started = _memory_mb(), time.monotonic()
        found, most = await _all_at_once(settings, questions)
        seconds, grown = time.monotonic() - started, _memory_mb() - before
    done = [task["status"] == "done" for task in found]
    results = [task["result"] for task in found]
    differ = [number for number in range(questions) if len({says(model, number) for model in RATES}) > 1]
    return Votes(
        asked=questions,
        ended=sum(done),
        right=sum(result["vote"]["winner"] == true for result, true in zip(results, truth, strict=True)),
        by_model={model: sum(says(model, at) == true for at, true in enumerate(truth)) for model in RATES},
        differed=len(differ),
        told=sum(results[at]["vote"]["disagree"] and "disagree" in results[at]["text"] for at in differ),
        seconds=seconds,
        most_at_once=most,
        grown_mb=grown,
    )


async def _all_at_once(settings: Settings, questions: int) -> tuple[list[dict[str, Any]], int]:
    """Begin all tasks at once; return each when it has ended, and how many were worked on at the same time."""
    asked = [
        Asked(query=f"Case #{number}: refund or replace?", mode="vote", models=tuple(RATES), tools=())
        for number in range(questions)
    ]
    async with _tasks(settings) as tasks:
        ids = await asyncio.gather(*(tasks.begin(STAFF.subject, STAFF, one) for one in asked))
        waiting, most = asyncio.gather(*(tasks.wait(one, STAFF.subject, LONGEST_S) for one in ids)), 0
        while not waiting.done():
            most = max(most, len(tasks.worker.running))
            await asyncio.sleep(0.05)
        return await waiting, most


def _models(url: str) -> str:
    endpoints = [f'[endpoints.{name}]\nbase_url = "{url}/{name}/v1"\nmodel = "{name}"\n' for name in RATES]
    return "\n".join([*endpoints, *(f'[roles.{role}]\nendpoint = "one"\n' for role in ROLES)])


@asynccontextmanager
async def _tasks(settings: Settings) -> AsyncIterator[Tasks]:
    async with open_sessions(settings.database) as sessions, open_pool() as pool:
        models, servers = Models(settings, pool), ToolServers(settings.public_mcp_url, pool, lambda *_: "")
        tasks = Tasks(sessions, models, servers, Steps(sessions))
        working = asyncio.create_task(tasks.worker.run())
        try:
            yield tasks
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            await tasks.worker.close()
            await servers.close()
            await models.close()


def _line(model: str, text: str) -> Response:
    head = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": model}
    pieces: list[tuple[dict[str, str], str | None]] = [({"content": text}, None), ({}, "stop")]
    choices = [{"index": 0, "delta": delta, "finish_reason": finish} for delta, finish in pieces]
    lines = [f"data: {json.dumps({**head, 'choices': [one]})}\n\n" for one in choices]
    return Response("".join([*lines, "data: [DONE]\n\n"]), media_type="text/event-stream")


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
