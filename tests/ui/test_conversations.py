"""Conversations over HTTP: whose they are, what a message may be, what is refused and how."""

from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from storage.chats.conversations import get_conversation
from storage.chats.leases import take_lease
from storage.db import Sessions, writing
from storage.owners import TheShop
from tests.factories import add_image, add_message
from tests.ui.visitor import logged_in, start_conversation

EVERY_ROUTE = [
    ("GET", "", None),
    ("GET", "/events", None),
    ("GET", "/export", None),
    ("POST", "/messages", {"text": "Where is my order?"}),
    ("POST", "/confirmations/q_1", {"yes": True}),
    ("POST", "/stop", None),
]


async def call(client: httpx2.AsyncClient, method: str, path: str, body: dict[str, Any] | None) -> httpx2.Response:
    return await client.request(method, f"/api/conversations/{path}", json=body)


async def test_conversations_are_listed_with_the_one_used_last_first(app: Starlette, sessions: Sessions) -> None:
    async with logged_in(app, sessions) as client, logged_in(app, sessions) as other:
        first, second = await start_conversation(client), await start_conversation(client)
        await start_conversation(other)
        listed = (await client.get("/api/conversations")).json()["conversations"]

    assert [conversation["id"] for conversation in listed] == [second, first]


@pytest.mark.parametrize(("method", "path", "body"), EVERY_ROUTE)
async def test_another_accounts_conversation_reads_as_one_that_does_not_exist(
    app: Starlette, sessions: Sessions, method: str, path: str, body: dict[str, Any] | None
) -> None:
    async with logged_in(app, sessions) as owner, logged_in(app, sessions) as stranger:
        theirs = await start_conversation(owner)
        foreign = await call(stranger, method, f"{theirs}{path}", body)
        missing = await call(stranger, method, f"c_none{path}", body)

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.text.replace(theirs, "c_none") == missing.text
    assert missing.json() == {"error": "No conversation c_none was found.", "code": "conversation_not_found"}


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"text": "a" * 4001}, "text: String should have at most 4000 characters."),
        ({"text": "   "}, "body: write something, or send a picture."),
        ({}, "text: Field required."),
        ({"text": 5}, "text: Input should be a valid string."),
        ({"text": "hello", "image_ids": ["i"] * 5}, "image_ids: List should have at most 4 items after validation"),
        ({"text": "hello", "customer_id": "someone"}, "customer_id: Extra inputs are not permitted."),
    ],
)
async def test_a_message_of_another_shape_is_refused_in_one_line(
    app: Starlette, sessions: Sessions, body: dict[str, Any], problem: str
) -> None:
    async with logged_in(app, sessions) as client:
        answer = await call(client, "POST", f"{await start_conversation(client)}/messages", body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_body"
    assert answer.json()["error"].startswith(problem)
    assert "\n" not in answer.json()["error"]


async def test_a_message_that_is_not_json_is_refused(app: Starlette, sessions: Sessions) -> None:
    async with logged_in(app, sessions) as client:
        path = f"/api/conversations/{await start_conversation(client)}/messages"
        form = await client.post(path, data={"text": "hello"})
        broken = await client.post(path, content=b"{", headers={"Content-Type": "application/json"})

    assert (form.status_code, form.json()["code"]) == (415, "not_json")
    assert (broken.status_code, broken.json()["code"]) == (400, "bad_body")


async def test_a_picture_of_another_customer_cannot_be_sent_along(app: Starlette, sessions: Sessions) -> None:
    image = await add_image(sessions, b"pixels")

    async with logged_in(app, sessions) as client:
        chat = await start_conversation(client)
        answer = await call(client, "POST", f"{chat}/messages", {"text": "see", "image_ids": [image.id]})
        events = (await call(client, "GET", f"{chat}/export", None)).json()["events"]

    assert (answer.status_code, answer.json()["code"]) == (404, "image_not_found")
    assert events == []


async def test_a_second_message_is_refused_while_one_is_answered(app: Starlette, sessions: Sessions) -> None:
    async with logged_in(app, sessions) as client:
        chat = await start_conversation(client)
        async with writing(sessions) as session:
            take_lease(await get_conversation(session, chat, TheShop(), lock=True))
        answer = await call(client, "POST", f"{chat}/messages", {"text": "hello"})

    assert (answer.status_code, answer.json()["code"]) == (409, "conversation_busy")


async def test_a_question_that_is_not_open_cannot_be_answered(app: Starlette, sessions: Sessions) -> None:
    async with logged_in(app, sessions) as client:
        chat = await start_conversation(client)
        unknown = await call(client, "POST", f"{chat}/confirmations/q_none", {"yes": True})
        unclear = await call(client, "POST", f"{chat}/confirmations/q_none", {"yes": "yes"})

    assert (unknown.status_code, unknown.json()["code"]) == (404, "no_such_question")
    assert (unclear.status_code, unclear.json()["error"]) == (400, "yes: Input should be a valid boolean.")
    async with sessions() as session:
        assert (await get_conversation(session, chat, TheShop())).lease_holder is None


async def test_stopping_where_nothing_runs_says_so(app: Starlette, sessions: Sessions) -> None:
    async with logged_in(app, sessions) as client:
        answer = await call(client, "POST", f"{await start_conversation(client)}/stop", None)

    assert (answer.status_code, answer.json()) == (200, {"stopped": False})


async def test_an_export_is_a_file_with_every_stored_step(app: Starlette, sessions: Sessions) -> None:
    async with logged_in(app, sessions) as client:
        chat = await start_conversation(client)
        await add_message(sessions, chat, "제 주문 어디쯤 왔나요?")
        answer = await call(client, "GET", f"{chat}/export", None)

    assert answer.headers["content-disposition"] == f'attachment; filename="conversation-{chat}.json"'
    exported = answer.json()
    assert exported["conversation"]["id"] == chat
    [event] = exported["events"]
    data = {"role": "customer", "text": "제 주문 어디쯤 왔나요?", "image_ids": []}
    assert (event["seq"], event["kind"], event["data"]) == (1, "message", data)
