"""`/chat` and `/conversations`: a program sends a message and gets the team's answer."""

import pytest

from tests.factories import add_order
from tests.ui.rest.served_shop import ServedShop

ORDER = "#W1042"


async def test_a_program_asks_the_team_and_gets_the_answer(shop: ServedShop) -> None:
    await add_order(shop.sessions, id=ORDER, customer_id=shop.customer.customer_id)
    body = {"user_id": shop.customer.customer_id, "message": "Where is my order #W1042?"}

    async with await shop.program() as client, shop.browser() as page:
        answer = await client.post("/chat", json=body)
        told = answer.json()
        said = (await client.get(f"/conversations/{told['conversation_id']}/messages")).json()["messages"]
        listed = (await client.get("/conversations")).json()["conversations"]
        on_the_page = await page.get(f"/api/conversations/{told['conversation_id']}")

    assert (answer.status_code, told["status"], told["question"]) == (200, "done", None)
    assert ORDER in told["text"]
    assert [(one["role"], one["text"]) for one in said] == [
        ("customer", body["message"]),
        ("assistant", told["text"]),
    ]
    assert [one["id"] for one in listed] == [told["conversation_id"]]
    assert on_the_page.status_code == 200


async def test_a_change_ends_with_a_question_that_the_next_message_answers(shop: ServedShop) -> None:
    await add_order(shop.sessions, id=ORDER, customer_id=shop.customer.customer_id)

    async with await shop.program() as client:
        asked = (
            await client.post("/chat", json={"message": "Please cancel order #W1042, I no longer need it."})
        ).json()
        path = f"/conversations/{asked['conversation_id']}/messages"
        before = (await client.get("/orders/W1042/status")).json()["status"]
        done = (await client.post(path, json={"message": "yes"})).json()
        after = (await client.get("/orders/W1042/status")).json()["status"]

    assert (asked["status"], set(asked["question"])) == ("asked", {"question_id", "text", "expires_at"})
    assert asked["question"]["text"] in asked["text"]
    assert (before, done["status"], done["question"], after) == ("pending", "done", None, "cancelled")


async def test_staff_speak_for_the_customer_they_name(shop: ServedShop) -> None:
    await add_order(shop.sessions, id=ORDER, customer_id=shop.customer.customer_id)
    named = {"user_id": shop.customer.customer_id}

    async with await shop.program(shop.staff) as client:
        begun = await client.post("/conversations", json=named)
        path = f"/conversations/{begun.json()['id']}"
        answer = await client.post(f"{path}/messages", json={"message": "Where is order W1042?"})
        shown = await client.get(path)
        nobody = await client.post("/chat", json={"user_id": "nobody", "message": "Hello"})

    assert (begun.status_code, shown.status_code) == (201, 200)
    assert ORDER in answer.json()["text"]
    assert (nobody.status_code, nobody.json()["code"]) == (404, "customer_not_found")


async def test_another_customers_conversation_reads_as_one_that_does_not_exist(shop: ServedShop) -> None:
    async with await shop.program(shop.staff) as staff, await shop.program() as client:
        theirs = (await staff.post("/conversations")).json()["id"]
        got = [
            await client.get(f"/conversations/{theirs}"),
            await client.get(f"/conversations/{theirs}/messages"),
            await client.post(f"/conversations/{theirs}/messages", json={"message": "Hello"}),
            await client.post("/chat", json={"conversation_id": theirs, "message": "Hello"}),
        ]

    assert {(one.status_code, one.json()["code"]) for one in got} == {(404, "conversation_not_found")}


@pytest.mark.parametrize(
    "body", [{}, {"message": ""}, {"message": "   "}, {"message": 5}, {"message": "x" * 4001}, {"message": "x", "y": 1}]
)
async def test_a_message_of_another_shape_is_refused_in_one_line(shop: ServedShop, body: dict[str, object]) -> None:
    async with await shop.program() as client:
        answer = await client.post("/chat", json=body)
        listed = (await client.get("/conversations")).json()["conversations"]

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_body")
    assert listed == []
