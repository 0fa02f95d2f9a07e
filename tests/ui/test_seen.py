"""What a model thought is read by the shop's own people, and by no customer: neither live nor in the export."""

import asyncio
import json

import httpx2
import pytest

from storage.db import Sessions
from storage.people.accounts import Account
from storage.settings import Settings
from team.standin.completion import Reply
from team.standin.mind import answer
from team.standin.wire import ChatRequest
from tests.factories import add_account, add_order
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import open_shopfloor
from tests.ui.visitor import start_conversation
from ui.app import build_app
from ui.logins.login import COOKIE, login_token

THOUGHT = "They seem to be in a hurry."


def thinking(asked: ChatRequest) -> Reply:
    return Reply(f"<think>{THOUGHT}</think>How can I help you?") if asked.stream else answer(asked)


async def live(client: httpx2.AsyncClient, chat: str) -> str:
    """All that the stream of one turn says."""
    heard = ""
    async with client.stream("GET", f"/api/conversations/{chat}/events") as response:
        async for line in response.aiter_lines():
            heard += line
            if line == "event: turn_ended":
                return heard
    return heard


@pytest.mark.parametrize("staff", [False, True])
async def test_a_thought_is_for_the_shops_own_people(settings: Settings, sessions: Sessions, staff: bool) -> None:
    order = await add_order(sessions)
    account: Account = await add_account(sessions, customer_id=None if staff else order.customer_id)
    page = listening()
    async with open_shopfloor(settings, sessions, thinking) as floor:
        cookies = {COOKIE: login_token(account, settings.secret)}
        async with (
            serving((build_app(floor.settings, sessions, floor.desk), page)),
            httpx2.AsyncClient(base_url=address(page), cookies=cookies) as client,
        ):
            chat = await start_conversation(client)
            following = asyncio.create_task(live(client, chat))
            await client.post(f"/api/conversations/{chat}/messages", json={"text": "hello"})
            async with asyncio.timeout(10):
                heard = await following
            export = (await client.get(f"/api/conversations/{chat}/export")).json()

    [said] = [one["data"]["text"] for one in export["events"] if one["data"].get("role") == "assistant"]
    assert said == "How can I help you?"
    assert (THOUGHT in heard, THOUGHT in json.dumps(export)) == (staff, staff)
