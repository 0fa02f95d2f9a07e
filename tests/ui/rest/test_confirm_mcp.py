"""A client that can only call tools asks for a change over MCP, and only its person's click on the page makes it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, Implementation
from sqlalchemy import select, update

from storage.db import now, writing
from storage.owners import Staff
from storage.people.asked_changes import AskedChange
from storage.shop.audit import Answer, Audit
from storage.shop.orders import OrderStatus, get_order
from tests.clients import caller, text_of
from tests.factories import add_account, add_order
from tests.postgres import BOTH
from tests.tools_process import token_of
from tests.ui.rest.served_shop import ServedShop, open_served_shop

ORDER = "#W1042"
CANCEL = {"order_id": ORDER, "reason": "no longer needed"}
PROGRAM = Implementation(name="claude-ai", title="Claude", version="1")


@asynccontextmanager
async def program(shop: ServedShop, whose: str | None = "", *, mode: str = "auto") -> AsyncIterator[Client]:
    """A program that can only call tools: of the shop's customer, of another one, or of staff (None)."""
    who = caller(shop.customer.customer_id if whose == "" else whose)
    headers = {"Authorization": f"Bearer {token_of(shop.settings, who, expires_s=3_600)}"}
    url = f"{shop.settings.public_mcp_url}/mcp"
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode, client_info=PROGRAM) as client,
    ):
        yield client


async def ordered(shop: ServedShop) -> None:
    """The customer's pending order."""
    await add_order(shop.sessions, id=ORDER, customer_id=shop.customer.customer_id, status=OrderStatus.PENDING)


async def asked(client: Client, order: str = ORDER) -> dict[str, Any]:
    """What the client is told when it asks to cancel the order."""
    result = await client.call_tool("cancel_order", CANCEL | {"order_id": order})
    assert not result.is_error, text_of(result)
    return dict(result.structured_content or {})


def path_of(told: dict[str, Any]) -> str:
    """The question's path on the page."""
    return httpx2.URL(told["confirm_url"]).path


async def audits(shop: ServedShop) -> list[tuple[Answer, str | None, str | None, str | None, str]]:
    """Who answered what, where and how, and for whom."""
    async with shop.sessions() as session:
        rows = (await session.scalars(select(Audit).order_by(Audit.at))).all()
    return [(row.answer, row.answered_by, row.answered_where, row.answered_how, row.caller) for row in rows]


async def status_of(shop: ServedShop) -> OrderStatus:
    async with shop.sessions() as session:
        return (await get_order(session, ORDER, Staff())).status


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("database", BOTH)
async def test_a_call_gives_facts_and_a_link_and_the_click_there_writes_once(shop: ServedShop, mode: str) -> None:
    await ordered(shop)
    async with program(shop, mode=mode) as client, shop.browser() as page:
        [tool] = [tool for tool in (await client.list_tools()).tools if tool.name == "cancel_order"]
        first, again = await asked(client), await asked(client)
        path = path_of(first)
        shown = (await page.get(f"/api{path}")).json()
        opened = [await page.get(path), await page.head(path), await page.get(f"/api{path}/now")]
        before = (await status_of(shop), await audits(shop))
        clicks = await asyncio.gather(*(page.post(path, json={"yes": True}) for _ in range(4)))
        told = await asked(client)
        anew = await client.call_tool("cancel_order", CANCEL)

    assert set(tool.input_schema["properties"]) == {"order_id", "reason"}
    assert (first["status"], first["summary"].partition(" (")[0]) == ("needs_confirmation", f"Cancel order {ORDER}")
    assert first["confirm_url"].startswith(f"{shop.settings.public_ui_url}/confirm/")
    assert again == first
    assert (shown["text"], shown["program"], shown["status"]) == (first["summary"], "Claude", "open")
    assert [answer.status_code for answer in opened] == [200, 200, 200]
    assert opened[2].json()["order"]["order_id"] == ORDER
    assert before == (OrderStatus.PENDING, [])
    assert {(answer.status_code, answer.text) for answer in clicks} == {(200, clicks[0].text)}
    assert (told["status"], told["summary"]) == ("done", clicks[0].json()["summary"])
    assert (anew.is_error, text_of(anew).partition(";")[0]) == (True, f"Order {ORDER} is cancelled")
    assert await status_of(shop) is OrderStatus.CANCELLED
    assert await audits(shop) == [(Answer.YES, shop.customer.id, "page", "link", shop.customer.customer_id)]


async def test_the_same_call_with_its_order_spelled_otherwise_has_the_same_link_and_learns_what_came_of_it(
    shop: ServedShop,
) -> None:
    await ordered(shop)
    # Which is another order, however alike.
    await add_order(shop.sessions, id="#W10-42", customer_id=shop.customer.customer_id, status=OrderStatus.PENDING)
    async with program(shop) as client, shop.browser() as page:
        path = path_of(await asked(client))
        again = path_of(await asked(client, " w1042"))
        other = path_of(await asked(client, "#W10-42"))
        yes = await page.post(path, json={"yes": True})
        told = await asked(client, "＃Ｗ１０４２")

    assert (again, other == path) == (path, False)
    assert (told["status"], told["summary"]) == ("done", yes.json()["summary"])
    assert await status_of(shop) is OrderStatus.CANCELLED
    assert len(await audits(shop)) == 1


