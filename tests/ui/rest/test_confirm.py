"""A program asks for a change, and only its person's click on the page makes it, once."""

import asyncio
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import func, select, update

from storage.db import now, writing
from storage.owners import Staff
from storage.people.accounts import Account
from storage.people.asked_changes import AskedChange
from storage.shop.audit import Answer, Audit
from storage.shop.orders import OrderStatus, get_order
from tests.factories import add_account, add_order
from tests.postgres import BOTH
from tests.ui.rest.served_shop import ServedShop, link_of, open_served_shop

ORDER = "#W1042"
CANCEL = {"order_id": ORDER, "reason": "no longer needed"}
CALL = "/tools/orders/cancel_order"


async def asked(shop: ServedShop, client: httpx2.AsyncClient) -> str:
    """Ask to cancel an order of the customer; return the question's path."""
    await add_order(shop.sessions, id=ORDER, customer_id=shop.customer.customer_id)
    return link_of(await client.post(CALL, json=CANCEL))


async def result_for(shop: ServedShop, account: Account, path: str) -> httpx2.Response:
    """What a program of this account is told of a question."""
    async with await shop.program(account) as client:
        return await client.get(f"{path}/result")


async def status_of(shop: ServedShop) -> tuple[str, int]:
    """The order's status, and how many rows the audit has."""
    async with shop.sessions() as session:
        rows = await session.scalar(select(func.count()).select_from(Audit))
        return (await get_order(session, ORDER, Staff())).status.value, rows or 0


async def test_a_write_tells_the_facts_and_a_link_and_changes_nothing(shop: ServedShop) -> None:
    await add_order(shop.sessions, id=ORDER, customer_id=shop.customer.customer_id)

    async with await shop.program() as client:
        answer = await client.post(CALL, json=CANCEL)

    told = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == told["result_url"] == f"{told['confirm_url']}/result"
    assert told["confirm_url"].startswith(f"{shop.settings.public_ui_url}/confirm/")
    assert (told["status"], told["tool"], told["arguments"]) == ("needs_confirmation", "orders.cancel_order", CANCEL)
    assert told["summary"].startswith(f"Cancel order {ORDER}")
    assert await status_of(shop) == ("pending", 0)


async def test_opening_the_link_changes_nothing_and_the_click_writes_once(shop: ServedShop) -> None:
    async with await shop.program() as client, shop.browser() as page:
        path = await asked(shop, client)
        opened = [await page.get(path), await page.head(path), await page.get(f"/api{path}")]
        before = await status_of(shop)
        first = await page.post(path, json={"yes": True})
        again = await page.post(path, json={"yes": True})

    assert [answer.status_code for answer in opened] == [200, 200, 200]
    assert opened[2].json()["text"].startswith(f"Cancel order {ORDER}")
    assert before == ("pending", 0)
    assert (first.status_code, first.json()["status"]) == (200, "done")
    assert again.json() == first.json()
    assert await status_of(shop) == ("cancelled", 1)


@pytest.mark.parametrize("database", BOTH)
async def test_two_clicks_at_once_write_once(shop: ServedShop) -> None:
    async with await shop.program() as client, shop.browser() as page:
        path = await asked(shop, client)
        both = await asyncio.gather(*(page.post(path, json={"yes": True}) for _ in range(4)))

    assert {(answer.status_code, answer.text) for answer in both} == {(200, both[0].text)}
    assert await status_of(shop) == ("cancelled", 1)


async def test_a_no_changes_nothing_is_kept_and_cannot_become_a_yes(shop: ServedShop) -> None:
    async with await shop.program() as client, shop.browser() as page:
        path = await asked(shop, client)
        no = await page.post(path, json={"yes": False})
        then_yes = await page.post(path, json={"yes": True})
        told = await client.post(CALL, json=CANCEL)
        result = (await client.get(f"{path}/result")).json()

    assert (no.status_code, no.json()["status"]) == (200, "declined")
    assert (then_yes.status_code, then_yes.json()["code"]) == (409, "otherwise_answered")
    assert (told.status_code, told.json()["code"], result["status"]) == (409, "declined", "declined")
    assert await status_of(shop) == ("pending", 1)
    async with shop.sessions() as session:
        [row] = (await session.scalars(select(Audit))).all()
    assert row.answer is Answer.NO


