"""The same turns with the roles' modes: what a second model that checks keeps from customers, and what it costs.

The second model is scripted: it knows what the usual mind says, calls everything else unfounded, and is wrong at a
rate.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import tomlkit

from scripts.bench.hostility.play import Tally, Told, play
from storage.endpoints import FILE
from storage.settings import Settings
from team.standin import mind
from team.standin.completion import Reply
from team.standin.hostility.hostile import Hostile
from team.standin.raw import Raw
from team.standin.wire import ChatRequest
from team.words.sentences import sentences

PASSAGES, SENTENCE = "<passages>", "Sentence: "
CHECKED = ("orders", "returns", "policies", "tickets", "product_advisor")
NOT_CONFIRMED = "not_confirmed"


@dataclass
class Judged:
    """The hostile mind, and beside it one that says whether a sentence is what the usual mind would say."""

    hostile: Hostile
    wrong: float
    usual: set[str] = field(default_factory=set)

    def __call__(self, request: ChatRequest) -> Reply | Raw:
        """Answer a request."""
        asked = request.messages[-1].text
        if PASSAGES in asked:
            return self._judged(asked.partition(SENTENCE)[2].splitlines()[0].strip())
        self.usual |= {one.strip() for one in sentences(mind.answer(request).text)}
        return self.hostile(request)

    def _judged(self, claim: str) -> Reply:
        misjudges = Random(f"{self.hostile.seed}/check/{claim}").random() < self.wrong  # noqa: S311 - no secret
        return Reply("yes" if (claim in self.usual) is not misjudges else "no")


def with_modes(models: str) -> str:
    """Return a models.toml in which the other slice checks every answer, and both judge a picture."""
    document = tomlkit.parse(models)
    roles: dict[str, Any] = document["roles"]
    for name in CHECKED:
        roles[name]["check"] = "slice1" if roles[name]["endpoint"] == "slice2" else "slice2"
    roles["vision"] |= {"endpoint": ["slice1", "slice2"], "mode": "vote"}
    return tomlkit.dumps(document)


async def play_with_modes(
    made: Settings, folder: Path, hostile: Hostile, turns: int, told: Told, wrong: float
) -> Tally:
    """Play this many turns in a copy of a shop whose roles have modes; `wrong` is how often the check misjudges."""
    path = made.shopdesk_home / FILE
    plain = await asyncio.to_thread(path.read_text, encoding="utf-8")
    path.write_text(with_modes(plain), encoding="utf-8")
    try:
        return await play(made, folder, hostile, turns, told, Judged(hostile, wrong))
    finally:
        path.write_text(plain, encoding="utf-8")


def costs(tally: Tally) -> Mapping[str, str]:
    """Return what became of the turns, and what a turn took on average."""
    steps = [step for played in tally.played for step in played.steps]
    ends = [step.data for step in steps if step.kind == "turn_ended"]
    refused = Counter(
        "not confirmed" if step.data["error_code"] == NOT_CONFIRMED else "otherwise"
        for step in steps
        if step.kind == "model" and step.data.get("error_code")
    )
    turns, seconds = len(tally.seconds), sorted(tally.seconds)
    tokens = sum(one["prompt_tokens"] + one["completion_tokens"] for one in ends)
    return {
        "turns with an ungrounded answer": f"{tally.ungrounded} of {turns} ({tally.ungrounded / turns:.1%})",
        "turns that failed, and said so": f"{tally.statuses['failed']} of {turns}",
        "replies refused: not confirmed, otherwise": f"{refused['not confirmed']}, {refused['otherwise']}",
        "model calls a turn": f"{sum(one['model_calls'] for one in ends) / turns:.1f}",
        "tokens a turn": f"{tokens / turns:,.0f}",
        "median seconds a turn": f"{seconds[turns // 2]:.2f}",
    }