async def test_a_no_is_told_once_and_nothing_is_changed(shop: ServedShop) -> None:
    await ordered(shop)
    async with program(shop) as client, shop.browser() as page:
        path = path_of(await asked(client))
        no = await page.post(path, json={"yes": False})
        told = await client.call_tool("cancel_order", CANCEL)
        anew = path_of(await asked(client))

    assert (no.status_code, no.json()["status"]) == (200, "declined")
    assert (told.is_error, text_of(told).startswith("The person said no; nothing was changed.")) == (True, True)
    assert anew != path
    assert await status_of(shop) is OrderStatus.PENDING
    assert await audits(shop) == [(Answer.NO, shop.customer.id, "page", "link", shop.customer.customer_id)]


async def test_nobody_but_the_person_of_the_call_sees_or_answers_its_question(shop: ServedShop) -> None:
    await ordered(shop)
    stranger = (await add_order(shop.sessions)).customer_id
    other = await add_account(shop.sessions, customer_id=stranger)

    async with program(shop) as client, program(shop, None) as of_staff, shop.browser() as page:
        mine, staffs = path_of(await asked(client)), path_of(await asked(of_staff))
        told = []
        for account, path in ((other, mine), (shop.staff, mine), (other, staffs), (shop.customer, staffs)):
            async with shop.browser(account) as browser:
                told += [
                    await browser.get(f"/api{path}"),
                    await browser.get(f"/api{path}/now"),
                    await browser.post(path, json={"yes": True}),
                ]
        missing = await page.get("/api/confirm/none")
        async with shop.browser(shop.staff) as staff:
            whose = (await staff.get(f"/api{staffs}/now")).json()["customer"]
            done = await staff.post(staffs, json={"yes": True})

    assert mine != staffs
    assert {(answer.status_code, answer.text) for answer in told} == {(404, missing.text)}
    assert whose.endswith(f"({shop.customer.email})")
    assert (done.status_code, done.json()["status"]) == (200, "done")
    assert await audits(shop) == [(Answer.YES, shop.staff.id, "page", "link", "staff")]


async def test_a_fact_that_changed_is_asked_anew_and_the_old_yes_writes_nothing(shop: ServedShop) -> None:
    await ordered(shop)
    async with program(shop) as client, shop.browser() as page:
        path = path_of(await asked(client))
        async with writing(shop.sessions) as session:
            (await get_order(session, ORDER, Staff())).payments[0].amount += 100
        stale = await page.post(path, json={"yes": True})
        new = httpx2.URL(stale.json()["confirm_url"]).path
        again = await asked(client)
        unchanged = (await status_of(shop), await audits(shop))
        done = await page.post(new, json={"yes": True})

    assert (stale.status_code, stale.json()["code"]) == (409, "facts_changed")
    assert (path_of(again), new != path) == (new, True)
    assert unchanged == (OrderStatus.PENDING, [])
    assert (done.status_code, await status_of(shop)) == (200, OrderStatus.CANCELLED)


async def test_a_yes_whose_page_was_killed_is_carried_out_by_the_clients_next_call(shop: ServedShop) -> None:
    await ordered(shop)
    async with program(shop) as client, shop.browser() as page:
        path = path_of(await asked(client))
        async with writing(shop.sessions) as session:
            said = {"answer": Answer.YES, "answered_at": now(), "answered_by": shop.customer.id}
            await session.execute(update(AskedChange).values(**said))
        both = await asyncio.gather(asked(client), page.post(path, json={"yes": True}))

    assert (both[0]["status"], both[1].json()["status"]) == ("done", "done")
    assert await audits(shop) == [(Answer.YES, shop.customer.id, "page", "link", shop.customer.customer_id)]


async def test_a_question_outlives_both_processes(shop: ServedShop) -> None:
    await ordered(shop)
    async with program(shop) as client:
        path = path_of(await asked(client))
    async with open_served_shop(shop.settings, shop.sessions) as restarted:
        async with restarted.browser(shop.customer) as page:
            done = await page.post(path, json={"yes": True})
        again = ServedShop(restarted.settings, shop.sessions, shop.customer, shop.staff)
        async with program(again) as client:
            told = await asked(client)

    assert (done.status_code, told["status"]) == (200, "done")
    assert await status_of(shop) is OrderStatus.CANCELLED


async def test_an_expired_question_is_said_to_be_and_asked_anew(shop: ServedShop) -> None:
    await ordered(shop)
    async with program(shop) as client, shop.browser() as page:
        path = path_of(await asked(client))
        async with writing(shop.sessions) as session:
            await session.execute(update(AskedChange).values(expires_at=now() - timedelta(seconds=1)))
        late = await page.post(path, json={"yes": True})
        anew = await asked(client)

    assert (late.status_code, late.json()["code"]) == (410, "question_expired")
    assert anew["next_step"].startswith("The earlier question was not answered in time; nothing was changed.")
    assert path_of(anew) != path
    assert await audits(shop) == []


@pytest.mark.parametrize("meta", [{"shopdesk/asked": "{id}"}, {"shopdesk/asked": "none"}, {"shopdesk/link": "x"}])
async def test_nothing_that_a_client_can_send_is_a_yes(shop: ServedShop, meta: dict[str, str]) -> None:
    await ordered(shop)
    async with program(shop) as client:
        path = path_of(await asked(client))
        sent = {name: value.format(id=path.rpartition("/")[2]) for name, value in meta.items()}
        answers: list[CallToolResult] = [
            await client.call_tool("cancel_order", CANCEL | more, meta=sent)  # type: ignore[arg-type]
            for more in ({}, {"confirm_token": "x"}, {"confirm": True}, {"yes": True}, {"confirm_url": path})
        ]

    assert {(answer.structured_content or {}).get("status", "refused") for answer in answers} <= {
        "needs_confirmation",
        "refused",
    }
    assert (await status_of(shop), await audits(shop)) == (OrderStatus.PENDING, [])
