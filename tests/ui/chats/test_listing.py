"""A person's conversations: a page at a time, found by their name, renamed, and deleted for good."""

import httpx2
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from storage.chats.conversations import Conversation
from storage.chats.events import Event
from storage.db import Sessions, now, writing
from tests.factories import add_message
from tests.ui.visitor import logged_in, start_conversation

MANY = 53


async def titled(client: httpx2.AsyncClient, title: str) -> str:
    chat = await start_conversation(client)
    answer = await client.patch(f"/api/conversations/{chat}", json={"title": title})
    assert answer.json()["title"] == title
    return chat


async def test_more_than_a_page_of_conversations_is_listed_without_a_gap_or_a_repeat(
    app: Starlette, sessions: Sessions
) -> None:
    async with logged_in(app, sessions) as client:
        started = [await start_conversation(client) for _ in range(MANY)]
        async with writing(sessions) as session:
            moment = now()
            for row in await session.scalars(select(Conversation)):
                # Those of one moment have an order too.
                row.updated_at = moment
        first = (await client.get("/api/conversations")).json()
        rest = (await client.get("/api/conversations", params={"after": first["next_cursor"]})).json()
        wrong = await client.get("/api/conversations", params={"after": "c_nothing"})

    listed = [one["id"] for one in first["conversations"] + rest["conversations"]]
    assert (len(first["conversations"]), len(listed), set(listed)) == (50, MANY, set(started))
    assert "next_cursor" not in rest
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_page")


@pytest.mark.parametrize(
    ("search", "found"), [("lamp", ["A red LAMP", "Lamps"]), ("%", ["50% off"]), ("환불", ["환불 문의"])]
)
async def test_a_search_finds_names_by_a_part_of_them_and_takes_every_sign_as_itself(
    app: Starlette, sessions: Sessions, search: str, found: list[str]
) -> None:
    async with logged_in(app, sessions) as client:
        for title in ("Lamps", "50% off", "환불 문의", "A red LAMP", "Refunds"):
            await titled(client, title)
        answer = await client.get("/api/conversations", params={"search": search})

    assert sorted(one["title"] for one in answer.json()["conversations"]) == found


async def test_a_deleted_conversation_is_gone_with_all_that_was_said_unless_it_is_being_answered(
    app: Starlette, sessions: Sessions
) -> None:
    async with logged_in(app, sessions) as client:
        gone, busy = await start_conversation(client), await start_conversation(client)
        await add_message(sessions, gone, "hello")
        async with writing(sessions) as session:
            row = await session.get(Conversation, busy)
            assert row is not None
            row.lease_holder = "a turn"
        deleted = await client.delete(f"/api/conversations/{gone}")
        again = await client.delete(f"/api/conversations/{gone}")
        refused = await client.delete(f"/api/conversations/{busy}")

    assert (deleted.status_code, again.status_code) == (204, 404)
    assert (refused.status_code, refused.json()["code"]) == (409, "conversation_busy")
    async with sessions() as session:
        assert (await session.scalars(select(Event))).all() == []
        assert (await session.scalars(select(Conversation.id))).all() == [busy]
