"""A specialist is chosen on providers that know different ways to be held to a choice."""

import json

import pytest
from openai.types.chat import ChatCompletion

from storage.db import Sessions
from storage.endpoints import Choice
from storage.settings import Settings
from team.crew.choice import chosen, constraint
from tests.factories import add_conversation, add_order
from tests.team.faulty import Pair
from tests.team.shopfloor import only, open_shopfloor

NAMES = ["OrderTracker", "PolicyGuide"]


def reply(content: str | None = None, arguments: str | None = None) -> ChatCompletion:
    """A reply of these words, or of a call with these arguments."""
    calls = [{"id": "c", "type": "function", "function": {"name": "choose", "arguments": arguments}}]
    message = {"role": "assistant", "content": content, "tool_calls": calls if arguments else None}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return ChatCompletion.model_validate(
        {"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
    )


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (reply("PolicyGuide"), "PolicyGuide"),
        (reply('{"name": "PolicyGuide"}'), "PolicyGuide"),
        (reply(arguments='{"name": "OrderTracker"}'), "OrderTracker"),
        (reply("The PolicyGuide should answer this."), "PolicyGuide"),
        (reply("PolicyGuide or OrderTracker"), ""),
        (reply('{"name": ["PolicyGuide", "OrderTracker"]}'), ""),
        (reply('["PolicyGuide"]'), ""),
        (reply(arguments="{broken"), ""),
        (reply(None), ""),
        (reply("Everyone!"), ""),
    ],
)
def test_a_choice_is_read_where_it_is_one(said: ChatCompletion, name: str) -> None:
    assert chosen(said, NAMES)[0] == name


@pytest.mark.parametrize("choice", ["json_schema", "tool", "text"])
def test_only_vllm_is_sent_what_only_vllm_knows(choice: Choice) -> None:
    asked = constraint(choice, NAMES, 16)

    assert not {"extra_body", "logprobs", "top_logprobs"} & set(asked)
    assert ("OrderTracker" in json.dumps(asked)) == (choice != "text")


@pytest.mark.parametrize("choice", ["json_schema", "tool"])
async def test_a_router_on_a_provider_held_in_another_way_is_asked_in_that_way(
    settings: Settings, sessions: Sessions, choice: str
) -> None:
    order = await add_order(sessions, id="#W1042")
    chat = await add_conversation(sessions, customer_id=order.customer_id)
    pair = Pair()
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        path = floor.settings.shopdesk_home / "models.toml"
        path.write_text(path.read_text().replace("slice = 1\n", f'slice = 1\nchoice = "{choice}"\n'))
        steps = await floor.say(chat.id, "Where is my order #W1042?")

    first, *_ = pair.slices[1].asked
    assert "structured_outputs" not in first
    assert ("response_format" in first, "tools" in first) == (choice == "json_schema", choice == "tool")
    assert len(only(steps, "turn_ended")) == 1
