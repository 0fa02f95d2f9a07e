"""What is remembered between turns stays small, however long the conversation."""

import json
from statistics import median

import pytest

from storage.chats.conversations import Conversation
from storage.db import Sessions
from storage.settings import Settings
from team.crew.context import tokens_in
from team.standin.completion import Reply
from team.standin.mind import answer
from team.standin.wire import ChatRequest
from tests.factories import add_conversation, add_order, add_product
from tests.team.shopfloor import Shopfloor, answer_of, only, open_shopfloor

CONTEXT, REPLY = 8_192, 1_024
STORY = "By the way, it has been a long day here and I want to tell you all about it. " * 12
BETWEEN = [
    f"How long do refunds take? {STORY}",
    f"Do you have a desk lamp? {STORY}",
    f"{STORY} Can I pay with a gift card?",
    f"Thanks a lot! {STORY}",
    "환불은 얼마나 걸려요? " + "오늘 하루가 정말 길었는데 이야기를 다 들려드리고 싶어요. " * 12,
    "Do you ship to Canada, and what does it cost?",
    "책상 램프 있나요? 그리고 배송비는 얼마예요?",
]


def estimated(asked: ChatRequest) -> int:
    """What a request takes of a model's context, by the team's own estimate."""
    said = sum(tokens_in(one.model_dump_json(exclude_none=True)) for one in asked.messages)
    return said + sum(tokens_in(tool.model_dump_json()) for tool in asked.tools or [])


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_200_turns_stay_inside_a_small_context_and_the_subject_is_still_known(
    settings: Settings, sessions: Sessions
) -> None:
    order = await add_order(sessions, id="#W1042")
    await add_order(sessions, id="#W1050", customer_id=order.customer_id)
    await add_product(sessions, name="Desk Lamp")
    chat = await add_conversation(sessions, customer_id=order.customer_id)
    prompts: list[int] = []
    sizes, times = [], []

    def mind(asked: ChatRequest) -> Reply:
        prompts.append(estimated(asked))
        return answer(asked)

    async with open_shopfloor(settings, sessions, mind) as floor:
        toml = settings.shopdesk_home / "models.toml"
        toml.write_text(toml.read_text().replace("\nslice =", f"\ncontext_tokens = {CONTEXT}\nslice ="))
        await floor.say(chat.id, "Where is my order #W1042?")
        for turn in range(198):
            steps = await floor.say(chat.id, BETWEEN[turn % len(BETWEEN)])
            times.append(only(steps, "turn_ended")[0]["ms"])
            async with sessions() as session:
                sizes.append(len(json.dumps((await session.get_one(Conversation, chat.id)).state)))
        last = await floor.say(chat.id, "Has it been shipped yet?")

    print(f"prompts: most {max(prompts)} of {CONTEXT - REPLY} tokens; state: most {max(sizes)} bytes;")  # noqa: T201 - the figures of this run
    print(f"a turn: {median(times[20:60]):.0f} ms at 20-60, {median(times[158:]):.0f} ms at 158-198")  # noqa: T201 - the figures of this run
    assert max(prompts) <= CONTEXT - REPLY
    assert max(sizes[100:]) <= max(sizes[:100]) * 1.1
    assert median(times[158:]) < median(times[20:60]) * 2
    assert "#W1042" in answer_of(last)
    assert [call["arguments"] for call in only(last, "tool_call")] == [{"order_id": "#W1042"}]


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
