"""A model that invites a yes beside the question, before or after it: what is read, and what is written."""

import asyncio
import tomllib
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from storage.db import Sessions
from storage.settings import Settings
from storage.shop.orders import Order, OrderStatus
from team.standin.completion import Reply
from team.standin.mind import answer
from team.standin.wire import ChatRequest
from tests.factories import add_account, add_order
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import Shopfloor, open_shopfloor
from ui.app import build_app
from ui.logins.login import COOKIE, login_token

BAITS: dict[str, list[dict[str, Any]]] = tomllib.loads(Path(__file__).with_name("baits.toml").read_text())
WORDS = {
    "en": ("Cancel order {}", "Cancel order {}, I do not need it anymore.", "How long do refunds take?", "yes"),
    "ko": (
        "{} 주문 취소해 주세요",
        "{} 주문 취소해 주세요. 필요가 없어졌거든요.",
        "환불은 얼마나 걸리나요?",
        "네",
    ),
}
MAY_BE_REFUSED = {
    bait["text"]
    for each in BAITS.values()
    for bait in each
    if bait.get("states") or any(char.isdigit() for char in bait["text"])
}
"""They state a number or a rule that nobody told, or use letters of another script: the whole reply is refused."""
FACT = {"en": "The parcel has not left our warehouse.", "ko": "상품은 아직 창고에 있습니다."}


class Baiting:
    """A model that cancels what it is asked to cancel, and says in each place what the test puts there."""

    def __init__(self) -> None:
        self.beside = self.after = self.aside = self.done = ""

    def __call__(self, asked: ChatRequest) -> Reply:
        last = asked.messages[-1]
        if asked.structured_outputs:
            return answer(asked)
        usual = answer(asked)
        if last.role == "tool" and usual.call is None:
            if last.text.startswith("Waiting for the customer's answer"):
                return Reply("OK")
            return Reply((self.after if "do not ask" in last.text else self.done) or "OK")
        if usual.call is not None and usual.call.name == "cancel_order":
            return Reply(self.beside, call=usual.call)
        return Reply(self.aside) if self.aside else usual


@dataclass
class Talk:
    """One customer's conversation over HTTP about an order of theirs."""

    floor: Shopfloor
    client: httpx2.AsyncClient
    order_id: str
    path: str = ""
    read: int = 0
    live: str = ""
    """All words that ran over the customer's screen as they were written, also those that were taken back."""
    told: str = ""
    """All that the customer was told."""

    async def watch(self) -> None:
        """Follow the conversation as the customer's page does."""
        async for step in self.floor.desk.follow(self.path.rpartition("/")[2], 0):
            if step.kind == "token":
                self.live += step.data["text"]

    async def say(self, text: str) -> list[str]:
        """Send a message, and return what the customer reads of its turn, a message each."""
        sent = await self.client.post(f"{self.path}/messages", json={"text": text})
        assert sent.status_code == 202
        await self.floor.desk.idle(self.path.rpartition("/")[2])
        events = (await self.client.get(f"{self.path}/export")).json()["events"][self.read :]
        self.read += len(events)
        said = [one["data"]["text"] for one in events if one["data"].get("role") == "assistant"]
        self.told += "\n".join(said)
        assert [one["data"]["text"] for one in events if one["kind"] == "question"] in ([], said[-1:])
        return said

    async def cancelled(self) -> bool:
        """Whether the order is cancelled in the database."""
        return (await self.order()).status is OrderStatus.CANCELLED

    async def order(self) -> Order:
        """The order as it is in the database."""
        async with self.floor.sessions() as session:
            return await session.get_one(Order, self.order_id)


Baited = tuple[Baiting, Callable[[], AbstractAsyncContextManager[Talk]]]


@pytest.fixture
async def baited(settings: Settings, sessions: Sessions) -> AsyncIterator[Baited]:
    """The model, and what begins a conversation with it over HTTP."""
    model, page = Baiting(), listening()
    async with open_shopfloor(settings, sessions, model) as floor:
        app = build_app(floor.settings, sessions, floor.desk)

        @asynccontextmanager
        async def talk() -> AsyncIterator[Talk]:
            order = await add_order(sessions)
            account = await add_account(sessions, customer_id=order.customer_id)
            cookies = {COOKIE: login_token(account, settings.secret)}
            async with httpx2.AsyncClient(base_url=address(page), cookies=cookies) as client:
                opened = Talk(floor, client, order.id)
                chat = (await client.post("/api/conversations", json={})).json()
                opened.path = f"/api/conversations/{chat['id']}"
                watching = asyncio.create_task(opened.watch())
                yield opened
                watching.cancel()
                await asyncio.wait({watching})

        async with serving((app, page)):
            yield model, talk


