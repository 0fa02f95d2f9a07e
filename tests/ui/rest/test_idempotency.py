"""Idempotency-Key: a request that is sent again is answered the same and not done again."""

import asyncio
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import func, select, update
from starlette.requests import Request
from starlette.responses import Response

from storage.db import Sessions, now, writing
from storage.people.kept_answers import KeptAnswer
from storage.settings import Settings
from storage.shop.tickets import Ticket
from tests.factories import add_order
from tests.postgres import BOTH
from tests.team.faulty import Pair
from tests.ui.rest.served_shop import ServedShop, link_of, open_served_shop

BODY = {"issue_type": "delivery", "description": "It is late.", "priority": "low"}
KEY = {"Idempotency-Key": "6c8b2f0e-1"}


async def tickets(shop: ServedShop) -> int:
    async with shop.sessions() as session:
        return await session.scalar(select(func.count()).select_from(Ticket)) or 0


async def test_without_a_key_each_request_is_done(shop: ServedShop) -> None:
    async with await shop.program() as client:
        first, second = [await client.post("/tickets", json=BODY) for _ in range(2)]

    assert (first.json()["id"] != second.json()["id"], await tickets(shop)) == (True, 2)


async def test_the_same_request_with_the_same_key_is_answered_the_same(shop: ServedShop) -> None:
    async with await shop.program() as client:
        first, second = [await client.post("/tickets", json=BODY, headers=KEY) for _ in range(2)]

    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert await tickets(shop) == 1


@pytest.mark.parametrize("database", BOTH)
async def test_the_same_request_sent_at_once_is_done_once(shop: ServedShop) -> None:
    async with await shop.program() as client:
        all_of_them = await asyncio.gather(*(client.post("/tickets", json=BODY, headers=KEY) for _ in range(8)))

    assert len({(answer.status_code, answer.content) for answer in all_of_them}) == 1
    assert (all_of_them[0].status_code, await tickets(shop)) == (200, 1)


@pytest.mark.parametrize(
    ("path", "body"),
    [("/tickets", {**BODY, "priority": "high"}), ("/tools/tickets/create_ticket", BODY), ("/tickets?x=1", BODY)],
)
async def test_another_request_with_the_same_key_is_refused(shop: ServedShop, path: str, body: dict[str, str]) -> None:
    async with await shop.program() as client:
        await client.post("/tickets", json=BODY, headers=KEY)
        other = await client.post(path, json=body, headers=KEY)

    assert (other.status_code, other.json()["code"], await tickets(shop)) == (422, "key_reused", 1)


async def test_a_key_is_one_persons_own(shop: ServedShop) -> None:
    async with await shop.program() as client, await shop.program(shop.staff) as staff:
        first = await client.post("/tickets", json=BODY, headers=KEY)
        other = await staff.post("/tickets", json=BODY | {"user_id": str(shop.customer.customer_id)}, headers=KEY)

    assert (first.json()["id"] != other.json()["id"], await tickets(shop)) == (True, 2)


async def test_a_refusal_is_kept_and_a_limit_is_not(shop: ServedShop) -> None:
    body = BODY | {"order_id": "W404"}
    async with await shop.program() as client:
        first = await client.post("/tickets", json=body, headers=KEY)
        await add_order(shop.sessions, id="#W404", customer_id=shop.customer.customer_id)
        second = await client.post("/tickets", json=body, headers=KEY)

    assert (first.status_code, second.content, await tickets(shop)) == (404, first.content, 0)


async def test_a_question_is_the_same_one_until_it_is_answered_and_then_what_came_of_it(shop: ServedShop) -> None:
    await add_order(shop.sessions, id="#W1042", customer_id=shop.customer.customer_id)
    path, body = "/orders/W1042/cancel", {"reason": "no longer needed"}

    async with await shop.program() as client, shop.browser() as page:
        first, second = [await client.post(path, json=body, headers=KEY) for _ in range(2)]
        await page.post(link_of(first), json={"yes": True})
        third, fourth = [await client.post(path, json=body, headers=KEY) for _ in range(2)]

    assert first.json() == second.json()
    assert (third.status_code, third.json()["status"], fourth.content) == (200, "done", third.content)


async def test_a_key_is_forgotten_after_a_day(shop: ServedShop) -> None:
    async with await shop.program() as client:
        await client.post("/tickets", json=BODY, headers=KEY)
        async with writing(shop.sessions) as session:
            await session.execute(update(KeptAnswer).values(at=now() - timedelta(hours=24, seconds=1)))
        await client.post("/tickets", json=BODY, headers=KEY)

    assert await tickets(shop) == 2


async def test_a_request_that_ended_without_an_answer_is_not_done_again(shop: ServedShop) -> None:
    async with await shop.program() as client:
        await client.post("/tickets", json=BODY, headers=KEY)
        long_ago = now() - timedelta(seconds=111)
        async with writing(shop.sessions) as session:
            await session.execute(update(KeptAnswer).values(status=None, body=None, at=long_ago))
        answer = await client.post("/tickets", json=BODY, headers=KEY)

    assert (answer.status_code, answer.json()["code"], await tickets(shop)) == (409, "still_answering", 1)


async def test_a_change_whose_outcome_is_unknown_is_said_to_be_so_and_not_tried_again(
    settings: Settings, sessions: Sessions
) -> None:
    pair = Pair()

    async def gone(request: Request) -> Response | None:
        return Response(status_code=500) if (await request.json()).get("method") == "tools/call" else None

    async with open_served_shop(settings, sessions, around=pair.around) as shop, await shop.program() as client:
        await client.get("/tools")
        pair.slices[0].fault = gone
        read = await client.get("/orders")
        first = await client.post("/tickets", json=BODY, headers=KEY)
        pair.slices[0].fault = None
        second = await client.post("/tickets", json=BODY, headers=KEY)

    assert (read.status_code, read.json()["code"]) == (503, "tool_servers_away")
    assert (first.status_code, first.json()["code"]) == (502, "outcome_unknown")
    assert (second.status_code, second.content, await tickets(shop)) == (502, first.content, 0)


async def test_a_kept_answer_outlives_a_restart(shop: ServedShop) -> None:
    async with await shop.program() as client:
        first = await client.post("/tickets", json=BODY, headers=KEY)
        async with open_served_shop(shop.settings, shop.sessions) as restarted:
            url = f"{restarted.settings.public_ui_url}/tickets"
            second = await client.post(url, json=BODY, headers=KEY)

    assert (second.content, await tickets(shop)) == (first.content, 1)


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
async def test_a_key_that_cannot_be_one_is_refused(shop: ServedShop, key: str) -> None:
    async with await shop.program() as client:
        answer: httpx2.Response = await client.post("/tickets", json=BODY, headers={"Idempotency-Key": key})

    assert (answer.status_code, answer.json()["code"], await tickets(shop)) == (400, "bad_key", 0)
