"""Programs with an API key: whom they act for, and what they cannot do."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from starlette.applications import Starlette

from storage.chats.conversations import Conversation
from storage.db import Sessions, now, writing
from storage.people.api_keys import ApiKey, hash_key, revoke_key
from tests.conftest import SECRET
from tests.factories import add_customer, add_image
from tests.ui.doors.programs import FRONT_HEADER, add_key, program
from tests.ui.visitor import add_customer_account, start_conversation, visitor
from ui.logins.login import COOKIE, login_token


async def test_a_key_of_a_customer_with_an_account_is_that_account(app: Starlette, sessions: Sessions) -> None:
    account = await add_customer_account(sessions, language="ko")
    key = await add_key(sessions, account.customer_id)

    async with program(app, key) as client, visitor(app) as page:
        page.cookies.set(COOKIE, login_token(account, SECRET))
        me = (await client.get("/auth/me")).json()
        begun = await start_conversation(client)
        on_the_page = (await page.get(f"/api/conversations/{begun}")).status_code

    assert me == {"email": account.email, "name": account.name, "language": "ko", "staff": False}
    assert on_the_page == 200
    conversation = await the_conversation(sessions)
    assert (conversation.account_id, conversation.customer_id) == (account.id, account.customer_id)
    assert conversation.key_id == (await the_key(sessions, key)).id


async def test_a_key_of_a_customer_without_an_account_has_conversations_and_pictures_of_its_own(
    app: Starlette, sessions: Sessions
) -> None:
    customer = await add_customer(sessions, first_name="민아", last_name="김", language="ko")
    image = await add_image(sessions, b"pixels", customer_id=customer.id)
    key, other = await add_key(sessions, customer.id), await add_key(sessions, customer.id)

    async with program(app, key) as client, program(app, other) as stranger:
        me = (await client.get("/auth/me")).json()
        begun = await start_conversation(client)
        listed = (await client.get("/api/conversations")).json()["conversations"]
        elsewhere = (await stranger.get(f"/api/conversations/{begun}")).status_code
        picture = (await client.get(f"/api/images/{image.id}")).status_code

    assert me == {"email": customer.email, "name": "김민아", "language": "ko", "staff": False}
    assert ([each["id"] for each in listed], elsewhere, picture) == ([begun], 404, 200)


async def test_a_key_of_staff_is_staff(app: Starlette, sessions: Sessions) -> None:
    image = await add_image(sessions, b"pixels", customer_id=(await add_customer(sessions)).id)

    async with program(app, await add_key(sessions)) as client:
        me = (await client.get("/auth/me")).json()
        begun = await start_conversation(client)
        listed = (await client.get("/api/conversations")).json()["conversations"]
        picture = (await client.get(f"/api/images/{image.id}")).status_code

    assert me == {"email": "", "name": "", "language": "en", "staff": True}
    assert ([each["id"] for each in listed], picture) == ([begun], 200)


async def test_a_revoked_key_is_refused_at_once(app: Starlette, sessions: Sessions) -> None:
    key = await add_key(sessions, (await add_customer(sessions)).id)

    async with program(app, key) as client:
        before = await client.get("/auth/me")
        async with writing(sessions) as session:
            await revoke_key(session, (await the_key(sessions, key)).id)
        after = await client.get("/auth/me")

    assert before.status_code == 200
    assert (after.status_code, after.json()["code"]) == (401, "bad_bearer")
    assert after.headers["www-authenticate"] == "Bearer"


async def test_that_a_key_is_used_is_kept_once_a_minute(app: Starlette, sessions: Sessions) -> None:
    key = await add_key(sessions)

    async with program(app, key) as client:
        await client.get("/auth/me")
        first = (await the_key(sessions, key)).last_used_at
        await client.get("/auth/me")
        second = (await the_key(sessions, key)).last_used_at
        long_ago = now() - timedelta(seconds=61)
        async with writing(sessions) as session:
            await session.execute(update(ApiKey).values(last_used_at=long_ago))
        await client.get("/auth/me")
        third = (await the_key(sessions, key)).last_used_at

    assert first is not None
    assert second == first
    assert third is not None
    assert third > long_ago + timedelta(seconds=60)


async def test_a_key_is_kept_as_a_hash_only(sessions: Sessions) -> None:
    key = await add_key(sessions)

    async with sessions() as session:
        row = (await session.execute(select(ApiKey.__table__))).one()
    assert key.startswith("sk-shopdesk-")
    assert len(key) > 50
    assert key not in map(str, row)
    assert hash_key(key) in row


@pytest.mark.parametrize("path", ["/api/programs", "/api/consent?request=x"])
async def test_a_key_does_not_decide_which_programs_act_for_an_account(
    app: Starlette, sessions: Sessions, path: str
) -> None:
    account = await add_customer_account(sessions)

    async with program(app, await add_key(sessions, account.customer_id)) as client:
        answer = await client.get(path)

    assert (answer.status_code, answer.json()["code"]) == (403, "account_needed")


@pytest.mark.parametrize("named_by", ["id", "email"])
@pytest.mark.parametrize("has_account", [True, False])
async def test_a_trusted_front_acts_for_the_customer_that_its_header_names(
    app: Starlette, sessions: Sessions, named_by: str, has_account: bool
) -> None:
    customer = await add_customer(sessions)
    account = await add_customer_account(sessions) if has_account else None
    customer_id, email = (account.customer_id, account.email) if account else (customer.id, customer.email)
    named = {FRONT_HEADER: str(customer_id) if named_by == "id" else email.upper()}

    async with program(app, await add_key(sessions, front=True), **named) as client:
        me = (await client.get("/auth/me")).json()
        begun = await start_conversation(client)
        listed = (await client.get("/api/conversations")).json()["conversations"]

    assert (me["email"], me["staff"]) == (email, False)
    assert [each["id"] for each in listed] == [begun]
    assert (await the_conversation(sessions)).customer_id == customer_id


async def test_a_front_s_customers_do_not_see_each_other(app: Starlette, sessions: Sessions) -> None:
    one, other = await add_customer(sessions), await add_customer(sessions)
    image = await add_image(sessions, b"pixels", customer_id=one.id)
    front = await add_key(sessions, front=True)

    async with program(app, front, **{FRONT_HEADER: one.id}) as first:
        begun = await start_conversation(first)
    async with program(app, front, **{FRONT_HEADER: other.id}) as second, program(app, front) as nobody:
        answers = [
            (await client.get(path)).status_code
            for client in (second, nobody)
            for path in (f"/api/conversations/{begun}", f"/api/images/{image.id}")
        ]
        listed = [(await client.get("/api/conversations")).json()["conversations"] for client in (second, nobody)]

    assert answers == [404] * 4
    assert listed == [[], []]


async def test_a_front_that_names_nobody_or_a_stranger_is_refused_in_one_line(
    app: Starlette, sessions: Sessions
) -> None:
    front = await add_key(sessions, front=True)

    async with program(app, front) as nobody, program(app, front, **{FRONT_HEADER: "eve@example.com"}) as stranger:
        unnamed = await nobody.post("/api/conversations")
        unknown = await stranger.post("/api/conversations")

    assert (unnamed.status_code, unnamed.json()["code"]) == (400, "nobody_named")
    assert FRONT_HEADER in unnamed.json()["error"]
    assert (unknown.status_code, unknown.json()["code"]) == (403, "customer_unknown")
    assert unknown.json()["error"] == "'eve@example.com' is no customer of this shop. Name one by their id or email."


@pytest.mark.parametrize("of_staff", [True, False])
async def test_only_a_front_s_key_may_name_a_customer(app: Starlette, sessions: Sessions, of_staff: bool) -> None:
    own, other = await add_customer(sessions), await add_customer(sessions)
    key = await add_key(sessions, None if of_staff else own.id)

    async with program(app, key, **{FRONT_HEADER: other.id}) as client:
        await start_conversation(client)

    assert (await the_conversation(sessions)).customer_id == (None if of_staff else own.id)


async def the_key(sessions: Sessions, key: str) -> ApiKey:
    async with sessions() as session:
        return (await session.scalars(select(ApiKey).where(ApiKey.key_hash == hash_key(key)))).one()


async def the_conversation(sessions: Sessions) -> Conversation:
    async with sessions() as session:
        return (await session.scalars(select(Conversation))).one()