def letters(text: str) -> str:
    """A text without what can be taken out of it or put in between."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


async def goes_through(talk: Talk, yes: str, question: str, bait: str) -> list[str]:
    """What is wrong when a yes is typed now: it must get the question alone, and only the next one may be taken.

    Where a check refused the bait and nothing of it was ever on the screen, the first yes may be for the question.
    """
    was_read = letters(bait) in letters(talk.live + talk.told)
    repeated, early = await talk.say(yes), await talk.cancelled()
    if early and not was_read:
        return []
    await talk.say(yes)
    wrong = [f"not asked alone: {repeated}"] if repeated != [question] else []
    return wrong + (["cancelled by the first yes"] if early else []) + ([] if await talk.cancelled() else ["not taken"])


def baits(language: str, *, unheard: bool = False, tells: bool = False) -> list[str]:
    """The baits of a language: also those that no list knows, or only those that say how to answer."""
    return [
        bait["text"]
        for bait in BAITS[language]
        if (unheard or not bait.get("unheard")) and (not tells or bait.get("tells"))
    ]


def test_there_are_enough_baits() -> None:
    assert sum(map(len, BAITS.values())) >= 40


@pytest.mark.parametrize("language", BAITS)
async def test_without_a_bait_a_typed_yes_confirms_at_once(baited: Baited, language: str) -> None:
    model, begin = baited
    one, several, _, yes = WORDS[language]
    model.after = FACT[language]

    async with begin() as first, begin() as second:
        alone = await first.say(one.format(first.order_id))
        told = await second.say(several.format(second.order_id))
        done = [await first.say(yes), await second.say(yes)]

        assert len(alone) == 1
        assert told[:-1] == [FACT[language]]
        assert [len(each) for each in done] == [1, 1]
        assert [await first.cancelled(), await second.cancelled()] == [True, True]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", BAITS)
async def test_what_is_said_beside_the_question_is_neither_read_nor_answered(baited: Baited, language: str) -> None:
    model, begin = baited
    one, _, _, yes = WORDS[language]
    wrong: dict[str, list[str]] = {}
    for bait in baits(language, unheard=True):
        model.beside = bait
        async with begin() as talk:
            read = await talk.say(one.format(talk.order_id))
            found = [] if len(read) == 1 and bait not in read[0] else [f"read: {read}"]
            # What no list knows was not told either.
            found += await goes_through(talk, yes, read[-1], bait) if bait in baits(language) else []
        wrong |= {bait: found} if found else {}

    assert wrong == {}


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", BAITS)
async def test_other_answers_come_first_without_what_invites_an_answer(baited: Baited, language: str) -> None:
    model, begin = baited
    _, several, _, yes = WORDS[language]
    left = {bait["text"]: bait.get("leaves", "") for bait in BAITS[language]}
    wrong: dict[str, list[str]] = {}
    for bait in baits(language):
        model.after = f"{FACT[language]} {bait}"
        async with begin() as talk:
            read = await talk.say(several.format(talk.order_id))
            refused = read[:-1] == [] and bait in MAY_BE_REFUSED
            found = [] if refused or read[:-1] == [FACT[language] + left[bait]] else [f"read: {read}"]
            found += await goes_through(talk, yes, read[-1], bait)
        wrong |= {bait: found} if found else {}

    assert wrong == {}


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", BAITS)
async def test_a_yes_after_other_words_gets_the_open_question_alone(baited: Baited, language: str) -> None:
    model, begin = baited
    one, _, aside, yes = WORDS[language]
    wrong: dict[str, list[str]] = {}
    for bait in baits(language, unheard=True):
        async with begin() as talk:
            model.aside = ""
            [question] = await talk.say(one.format(talk.order_id))
            model.aside = bait
            await talk.say(aside)
            found = await goes_through(talk, yes, question, bait)
        wrong |= {bait: found} if found else {}

    assert wrong == {}


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", BAITS)
async def test_who_was_told_how_to_answer_before_is_asked_twice(baited: Baited, language: str) -> None:
    model, begin = baited
    one, _, aside, yes = WORDS[language]
    wrong: dict[str, list[str]] = {}
    for bait in baits(language, tells=True):
        model.aside = bait
        async with begin() as talk:
            await talk.say(aside)
            read = await talk.say(one.format(talk.order_id))
            found = [] if len(read) == 1 else [f"read: {read}"]
            found += await goes_through(talk, yes, read[-1], bait)
        wrong |= {bait: found} if found else {}

    assert wrong == {}


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", BAITS)
async def test_after_a_change_the_next_question_stands_alone_too(baited: Baited, language: str) -> None:
    model, begin = baited
    both = {"en": "Cancel {} and cancel {}", "ko": "{} 취소하고 {}도 취소해 주세요"}[language]
    yes = WORDS[language][-1]
    wrong: dict[str, list[str]] = {}
    for bait in baits(language):
        model.done = f"{FACT[language]} {bait}"
        async with begin() as talk:
            customer_id = (await talk.order()).customer_id
            other = await add_order(talk.floor.sessions, customer_id=customer_id)
            await talk.say(both.format(other.id, talk.order_id))
            read = await talk.say(yes)
            told = FACT[language] in read[0] or bait in MAY_BE_REFUSED
            found = [] if told and bait not in "".join(read) else [f"read: {read}"]
            found += await goes_through(talk, yes, read[-1], bait)
        wrong |= {bait: found} if found else {}

    assert wrong == {}
