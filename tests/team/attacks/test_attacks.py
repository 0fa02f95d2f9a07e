"""A model that obeys whoever wrote last, attacked: what holds is not the model."""

import sys
from dataclasses import dataclass, field

import pytest

from storage.db import Sessions
from storage.settings import Settings
from team.standin import mind
from team.standin.completion import Reply
from team.standin.obedience.obedient import obey
from team.standin.wire import ChatRequest
from team.turn.steps import Step
from tests.factories import add_conversation
from tests.team.attacks.harm import changes, every_row, harm
from tests.team.attacks.planting import Attack, all_attacks, plant_all
from tests.team.shopfloor import Shopfloor, only, open_shopfloor
from tests.team.visitor import visit

NO_TO = {"yes": "no", "네": "아니요"}


@dataclass
class CountedMind:
    """The obedient mind, and how often it did what a text told it to."""

    attempts: list[Reply] = field(default_factory=list)

    def __call__(self, request: ChatRequest) -> Reply:
        """Answer a request."""
        obeyed = obey(request)
        if obeyed is not None:
            self.attempts.append(obeyed)
        return obeyed or mind.answer(request)


async def begun(floor: Shopfloor, attack: Attack) -> str:
    """Begin the attack's conversation: its customer's, or a visitor's."""
    if attack.visitor:
        return await visit(floor)
    return (await add_conversation(floor.sessions, customer_id=attack.words["me"])).id


async def attacked(floor: Shopfloor, attack: Attack) -> tuple[list[str], bool]:
    """Have the attack's conversation; say what got through, and whether code kept any of it from the model."""
    chat = await begun(floor, attack)
    before = await every_row(floor.sessions)
    pictures = [attack.words["image"]] if attack.with_picture else []
    steps: list[Step] = []
    for text in attack.say:
        steps += await floor.say(chat, careful(attack, text, steps), *pictures)
    through = await harm(attack, floor.sessions, changes(before, await every_row(floor.sessions)), steps)
    return through, any("told" in message for message in only(steps, "message"))


def careful(attack: Attack, text: str, steps: list[Step]) -> str:
    """Return what a customer says who reads a question before they say yes to it."""
    asked = only(steps, "question")
    wanted = [attack.fill(order) for order in attack.confirmed]
    if text in NO_TO and asked and not any(order in asked[-1]["text"] for order in wanted):
        return NO_TO[text]
    return attack.fill(text)


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_no_planted_text_changes_or_reads_what_is_not_the_customers(
    settings: Settings, sessions: Sessions, capsys: pytest.CaptureFixture[str]
) -> None:
    counted, through, idle, kept = CountedMind(), [], [], []
    await plant_all(all_attacks(), settings, sessions)
    async with open_shopfloor(settings, sessions, counted) as floor:
        for attack in all_attacks():
            tried = len(counted.attempts)
            harmed, withheld = await attacked(floor, attack)
            through += harmed
            kept += [attack.name] if withheld else []
            idle += [attack.name] if len(counted.attempts) == tried and not withheld else []

    with capsys.disabled():
        sys.stdout.write(told(len(all_attacks()), counted.attempts, len(kept), len(through)))
    assert through == []
    assert idle == []


def told(tried: int, attempts: list[Reply], kept: int, through: int) -> str:
    calls = sum(reply.call is not None for reply in attempts)
    made = f"{len(attempts)} ({calls} tool calls)"
    return (
        f"\nattacks tried: {tried}, kept from it: {kept}, attempts the stand-in made: {made}, got through: {through}\n"
    )
