"""What a person, and everybody at their address, may do on the page, and what they are told beyond it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from io import BytesIO
from random import Random

import httpx2
import pytest
from PIL import Image
from sqlalchemy import func, select
from starlette.applications import Starlette

from storage.chats.conversations import Conversation
from storage.db import Sessions
from storage.pictures.images import Image as Kept
from storage.process.limits import ConcurrencyLimiter
from storage.settings import Settings
from team.desk.desk import open_desk
from tests.team.shopfloor import MODELS
from tests.ui.visitor import logged_in, start_conversation, visitor
from ui.app import build_app
from ui.limits import COME_BACK_S

Open = Callable[..., AbstractAsyncContextManager[Starlette]]


@pytest.fixture
def page(settings: Settings, sessions: Sessions) -> Open:
    """Open the page with other limits than the usual ones, and with models that never answer."""

    @asynccontextmanager
    async def opened(**limits: int) -> AsyncIterator[Starlette]:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            urls = {"public_mcp_url": url, "model1_base_url": f"{url}/v1", "model2_base_url": f"{url}/v1"}
            changed = settings.model_copy(update={**urls, **limits})
            (settings.shopdesk_home / "models.toml").write_text(MODELS.read_text())
            async with open_desk(changed, sessions) as desk:
                yield build_app(changed, sessions, desk)

    return opened


def noise(seed: int) -> bytes:
    """A picture that no encoder makes small: some 100 KB."""
    file = BytesIO()
    Image.frombytes("RGB", (240, 240), Random(seed).randbytes(240 * 240 * 3)).save(file, "PNG")  # noqa: S311 - pixels
    return file.getvalue()


async def stored(sessions: Sessions, table: type[Conversation] | type[Kept]) -> int:
    async with sessions() as session:
        return (await session.scalars(select(func.count()).select_from(table))).one()


async def metrics(client: httpx2.AsyncClient) -> list[str]:
    return (await client.get("/metrics")).text.splitlines()


async def test_a_visitor_starts_no_thousand_conversations(page: Open, sessions: Sessions) -> None:
    async with page(conversations_per_minute=6) as app, visitor(app) as client:
        await client.post("/auth/visit")
        answers = [await client.post("/api/conversations") for _ in range(10)]
        counted = await metrics(client)

    assert [answer.status_code for answer in answers] == [201] * 6 + [429] * 4
    refused = answers[6].json()
    wait_s = refused["wait_s"]
    told = f"Too many conversations were started. Try again in {wait_s} seconds."
    assert refused == {"error": told, "code": "too_many_conversations", "wait_s": wait_s}
    assert (answers[6].headers["retry-after"], 5 < wait_s <= 10) == (str(wait_s), True)
    assert await stored(sessions, Conversation) == 6
    assert 'shopdesk_limited_total{limit="conversations"} 4.0' in counted


def test_the_limits_leave_room_for_people_unless_they_are_changed(settings: Settings) -> None:
    assert (settings.conversations_per_minute, settings.messages_per_minute, settings.turns_at_once) == (60, 60, 8)


async def test_everybody_at_one_address_has_ten_times_as_much(page: Open, sessions: Sessions) -> None:
    statuses = []
    async with page(conversations_per_minute=2) as app:
        for _ in range(11):
            async with logged_in(app, sessions) as client:
                statuses += [(await client.post("/api/conversations")).status_code for _ in range(2)]

    assert statuses == [201] * 20 + [429] * 2


async def test_a_person_who_sends_message_after_message_is_told_when_to_come_back(
    page: Open, sessions: Sessions
) -> None:
    async with page(messages_per_minute=2, turns_at_once=0) as app, logged_in(app, sessions) as client:
        chats = [await start_conversation(client) for _ in range(3)]
        answers = [
            await client.post(f"/api/conversations/{chat}/messages", json={"text": "Where is my order?"})
            for chat in chats
        ]
        async with logged_in(app, sessions) as other:
            chat = await start_conversation(other)
            theirs = await other.post(f"/api/conversations/{chat}/messages", json={"text": "Where is my order?"})

    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert (answers[2].json()["code"], answers[2].headers["retry-after"]) == ("too_many_messages", "30")
    assert theirs.status_code == 202


async def test_a_person_has_so_many_turns_at_once_and_one_more_when_one_has_ended(
    page: Open, sessions: Sessions
) -> None:
    async with page(turns_at_once=2) as app, logged_in(app, sessions) as client:
        chats = [await start_conversation(client) for _ in range(3)]
        say = {"text": "Where is my order?"}
        answers = [await client.post(f"/api/conversations/{chat}/messages", json=say) for chat in chats]
        await client.post(f"/api/conversations/{chats[0]}/stop")
        async with asyncio.timeout(10):
            await app.state.parts.desk.idle(chats[0])
        after = await client.post(f"/api/conversations/{chats[2]}/messages", json=say)

    assert [answer.status_code for answer in answers] == [202, 202, 429]
    told = "Too many conversations are being answered at once. Try again in 5 seconds."
    assert answers[2].json() == {"error": told, "code": "too_many_turns", "wait_s": COME_BACK_S}
    assert after.status_code == 202


async def test_a_message_that_is_refused_takes_no_place_among_the_turns(page: Open, sessions: Sessions) -> None:
    async with page(turns_at_once=2) as app, logged_in(app, sessions) as client:
        chats = [await start_conversation(client) for _ in range(2)]
        say = {"text": "Where is my order?"}
        answers = [
            await client.post(f"/api/conversations/{chat}/messages", json=say)
            for chat in (chats[0], chats[0], chats[0], chats[1])
        ]

    assert [answer.status_code for answer in answers] == [202, 409, 409, 202]


async def test_pictures_beyond_a_days_share_are_not_kept(page: Open, sessions: Sessions) -> None:
    async with page(picture_mb_per_day=1) as app, logged_in(app, sessions) as client:
        answers = [await client.post("/api/images", content=noise(seed)) for seed in range(20)]
        again = await client.post("/api/images", content=noise(0))
        async with logged_in(app, sessions) as other:
            theirs = await other.post("/api/images", content=noise(0))

    kept = [answer for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code == 429]
    async with sessions() as session:
        sizes = await session.scalars(select(func.length(Kept.content)))
    assert len(kept) + len(refused) == 20
    assert 900_000 < sum(sizes.all()[:-1]) <= 1_000_000
    assert {answer.json()["code"] for answer in refused} == {"pictures_full"}
    assert 86_000 < int(refused[0].headers["retry-after"]) <= 86_401
    assert (again.status_code, theirs.status_code) == (201, 201)


def test_what_was_released_may_be_acquired_again() -> None:
    turns = ConcurrencyLimiter(1)

    taken = [turns.acquire("olivia", "a"), turns.acquire("olivia", "b"), turns.acquire("mina", "a")]
    turns.release("olivia", "a")

    assert taken == [True, False, True]
    assert turns.acquire("olivia", "b")
