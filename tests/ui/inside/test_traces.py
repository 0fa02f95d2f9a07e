"""The turns of all conversations, as staff find and open them."""

from sqlalchemy import select

from storage.chats.thumbs import keep_thumb
from storage.db import Sessions, now, writing
from storage.settings import Settings
from storage.turns.records import Record, forget
from storage.turns.traces import Trace
from tests.factories import add_conversation, add_order
from tests.ui.inside.staffed import ask, staffed


async def test_a_turn_is_listed_with_figures_and_opens_down_to_the_prompt(
    settings: Settings, sessions: Sessions
) -> None:
    async with staffed(settings, sessions) as (floor, client):
        _, order = await ask(floor, "Where is my order {order}?")

        listed = (await client.get("/api/traces")).json()
        figures = (await client.get("/api/traces/figures?hours=1")).json()
        [row] = listed["traces"]
        one = (await client.get(f"/api/traces/{row['id']}")).json()
        models = [step["data"] for step in one["steps"] if "record" in step["data"]]
        opened = [(await client.get(f"/api/traces/{row['id']}/records/{data['record']}")).json() for data in models]
        exported = (await client.get(f"/api/traces/{row['id']}/export")).json()

    assert (row["asked"], row["status"], row["caller"]) == (f"Where is my order {order}?", "done", "customer")
    assert row["tool_calls"] == 1
    assert 0 < row["first_word_ms"] <= row["ms"] + 50
    assert "get_order" in listed["names"]["tool"]
    assert (figures["turns"], figures["failed"], figures["tool_calls"], len(figures["hours"])) == (1, 0, 1, 1)
    assert figures["specialists"] == [{"name": row["specialist"], "turns": 1}]
    assert [data.get("role", "router") for data in models][:2] == ["router", "orders"]
    routed, called, told = opened
    assert routed["request"]["messages"][0]["content"].startswith("You send each message")
    assert routed["reply"]["logprobs"]["content"]
    assert called["reply"]["tool_calls"][0]["function"]["name"] == "get_order"
    assert called["first_ms"] > 0
    assert called["url"].endswith("/v1/chat/completions")
    assert {part["part"] for part in called["context"]} >= {"instructions", "tools", "message"}
    assert {part["part"] for part in told["context"]} >= {"calls", "results"}
    assert told["reply"]["usage"]["prompt_tokens"] > 0
    assert set(exported["records"]) == {data["record"] for data in models}


FILTERS: list[tuple[str, bool]] = [
    ("search=where%20is", True),
    ("search=cancel", False),
    ("status=failed", False),
    ("status=slow", False),
    ("status=fallback", False),
    ("tool=get_order", True),
    ("tool=cancel_order", False),
    ("thumb=up", True),
    ("thumb=down", False),
    ("hours=1&specialist=OrderTracker", True),
    ("status=asked", False),
    ("specialist=PolicyGuide", False),
    ("status=&thumb=", True),
]
NO_FILTERS = ["status=bogus", "thumb=sideways", "tool=open_door", "model=none", "specialist=Pirate", "hours=soon"]


async def test_the_list_is_filtered_by_what_happened(settings: Settings, sessions: Sessions) -> None:
    async with staffed(settings, sessions) as (floor, client):
        chat, _ = await ask(floor, "Where is my order {order}?")
        async with writing(sessions) as session:
            [trace] = await session.scalars(select(Trace))
            events = await floor.desk.steps.stored(chat, 0)
            answer = next(step for step in events if step.data.get("role") == "assistant")
            await keep_thumb(session, chat, answer.seq or 0, up=True)

        found = [(query, bool((await client.get(f"/api/traces?{query}")).json()["traces"])) for query, _ in FILTERS]
        refused = [await client.get(f"/api/traces{of}?{query}") for of in ("", "/figures") for query in NO_FILTERS]
        nowhere = await client.get("/api/traces?conversation=c_none")
        pages = (await client.get(f"/api/traces?after={trace.id}")).json()

    assert found == FILTERS
    assert [(one.status_code, one.json()["code"]) for one in refused] == [(400, "bad_filter")] * len(refused)
    assert refused[0].json()["error"] == (
        "`status` must be one of: failed, slow, fallback, done, asked, stopped, lost, or be left out."
    )
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "conversation_not_found")
    assert pages["traces"] == []


async def test_where_it_is_set_personal_details_are_masked_before_they_are_kept(
    settings: Settings, sessions: Sessions
) -> None:
    async with staffed(settings.model_copy(update={"trace_masked": True}), sessions) as (floor, client):
        await ask(floor, "I am jane.roe@example.com, call 010 1234 5678. Where is my order {order}?")
        [row] = (await client.get("/api/traces")).json()["traces"]
        exported = (await client.get(f"/api/traces/{row['id']}/export")).text

    assert "[email]" in row["asked"]
    assert "jane.roe" not in exported
    assert "1234 5678" not in exported
    assert "address1" in exported
    assert "Main Street" not in exported


async def test_nothing_is_kept_where_no_days_are_set(settings: Settings, sessions: Sessions) -> None:
    async with staffed(settings.model_copy(update={"trace_days": 0}), sessions) as (floor, client):
        order = await add_order(sessions)
        chat = await add_conversation(sessions, customer_id=order.customer_id)
        steps = await floor.say(chat.id, f"Where is my order {order.id}?")
        listed = (await client.get("/api/traces")).json()

    assert listed["traces"] == []
    assert not any("record" in step.data for step in steps)
    async with sessions() as session:
        assert (await session.scalars(select(Record))).all() == []


async def test_a_turn_is_gone_when_its_time_is_over_and_with_its_conversation(
    settings: Settings, sessions: Sessions
) -> None:
    async with staffed(settings, sessions) as (floor, client):
        await ask(floor, "Where is my order {order}?")
        [row] = (await client.get("/api/traces")).json()["traces"]
        async with writing(sessions) as session:
            gone = await forget(session, now(), limit=100)
        answer = await client.get(f"/api/traces/{row['id']}")

    assert gone >= 4
    assert (answer.status_code, answer.json()["code"]) == (404, "trace_not_found")
