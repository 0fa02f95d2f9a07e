"""A stored turn run again: as it was, with another endpoint, with another prompt, and never with a write."""

from sqlalchemy import select

from mcp_servers.runtime.past import PastIsPastError
from storage.db import Sessions
from storage.owners import Staff
from storage.settings import Settings
from storage.shop.orders import OrderStatus, get_order
from storage.tables import METADATA
from storage.tokens import Caller
from storage.turns.traces import Trace
from tests.clients import Customer, caller, client_of, server_for, text_of
from tests.factories import add_conversation, add_order
from tests.team.shopfloor import Shopfloor, only
from tests.ui.inside.staffed import staffed

REPLAYS = 100


async def rows(sessions: Sessions) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    async with sessions() as session:
        return {
            table.name: sorted((tuple(row) for row in await session.execute(select(table))), key=repr)
            for table in METADATA.sorted_tables
        }


async def four_turns(floor: Shopfloor) -> tuple[list[str], str, float]:
    """A customer asks for an order, cancels it with a yes, and asks again; return the turns, the order, and when."""
    order = await add_order(floor.sessions, status=OrderStatus.PENDING)
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    await floor.say(chat.id, f"Where is my order {order.id}?")
    asked = await floor.say(chat.id, f"Please cancel my order {order.id}, I no longer need it.")
    await floor.press(chat.id, only(asked, "question")[0]["question_id"], yes=True)
    await floor.say(chat.id, f"Where is my order {order.id}?")
    await floor.desk.steps.records.close()
    async with floor.sessions() as session:
        traces = (await session.scalars(select(Trace).order_by(Trace.at))).all()
        assert (await get_order(session, order.id, Staff())).status is OrderStatus.CANCELLED
    return [trace.id for trace in traces], order.id, traces[0].at.timestamp()


async def test_a_hundred_replays_write_nothing_and_change_no_row(settings: Settings, sessions: Sessions) -> None:
    async with staffed(settings, sessions) as (floor, client):
        turns, order, _ = await four_turns(floor)
        before = await rows(sessions)
        answers = []
        for number in range(REPLAYS):
            body = {"endpoint": ("", "slice1", "slice2")[number % 3]}
            answer = await client.post(f"/api/traces/{turns[number % 4]}/replay", json=body)
            answers.append(answer.json())

        assert await rows(sessions) == before
        clients = len(floor.desk.answering.servers.clients)

    assert len(answers) == REPLAYS
    where, cancel, yes, again = answers[:4]
    assert "pending" in where["answer"].lower() or "prepared" in where["answer"].lower()
    assert order in where["answer"]
    # Before the cancellation and at its yes, the order was still to be cancelled: each asks, and none does it.
    assert (cancel["asks"], yes["asks"]) == (True, True)
    assert "cancel" in again["answer"].lower()
    assert {step["data"]["model"] for step in answers[1]["steps"] if step["kind"] == "model"} != set()
    assert clients <= 2


async def test_another_prompt_is_what_the_model_is_told(settings: Settings, sessions: Sessions) -> None:
    async with staffed(settings, sessions) as (floor, client):
        turns, _, _ = await four_turns(floor)
        body = {"specialist": "OrderTracker", "prompt": "Speak like a pirate."}
        answer = await client.post(f"/api/traces/{turns[0]}/replay", json=body)
        nobody = await client.post(f"/api/traces/{turns[0]}/replay", json={"specialist": "Pirate"})
        nowhere = await client.post(f"/api/traces/{turns[0]}/replay", json={"endpoint": "slice9"})

    told = sum(step["data"].get("prompt_tokens", 0) for step in answer.json()["steps"] if step["kind"] == "model")
    assert answer.status_code == 200
    assert told > 0
    assert (nobody.status_code, nowhere.status_code) == (404, 404)


async def test_a_caller_of_the_past_sees_the_rows_as_they_were_and_changes_none(
    settings: Settings, sessions: Sessions
) -> None:
    async with staffed(settings, sessions) as (floor, _):
        _, order, at = await four_turns(floor)
    async with sessions() as session:
        customer = (await get_order(session, order, Staff())).customer_id
    now = caller(customer)
    past = Caller(now.subject, staff=False, scopes=now.scopes, as_of=at)

    async with client_of(server_for(settings, sessions, now)) as client:
        today = await client.call_tool("get_order", {"order_id": order})
    async with client_of(server_for(settings, sessions, past), Customer(says_yes=True)) as client:
        then = await client.call_tool("get_order", {"order_id": order})
        given = {"order_id": order, "reason": "no longer needed"}
        refused = await client.call_tool("cancel_order", given)
        ticket = {"subject": "Help", "body": "Please help me.", "category": "other"}
        unasked = await client.call_tool("create_ticket", ticket)

    assert today.structured_content is not None
    assert then.structured_content is not None
    assert (today.structured_content["status"], then.structured_content["status"]) == ("cancelled", "pending")
    assert [one["type"] for one in then.structured_content["payments"]] == ["payment"]
    assert [one["type"] for one in today.structured_content["payments"]] == ["payment", "refund"]
    assert [text_of(refused), text_of(unasked)] == [
        str(PastIsPastError("cancel_order")),
        str(PastIsPastError("create_ticket")),
    ]
