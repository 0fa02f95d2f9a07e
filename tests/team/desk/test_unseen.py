"""What a terminal obeys and what turns or hides writing reaches nobody, from a model or from a customer."""

import asyncio
from typing import Any

from storage.characters import cleaned_json
from storage.chats.conversations import get_conversation
from storage.db import Sessions, reading
from storage.owners import CustomerOnly, TheShop
from storage.settings import Settings
from storage.shop.tickets import list_tickets
from team.standin.completion import Reply
from team.standin.mind import answer
from team.standin.wire import ChatRequest
from team.turn.steps import Step
from tests.factories import add_conversation, add_customer
from tests.team.shopfloor import Shopfloor, answer_of, open_shopfloor, stored

SAID = "Shall I \x1b[31mlook\x1b[0m it up, \u202eton\u202c \u2066never\u2069\U000e0041\U000e0042 \x9b2J👨‍👩‍👧?"
READ = "Shall I look it up, ton never 👨‍👩‍👧?"
WRITTEN = "How long do \x1b]0;owned\x07refunds\u202e take\U000e0041?"


def mind(asked: ChatRequest) -> Reply:
    return Reply(text=SAID) if asked.stream else answer(asked)


async def shown(floor: Shopfloor, chat: str) -> list[Step]:
    """What a follower saw of one turn, words as they came among it."""
    steps = []
    async with asyncio.timeout(30):
        async for step in floor.desk.follow(chat, 0):
            steps.append(step)
            if step.kind == "turn_ended":
                break
    return steps


async def test_a_models_control_and_turning_characters_are_in_no_answer_word_event_or_title(
    settings: Settings, sessions: Sessions
) -> None:
    chat = await add_conversation(sessions)
    async with open_shopfloor(settings, sessions, mind) as floor:
        following = asyncio.create_task(shown(floor, chat.id))
        await floor.desk.send(chat.id, WRITTEN)
        live = await following
        await floor.desk.idle(chat.id)
        kept = await stored(floor.desk, chat.id)

    words = "".join(step.data["text"] for step in live if step.kind == "token")
    assert answer_of(kept) == READ
    assert words
    everything: list[dict[str, Any]] = [step.data for step in [*live, *kept]]
    assert everything == cleaned_json(everything)
    async with reading(sessions) as session:
        assert (await get_conversation(session, chat.id, TheShop())).title == "How long do refunds take?"


async def test_the_ticket_of_a_turn_that_failed_holds_nothing_hidden(settings: Settings, sessions: Sessions) -> None:
    olivia = await add_customer(sessions)
    chat = await add_conversation(sessions, customer_id=olivia.id)

    def silent(asked: ChatRequest) -> Reply:
        return Reply(text="") if asked.stream else answer(asked)

    async with open_shopfloor(settings, sessions, silent) as floor:
        await floor.say(chat.id, WRITTEN)

    async with reading(sessions) as session:
        [ticket] = await list_tickets(session, CustomerOnly(olivia.id), status=None, before=None, limit=5)
    assert ticket.history[0].text.startswith("How long do refunds take?")
    assert ticket.history[0].text == cleaned_json(ticket.history[0].text)
