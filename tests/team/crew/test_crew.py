"""The state of a team between turns."""

import json
from dataclasses import replace

from storage.chats.conversations import Conversation
from storage.chats.earlier import Earlier
from storage.tokens import Caller
from team.crew.crew import MANAGER, Crew
from team.crew.desk_agent import DESK
from team.roster import load_roster
from team.tools.servers import Tools
from team.turn.log import Part
from team.turn.notes import Notes
from team.turn.request import Request
from team.turn.turn import Turn
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
    caller = Caller(order.customer_id, False, frozenset(), chat.id, "en")
    turn = Turn(Request(chat.id, "", caller, "en", text="How long do refunds take?"), floor.desk.steps, 90)
    tools = Tools(floor.desk.answering.servers)
    crew = Crew(more, floor.desk.answering.models, tools, turn, Notes(), Earlier())

    async def choose(_: Turn) -> str:
        return "PolicyGuide"

    async def admit(_: Turn, __: Part) -> None:
        await tools.connect(caller)

    saved = (await crew.run(state, "", choose, admit))["agent_states"]

    assert saved.keys() == {DESK, MANAGER, *more}
    heard = [message["content"] for message in saved["GiftAdvisor"]["message_buffer"]]
    assert heard == ["How long do refunds take?", turn.log.said[0]]
    assert "get_order" in json.dumps(saved["OrderTracker"])
    assert "get_order" not in json.dumps(saved["PolicyGuide"])