async def test_the_same_call_gives_the_same_link_and_after_the_yes_what_came_of_it(shop: ServedShop) -> None:
    async with await shop.program() as client, shop.browser() as page:
        path = await asked(shop, client)
        same = await client.post(CALL, json=CANCEL)
        waiting = (await client.get(f"{path}/result")).json()
        done = (await page.post(path, json={"yes": True})).json()
        told = await client.post(CALL, json=CANCEL)
        after = (await client.get(f"{path}/result")).json()
        anew = await client.post(CALL, json=CANCEL)

    assert link_of(same) == path
    assert (waiting["status"], httpx2.URL(waiting["confirm_url"]).path) == ("open", path)
    assert (told.status_code, told.json()) == (200, done)
    assert (after["status"], after["outcome"]) == ("done", done)
    assert (anew.status_code, anew.json()["code"]) == (409, "not_cancellable")
    assert await status_of(shop) == ("cancelled", 1)


async def test_another_persons_link_reads_as_one_that_does_not_exist(shop: ServedShop) -> None:
    stranger = (await add_order(shop.sessions)).customer_id
    other = await add_account(shop.sessions, customer_id=stranger)

    async with await shop.program() as client, shop.browser(other) as page, shop.browser(shop.staff) as staff:
        path = await asked(shop, client)
        got = [
            (await browser.get(f"/api{path}"), await browser.post(path, json={"yes": True}))
            for browser in (page, staff)
        ]
        missing = (await page.get("/api/confirm/none"), await page.post("/confirm/none", json={"yes": True}))
        foreign = [await result_for(shop, one, path) for one in (other, shop.staff)]

    assert {answer.text for pair in (*got, missing) for answer in pair} == {missing[0].text}
    assert {answer.status_code for pair in (*got, missing) for answer in pair} == {404}
    assert [(answer.status_code, answer.text) for answer in foreign] == [(404, missing[0].text)] * 2
    assert await status_of(shop) == ("pending", 0)


async def test_what_staff_ask_for_is_answered_by_staff_and_not_by_the_customer(shop: ServedShop) -> None:
    async with await shop.program(shop.staff) as client, shop.browser() as page, shop.browser(shop.staff) as staff:
        path = await asked(shop, client)
        by_customer = await page.post(path, json={"yes": True})
        by_staff = await staff.post(path, json={"yes": True})

    assert (by_customer.status_code, by_staff.status_code) == (404, 200)
    assert await status_of(shop) == ("cancelled", 1)


async def test_no_program_can_say_yes(shop: ServedShop) -> None:
    async with await shop.program() as client, shop.browser() as page, shop.nobody() as nobody:
        path = await asked(shop, client)
        login = {"email": shop.customer.email, "password": "demo-pass"}
        token = (await page.post("/auth/login", json=login)).json()["access_token"]
        by_key = await client.post(path, json={"yes": True})
        by_token = await nobody.post(path, json={"yes": True}, headers={"Authorization": f"Bearer {token}"})
        mixed = await page.post(path, json={"yes": True}, headers={"Authorization": f"Bearer {token}"})
        by_nobody = await nobody.post(path, json={"yes": True})
        in_chat = await client.post("/api/conversations/c_1/confirmations/q_1", json={"yes": True})

    got = [(answer.status_code, answer.json()["code"]) for answer in (by_key, by_token, mixed, by_nobody, in_chat)]
    assert got == [(403, "person_needed")] * 3 + [(401, "not_logged_in"), (403, "person_needed")]
    assert await status_of(shop) == ("pending", 0)


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"Origin": "https://evil.example", "Content-Type": "application/json"}, b'{"yes": true}', 403),
        ({"Sec-Fetch-Site": "cross-site", "Content-Type": "application/json"}, b'{"yes": true}', 403),
        ({"Sec-Fetch-Site": "same-site", "Content-Type": "application/json"}, b'{"yes": true}', 403),
        ({"Content-Type": "text/plain"}, b'{"yes": true}', 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"yes=true", 415),
        ({"Content-Type": "application/json"}, b'{"yes": 1}', 400),
        ({"Content-Type": "application/json"}, b'{"yes": "true"}', 400),
        ({"Content-Type": "application/json"}, b'{"yes": null}', 400),
        ({"Content-Type": "application/json"}, b"", 400),
    ],
)
async def test_another_sites_page_and_an_unclear_yes_change_nothing(
    shop: ServedShop, headers: dict[str, str], content: bytes, status: int
) -> None:
    async with await shop.program() as client, shop.browser() as page:
        path = await asked(shop, client)
        answer = await page.post(path, content=content, headers=headers)

    assert answer.status_code == status, answer.text
    assert await status_of(shop) == ("pending", 0)


