"""Visitors over HTTP: a cookie of their own, conversations that are nobody else's, and no pictures."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from starlette.applications import Starlette

from storage.chats.conversations import get_conversation
from storage.db import Sessions
from storage.owners import TheShop
from storage.settings import Settings
from team.desk.desk import open_desk
from tests.conftest import SECRET
from tests.factories import add_image
from tests.ui.test_conversations import EVERY_ROUTE, call
from tests.ui.visitor import add_customer_account, log_in, logged_in, start_conversation, visitor
from ui.app import build_app
from ui.logins.login import COOKIE, VISITOR_COOKIE, login_token
from ui.logins.visits import visitor_token


@asynccontextmanager
async def visiting(app: Starlette) -> AsyncIterator[httpx2.AsyncClient]:
    """Yield the client of somebody who goes on without logging in."""
    async with visitor(app) as client:
        assert (await client.post("/auth/visit")).status_code == 200
        yield client


async def test_a_visit_sets_a_cookie_and_a_second_one_is_by_the_same_visitor(
    app: Starlette, sessions: Sessions
) -> None:
    async with visitor(app) as client:
        allowed = (await client.get("/auth/visit")).json()
        before = await client.get("/auth/me")
        answer = await client.post("/auth/visit")
        me = (await client.get("/auth/me")).json()
        chat = await start_conversation(client)
        await client.post("/auth/visit")
        listed = (await client.get("/api/conversations")).json()["conversations"]

    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(VISITOR_COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert (allowed, before.status_code) == ({"welcome": True}, 401)
    assert me == {"email": "", "name": "", "language": "", "staff": False, "visitor": True}
    assert [one["id"] for one in listed] == [chat]
    async with sessions() as session:
        found = await get_conversation(session, chat, TheShop())
    assert (found.customer_id, found.account_id) == (None, None)
    assert found.visitor_id is not None


@pytest.mark.parametrize(("method", "path", "body"), EVERY_ROUTE)
async def test_another_visitors_conversation_reads_as_one_that_does_not_exist(
    app: Starlette, sessions: Sessions, method: str, path: str, body: dict[str, object] | None
) -> None:
    async with visiting(app) as owner, visiting(app) as stranger, logged_in(app, sessions) as customer:
        theirs = await start_conversation(owner)
        missing = await call(stranger, method, f"c_none{path}", body)
        for other in (stranger, customer):
            foreign = await call(other, method, f"{theirs}{path}", body)
            assert (foreign.status_code, foreign.text) == (404, missing.text.replace("c_none", theirs))

    assert missing.status_code == 404


async def test_logging_in_ends_the_visit(app: Starlette, sessions: Sessions) -> None:
    account = await add_customer_account(sessions)
    async with visiting(app) as client:
        chat = await start_conversation(client)
        await log_in(client, account)
        foreign = await call(client, "GET", chat, None)
        await client.post("/auth/logout")
        after = await client.get("/auth/me")

    assert (foreign.status_code, after.status_code) == (404, 401)


async def test_one_kind_of_cookie_does_not_pass_for_the_other(app: Starlette, sessions: Sessions) -> None:
    account = await add_customer_account(sessions)
    async with visitor(app) as client:
        client.cookies.set(VISITOR_COOKIE, login_token(account, SECRET))
        as_visitor = await client.get("/api/conversations")
        client.cookies.clear()
        client.cookies.set(COOKIE, visitor_token(account.id, SECRET))
        as_account = await client.get("/api/conversations")

    assert (as_visitor.status_code, as_account.status_code) == (401, 401)


async def test_a_visitor_neither_sends_nor_sees_pictures(app: Starlette, sessions: Sessions) -> None:
    image = await add_image(sessions, b"pixels")
    async with visiting(app) as client:
        chat = await start_conversation(client)
        sent = await call(client, "POST", f"{chat}/messages", {"text": "see", "image_ids": [image.id]})
        uploaded = await client.post("/api/images", content=b"pixels")
        seen = await client.get(f"/api/images/{image.id}")

    assert (sent.status_code, sent.json()["code"]) == (403, "pictures_need_login")
    assert (uploaded.status_code, uploaded.json()["code"]) == (403, "pictures_need_login")
    assert seen.status_code == 401


async def test_a_shop_without_visitors_lets_nobody_in(app: Starlette, settings: Settings, sessions: Sessions) -> None:
    closed = settings.model_copy(update={"visitors": False})
    async with visiting(app) as client, open_desk(closed, sessions) as desk:
        cookie = client.cookies[VISITOR_COOKIE]
        async with visitor(build_app(closed, sessions, desk)) as late:
            late.cookies.set(VISITOR_COOKIE, cookie)
            me, begun = await late.get("/auth/me"), await late.post("/auth/visit")
            allowed = (await late.get("/auth/visit")).json()
            started = await late.post("/api/conversations")

    assert allowed == {"welcome": False}
    assert (me.status_code, started.status_code) == (401, 401)
    assert (begun.status_code, begun.json()["code"]) == (403, "visitors_not_welcome")


async def test_new_visitors_from_one_address_are_limited(app: Starlette) -> None:
    answers = []
    for _ in range(61):
        async with visitor(app) as client:
            answers.append((await client.post("/auth/visit")).status_code)

    assert answers == [200] * 60 + [429]
