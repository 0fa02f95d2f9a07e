"""Requests that programs get wrong: each is refused in OpenAI's shape with the true status, and nothing comes of it."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from storage.db import Sessions
from storage.settings import Settings
from tests.factories import add_customer
from tests.ui.doors.programs import add_key, program

GOOD: dict[str, dict[str, Any]] = {
    "chat/completions": {"model": "shopdesk", "messages": [{"role": "user", "content": "hi"}]},
    "responses": {"model": "shopdesk", "input": "hi"},
}
TABLE = tomllib.loads(Path(__file__).with_name("malformed.toml").read_text(encoding="utf-8"))
CASES = [("chat/completions", case) for case in TABLE["chat"]] + [("responses", case) for case in TABLE["responses"]]


def sent(path: str, case: dict[str, Any]) -> str:
    if "raw" in case:
        return str(case["raw"])
    good = {name: value for name, value in GOOD[path].items() if name != case.get("drop")}
    return json.dumps(good | json.loads(case.get("body", "{}")))


def test_the_table_has_sixty_of_them() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize(("path", "case"), CASES, ids=lambda one: one["why"] if isinstance(one, dict) else "")
async def test_a_malformed_request_is_refused_in_openais_shape(
    app: Starlette, sessions: Sessions, path: str, case: dict[str, Any]
) -> None:
    key = await add_key(sessions, (await add_customer(sessions)).id)
    async with program(app, key, **{"Content-Type": case.get("type", "application/json")}) as client:
        answer = await client.post(f"/v1/{path}", content=sent(path, case))

    error = answer.json()["error"]
    assert (answer.status_code, answer.headers["content-type"]) == (case.get("status", 400), "application/json")
    assert error == error | {"type": "invalid_request_error", "param": case.get("param")}
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"]
    assert error["code"]
    assert answer.headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/chat/completions", 405, "method_not_allowed"),
        ("POST", "/v1/models", 405, "method_not_allowed"),
        ("POST", "/v1/embeddings", 404, "http_404"),
        ("GET", "/v1", 404, "http_404"),
        ("GET", "/v1/models/gpt-4o", 404, "model_not_found"),
        ("GET", "/v1//models/gpt-4o/", 404, "model_not_found"),
    ],
)
async def test_a_path_that_is_none_is_refused_in_the_same_shape(
    app: Starlette, sessions: Sessions, method: str, path: str, status: int, code: str
) -> None:
    key = await add_key(sessions, (await add_customer(sessions)).id)
    async with program(app, key) as client:
        answer = await client.request(method, path)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize("bearer", ["", "sk-shopdesk-nothing", "sk-proj-another", "a.b.c"])
@pytest.mark.parametrize("path", ["/v1/models", "/v1/chat/completions", "/v1/responses"])
async def test_nobody_is_answered_without_a_key(app: Starlette, path: str, bearer: str) -> None:
    async with program(app, bearer) as client:
        answer = await (client.get(path) if path == "/v1/models" else client.post(path, json={}))

    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["code"]) == (401, "authentication_error", "invalid_api_key")


async def test_a_message_that_is_too_long_is_refused_with_its_length(app: Starlette, sessions: Sessions) -> None:
    key = await add_key(sessions, (await add_customer(sessions)).id)
    async with program(app, key) as client:
        body = GOOD["chat/completions"] | {"messages": [{"role": "user", "content": "a" * 4_001}]}
        answer = await client.post("/v1/chat/completions", json=body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "string_above_max_length")
    assert "4,001" in answer.json()["error"]["message"]


async def test_a_limit_is_told_with_the_time_to_come_back(settings: Settings, sessions: Sessions) -> None:
    from team.desk.desk import open_desk
    from ui.app import build_app

    strict = settings.model_copy(update={"conversations_per_minute": 1})
    key = await add_key(sessions, (await add_customer(sessions)).id)
    async with open_desk(strict, sessions) as desk, program(build_app(strict, sessions, desk), key) as client:
        hello, other = (GOOD["chat/completions"] | {"messages": [{"role": "user", "content": one}]} for one in "ab")
        await client.post("/v1/chat/completions", json=hello)
        answer = await client.post("/v1/chat/completions", json=other | {"stream": True})

    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["code"]) == (429, "rate_limit_error", "rate_limit_exceeded")
    assert int(answer.headers["retry-after"]) > 0
