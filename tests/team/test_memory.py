"""What is remembered between turns stays small, however long the conversation."""

import json

from storage.conversations import Conversation
from tests.factories import add_conversation, add_order
from tests.team.shopfloor import Shopfloor, answer_of, only


async def test_a_long_conversation_keeps_its_state_and_prompt_small(floor: Shopfloor) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    sizes, prompts = [], []

    for _ in range(40):
        steps = await floor.say(chat.id, "Where is my order #W1042?")
        prompts.append(only(steps, "turn_ended")[0]["prompt_tokens"])
        async with floor.sessions() as session:
            sizes.append(len(json.dumps((await session.get_one(Conversation, chat.id)).state)))

    assert "pending" in answer_of(steps)
    assert sizes[-1] < sizes[19] * 1.05
    assert prompts[-1] < prompts[19] * 1.05
