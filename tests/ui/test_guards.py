"""What every request must pass, and what every answer carries."""

from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette

from storage.db import Sessions
from tests.ui.visitor import ADDRESS, logged_in, start_conversation, visitor
from ui.guards import allowed_hosts


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost:3001"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": ADDRESS},
    ],
)
async def test_another_site_cannot_use_the_login_of_its_visitor(
    app: Starlette, sessions: Sessions, headers: dict[str, str]
) -> None:
    async with logged_in(app, sessions) as client:
        answer = await client.post("/api/conversations", headers=headers)
        listed = (await client.get("/api/conversations")).json()["conversations"]

    assert (answer.status_code, answer.json()["code"]) == (403, "other_site")
    assert listed == []


@pytest.mark.parametrize("headers", [{"Origin": ADDRESS}, {"Sec-Fetch-Site": "same-origin"}, {}])
async def test_the_page_itself_and_programs_are_let_through(
    app: Starlette, sessions: Sessions, headers: dict[str, str]
) -> None:
    async with logged_in(app, sessions) as client:
        answer = await client.post("/api/conversations", headers=headers)

    assert answer.status_code == 201


async def test_a_host_that_is_not_this_machine_is_refused(app: Starlette) -> None:
    async with visitor(app) as client:
        answers = [
            await client.get(path, headers={"Host": host})
            for path in ("/", "/.well-known/oauth-authorization-server")
            for host in ("localhost:1", "[::1]:3000", "evil.example")
        ]

    assert [answer.status_code for answer in answers] == [200, 200, 400] * 2


def test_who_listens_on_every_address_answers_to_any_name() -> None:
    assert allowed_hosts("0.0.0.0", ADDRESS) == ["*"]  # noqa: S104 - compared with, not listened on
    assert "shop.example" in allowed_hosts("shop.example", ADDRESS)
    assert "shop.example" in allowed_hosts("127.0.0.1", "https://shop.example")
    assert "*" not in allowed_hosts("127.0.0.1", ADDRESS)


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/auth/me", "/nothing-here"])
async def test_every_answer_forbids_what_the_page_never_does(app: Starlette, path: str) -> None:
    async with visitor(app) as client:
        headers = (await client.get(path)).headers

    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


async def test_a_refused_request_gets_the_strict_headers_too(app: Starlette) -> None:
    async with visitor(app) as client:
        answer = await client.post("/auth/logout", headers={"Origin": "http://evil.example"})

    assert answer.status_code == 403
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_body_that_is_too_large_is_refused_whether_or_not_it_says_its_size(
    app: Starlette, sessions: Sessions
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1024

    async with logged_in(app, sessions) as client:
        path = f"/api/conversations/{await start_conversation(client)}/messages"
        json = {"Content-Type": "application/json"}
        answers = [await client.post(path, content=body, headers=json) for body in (b" " * 70_000, pieces())]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(413, "body_too_large")] * 2


async def test_an_unknown_path_and_method_are_told_as_json(app: Starlette) -> None:
    async with visitor(app) as client:
        missing, wrong = await client.get("/api/nothing"), await client.delete("/api/conversations")

    assert (missing.status_code, missing.json()["code"]) == (404, "http_404")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "http_405")
