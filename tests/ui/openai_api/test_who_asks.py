"""Whose conversation it is: the key's, or the customer's for whom a trusted front speaks."""

import asyncio

import httpx2
import pytest

from storage.db import Sessions
from storage.settings import Settings
from storage.shop.orders import OrderStatus
from tests.factories import add_customer, add_order
from tests.team.faulty import Pair, hang
from tests.ui.doors.programs import FRONT_HEADER, add_key
from tests.ui.openai_api.door import CANCEL, ORDER, WHERE, ask, open_door, said, user

OTHER, OTHERS = "#W7777", "Where is my order #W7777?"


async def test_a_front_speaks_for_the_customer_that_its_header_names(settings: Settings, sessions: Sessions) -> None:
    other = await add_customer(sessions, email="other@example.com")
    await add_order(sessions, id=OTHER, customer_id=other.id)
    front = await add_key(sessions, front=True)
    async with open_door(settings, sessions) as door:
        theirs = await door.client(front, **{FRONT_HEADER: "other@example.com"})
        own = await door.client(front)
        seen, hidden = await ask(theirs, [user(OTHERS)]), await ask(theirs, [user(WHERE)])
        question = await ask(own, [user(CANCEL)], user=door.customer_id)
        done = await ask(own, [user(CANCEL), said(question), user("yes")], user=door.customer_id)

        assert "is being prepared" in seen
        assert "is being prepared" not in hidden
        assert done.startswith(f"Order {ORDER} is cancelled.")
        assert await door.status() is OrderStatus.CANCELLED


async def test_customers_of_one_front_do_not_share_a_chat_whatever_its_id(
    settings: Settings, sessions: Sessions
) -> None:
    await add_customer(sessions, email="other@example.com")
    front = await add_key(sessions, front=True)
    async with open_door(settings, sessions) as door:
        chat = {"X-OpenWebUI-Chat-Id": "shared"}
        own = await door.client(front, **chat)
        other = await door.client(front, **chat, **{FRONT_HEADER: "other@example.com"})
        question = await ask(own, [user(CANCEL)], user=door.customer_id)
        answer = await ask(other, [user(CANCEL), said(question), user("yes")])

        assert "is cancelled" not in answer
        assert await door.status() is OrderStatus.PENDING


async def test_a_front_that_names_nobody_is_refused_and_lists_the_model(settings: Settings, sessions: Sessions) -> None:
    front = await add_key(sessions, front=True)
    async with open_door(settings, sessions) as door:
        http = await door.http(front)
        listed = await http.get("/v1/models")
        refused = await http.post("/v1/chat/completions", json={"model": "shopdesk", "messages": [user(WHERE)]})

    assert [model["id"] for model in listed.json()["data"]] == ["shopdesk"]
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "nobody_named")


async def test_whom_another_key_names_means_nothing(settings: Settings, sessions: Sessions) -> None:
    other = await add_customer(sessions, email="other@example.com")
    await add_order(sessions, id=OTHER, customer_id=other.id)
    async with open_door(settings, sessions) as door:
        client = await door.client(**{FRONT_HEADER: "other@example.com"})
        hidden = await ask(client, [user(OTHERS)], user=other.id)
        seen = await ask(client, [user(WHERE)], user=other.id)

        assert "is being prepared" not in hidden
        assert "is being prepared" in seen


async def test_staff_ask_the_team_about_any_order(settings: Settings, sessions: Sessions) -> None:
    async with open_door(settings, sessions) as door:
        answer = await ask(await door.client(await door.staff()), [user(f"Where is order {ORDER}?")])

        assert "is being prepared" in answer


async def test_another_message_while_one_is_answered_is_refused_until_that_has_ended(
    settings: Settings, sessions: Sessions
) -> None:
    pair, chat = Pair(), {"X-OpenWebUI-Chat-Id": "chat-1"}
    async with open_door(settings, sessions, around=pair.around) as door:
        http = await door.http(**chat)
        body = {"model": "shopdesk", "messages": [user(WHERE)]}
        pair.slices[2].fault = hang
        first = asyncio.create_task(http.post("/v1/chat/completions", json=body))
        async with asyncio.timeout(5):
            refused = await _refused(http, body | {"messages": [user(WHERE), said("…"), user(CANCEL)]})
        first.cancel()

    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "conversation_busy")
    assert refused.headers["content-type"] == "application/json"


async def _refused(http: httpx2.AsyncClient, body: dict[str, object]) -> httpx2.Response:
    """Send a streamed request once the other one has begun."""
    await asyncio.sleep(1)
    return await http.post("/v1/chat/completions", json={**body, "stream": True})


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses"])
async def test_a_visitors_cookie_is_enough_to_ask_and_not_for_a_picture(
    settings: Settings, sessions: Sessions, path: str
) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}}
    async with open_door(settings, sessions) as door, httpx2.AsyncClient(base_url=door.url, timeout=30) as http:
        await http.post("/auth/visit")
        asked = {"model": "shopdesk", "messages": [user("hello")], "input": "hello"}
        shown = [{"role": "user", "content": [picture]}]
        answer = await http.post(path, json=asked)
        refused = await http.post(path, json=asked | {"messages": shown, "input": shown})

    assert answer.status_code == 200
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "pictures_need_login")
