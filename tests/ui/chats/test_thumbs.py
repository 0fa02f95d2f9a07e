"""Thumbs: kept for an answer, changed, taken back, told in the export, and for nothing but an answer."""

import pytest
from starlette.applications import Starlette

from storage.db import Sessions
from tests.factories import add_message
from tests.ui.visitor import logged_in, start_conversation


async def test_a_thumb_is_kept_changed_taken_back_and_exported(app: Starlette, sessions: Sessions) -> None:
    told = []
    async with logged_in(app, sessions) as client:
        chat = await start_conversation(client)
        await add_message(sessions, chat, "hello")
        await add_message(sessions, chat, "How can I help?", role="assistant")
        for up in (True, False, None):
            kept = await client.put(f"/api/conversations/{chat}/thumbs/2", json={"up": up})
            shown = (await client.get(f"/api/conversations/{chat}/thumbs")).json()["thumbs"]
            export = (await client.get(f"/api/conversations/{chat}/export")).json()["events"]
            told.append((kept.status_code, shown, [event.get("thumb") for event in export]))

    assert told == [(204, {"2": "up"}, [None, "up"]), (204, {"2": "down"}, [None, "down"]), (204, {}, [None, None])]


@pytest.mark.parametrize("seq", ["1", "3", "x", "-1", "9" * 30])
async def test_only_an_answer_has_a_thumb(app: Starlette, sessions: Sessions, seq: str) -> None:
    async with logged_in(app, sessions) as client:
        chat = await start_conversation(client)
        await add_message(sessions, chat, "hello")
        await add_message(sessions, chat, "How can I help?", role="assistant")
        refused = await client.put(f"/api/conversations/{chat}/thumbs/{seq}", json={"up": True})

    assert (refused.status_code, refused.json()["code"]) == (404, "answer_not_found")
