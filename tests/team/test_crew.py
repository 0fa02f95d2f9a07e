"""The state of a team between turns."""

import gc
import json
from dataclasses import replace

from storage.conversations import Conversation
from team.crew import Crew
from team.roster import load_roster
from team.table import Table
from team.tool_servers import Connection
from team.turn import Turn
from tests.factories import add_conversation, add_order
from tests.team.shopfloor import Shopfloor


async def test_a_specialist_who_is_new_starts_empty_beside_those_who_know_the_conversation(floor: Shopfloor) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    await floor.say(chat.id, "Where is my order #W1042?")
    async with floor.sessions() as session:
        state = (await session.get_one(Conversation, chat.id)).state
    roster = load_roster()
    more = {**roster, "GiftAdvisor": replace(roster["ProductAdvisor"], name="GiftAdvisor")}
    turn = Turn(chat.id, "", None, "en", floor.desk.steps)
    servers = floor.desk.answering.servers
    connection = Connection(next(iter(servers.clients.values())), {})
    crew = Crew(more, "GiftAdvisor", floor.desk.answering.models, connection, turn)

    await crew.load(state)

    saved = (await crew.save())["agent_states"]
    assert saved["GiftAdvisor"]["message_buffer"] == []
    assert "get_order" in json.dumps(saved["OrderTracker"])
    assert "get_order" not in json.dumps(saved["PolicyGuide"])


async def test_nothing_of_a_turns_group_chat_waits_for_the_garbage_collector(floor: Shopfloor) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    gc.collect()
    gc.disable()

    try:
        await floor.say(chat.id, "Where is my order #W1042, and how long do refunds take?")
        left = [one for one in gc.get_objects() if isinstance(one, Table)]
    finally:
        gc.enable()

    assert left == []