async def test_a_question_expires(shop: ServedShop) -> None:
    async with await shop.program() as client, shop.browser() as page:
        path = await asked(shop, client)
        async with writing(shop.sessions) as session:
            await session.execute(update(AskedChange).values(expires_at=now() - timedelta(seconds=1)))
        late = await page.post(path, json={"yes": True})
        shown = (await page.get(f"/api{path}")).json()["status"]
        result = (await client.get(f"{path}/result")).json()["status"]
        anew = link_of(await client.post(CALL, json=CANCEL))

    assert (late.status_code, late.json()["code"]) == (410, "question_expired")
    assert (shown, result, anew != path) == ("expired", "expired", True)
    assert await status_of(shop) == ("pending", 0)


async def test_facts_that_changed_are_asked_about_again(shop: ServedShop) -> None:
    async with await shop.program() as client, shop.browser() as page:
        path = await asked(shop, client)
        async with writing(shop.sessions) as session:
            order = await get_order(session, ORDER, Staff())
            order.payments[0].amount += 100
        first = await page.post(path, json={"yes": True})
        new = httpx2.URL(first.json()["confirm_url"]).path
        unchanged = await status_of(shop)
        second = await page.post(new, json={"yes": True})

    assert (first.status_code, first.json()["code"]) == (409, "facts_changed")
    assert (unchanged, new != path) == (("pending", 0), True)
    assert (second.status_code, await status_of(shop)) == (200, ("cancelled", 1))


async def test_a_rule_that_refuses_by_then_is_told_to_the_person_and_the_program(shop: ServedShop) -> None:
    async with await shop.program() as client, shop.browser() as page:
        path = await asked(shop, client)
        async with writing(shop.sessions) as session:
            (await get_order(session, ORDER, Staff())).status = OrderStatus.PROCESSED
        refused = await page.post(path, json={"yes": True})
        result = (await client.get(f"{path}/result")).json()

    assert (refused.status_code, refused.json()["code"]) == (409, "not_cancellable")
    assert (result["status"], result["outcome"]) == ("failed", refused.json())
    assert await status_of(shop) == ("processed", 0)


async def test_a_yes_whose_process_ended_before_the_write_is_carried_out_when_somebody_looks_next(
    shop: ServedShop,
) -> None:
    async with await shop.program() as client, shop.browser() as page:
        path = await asked(shop, client)
        async with writing(shop.sessions) as session:
            await session.execute(update(AskedChange).values(answer=Answer.YES, answered_at=now()))
        stands = (await client.get(f"{path}/result")).json()["status"]
        other = await page.post(path, json={"yes": False})
        both = await asyncio.gather(client.post(CALL, json=CANCEL), page.post(path, json={"yes": True}))

    assert (stands, other.status_code) == ("running", 409)
    assert [(answer.status_code, answer.json()["status"]) for answer in both] == [(200, "done")] * 2
    assert await status_of(shop) == ("cancelled", 1)


async def test_a_question_outlives_a_restart(shop: ServedShop) -> None:
    async with await shop.program() as client:
        path = await asked(shop, client)
    async with open_served_shop(shop.settings, shop.sessions) as restarted, restarted.browser(shop.customer) as page:
        done = await page.post(path, json={"yes": True})

    assert (done.status_code, done.json()["status"]) == (200, "done")
    assert await status_of(shop) == ("cancelled", 1)
