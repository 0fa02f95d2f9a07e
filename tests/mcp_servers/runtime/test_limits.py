"""What callers are held to: a deadline, a rate, places; each refusal says what to do, and is counted."""

from collections.abc import Awaitable, Callable

import anyio
import pytest
from mcp import Client, MCPError
from mcp.types import PromptReference

from mcp_servers.runtime.limits import deadline, semaphore
from mcp_servers.runtime.limits.limiter import CallLimiter, TooManyCallsError
from storage.db import Sessions
from storage.settings import Settings
from tests.clients import caller, client_of, text_of
from tests.counted import counted
from tests.mcp_servers.runtime.slow_tools import Waiting

STAFF = caller(None, scopes=["waiting:read", "waiting:write"])

READS: dict[str, Callable[[Client], Awaitable[object]]] = {
    "resources/read": lambda client: client.read_resource("policy://returns"),
    "prompts/get": lambda client: client.get_prompt("any"),
    "completion/complete": lambda client: client.complete(PromptReference(name="any"), {"name": "a", "value": "b"}),
}


def with_(settings: Settings, **limits: int) -> Settings:
    return settings.model_copy(update=limits)


async def test_a_tool_is_stopped_at_its_deadline(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline, "DEADLINE_S", 0.05)
    server = Waiting().server(settings, sessions, STAFF)

    async with client_of(server) as client:
        result = await client.call_tool("wait", {})

    told = "This took longer than 0.05 seconds and was stopped; nothing was changed. Try again."
    assert (result.is_error, text_of(result)) == (True, told)
    assert counted(server.metrics.limited) == {("waiting", "deadline"): 1}
    assert counted(server.metrics.calls) == {("waiting", "wait", "limited"): 1}


async def test_a_caller_who_calls_too_often_is_told_when_to_come_back(settings: Settings, sessions: Sessions) -> None:
    server = Waiting().server(with_(settings, calls_per_minute=2), sessions, STAFF)

    async with client_of(server) as client:
        results = [await client.call_tool("note", {}) for _ in range(3)]

    assert [bool(result.is_error) for result in results] == [False, False, True]
    told = "Too many calls: at most 2 a minute. Nothing was done. Try again in 30 seconds."
    assert text_of(results[2]) == told
    assert counted(server.metrics.limited) == {("waiting", "rate"): 1}
    assert counted(server.metrics.calls) == {("waiting", "note", "ok"): 2}


@pytest.mark.parametrize("method", READS)
async def test_reads_that_are_no_tools_take_from_the_same_bucket(
    settings: Settings, sessions: Sessions, method: str
) -> None:
    server = Waiting().server(with_(settings, calls_per_minute=1), sessions, STAFF)

    async with client_of(server) as client:
        await client.call_tool("note", {})
        with pytest.raises(MCPError, match="Too many calls: at most 1 a minute") as refused:
            await READS[method](client)

    assert refused.value.error.data == {"limit": "rate"}


def test_a_bucket_fills_again_and_each_caller_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    at = 1_000.0
    monkeypatch.setattr("time.monotonic", lambda: at)
    limiter = CallLimiter(per_minute=60)
    for _ in range(60):
        limiter.take("olivia")
    limiter.take("mina")

    with pytest.raises(TooManyCallsError, match=r"in 1 seconds") as refused:
        limiter.take("olivia")
    at += refused.value.wait_s
    limiter.take("olivia")
    with pytest.raises(TooManyCallsError):
        limiter.take("olivia")


def test_without_a_rate_everybody_may_call_as_often_as_they_like() -> None:
    limiter = CallLimiter(per_minute=0)

    for _ in range(10_000):
        limiter.take("olivia")


async def test_where_every_place_is_taken_a_call_waits_a_little_and_is_sent_away(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(semaphore, "PATIENCE_S", 0.05)
    waiting = Waiting()
    server = waiting.server(with_(settings, calls_at_once=1), sessions, STAFF)
    first: list[bool] = []

    async with client_of(server) as client, anyio.create_task_group() as tasks:

        async def take_the_place() -> None:
            first.append(bool((await client.call_tool("wait", {})).is_error))

        tasks.start_soon(take_the_place)
        with anyio.fail_after(5):
            await waiting.begun.acquire()
        running = counted(server.metrics.in_flight)
        refused = await client.call_tool("note", {})
        waiting.door.set()
    async with client_of(server) as client:
        after = await client.call_tool("note", {})

    assert (refused.is_error, text_of(refused)) == (
        True,
        "waiting is busy with other calls. Nothing was done. Try again in 5 seconds.",
    )
    assert (first, after.is_error, running) == ([False], False, {("waiting",): 1})
    assert counted(server.metrics.limited) == {("waiting", "concurrency"): 1}
    assert counted(server.metrics.in_flight) == {("waiting",): 0}
