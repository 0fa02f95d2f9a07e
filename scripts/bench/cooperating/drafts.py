"""Answers on policies, of which a known share says the opposite of the handbook: sent as they are, or checked first.

Neither side is a real model: the drafts are sentences of the handbook, some of them turned into their opposite in words
that the desk's own checks of figures and rules let pass; the second model knows the passages, and is wrong at a rate.
"""

import random
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from scripts.bench.cooperating.serving import serving
from scripts.evaluation.temporary_shop import open_copy
from storage.chats.conversations import add_conversation
from storage.db import Sessions, writing
from storage.endpoints import FILE
from storage.people.accounts import Account
from storage.settings import Settings
from team.desk.desk import Desk
from team.standin.completion import Call, Reply
from team.standin.mind import answer
from team.standin.server import build_app
from team.standin.understanding.conversation import by_customer
from team.standin.wire import ChatRequest

SEARCH = "search_policies"
OPPOSITE = ((" can ", " cannot "), (" must ", " need not "), (" is ", " is not "), (" are ", " are not "))
SENTENCE = re.compile(r"(?<=[.!])\s+|\\n|\n|\"|⟦|⟧")
SHORTEST, LONGEST = 30, 160
"""In characters: a sentence that a customer would be told."""

PASSAGES, CLAIM = "<passages>", re.compile(r"^Sentence: (.*)$", re.MULTILINE)
WITHOUT = '[roles.policies]\nendpoint = "slice2"\n'
CHECKED = f'{WITHOUT}check = "slice1"\n'
MODELS = ("Qwen/Qwen3-VL-8B-Instruct", "Qwen/Qwen2.5-VL-7B-Instruct")


@dataclass
class Minds:
    """Both models: the first routes and checks, the second drafts. `false` are the drafts that say the opposite."""

    seed: str
    false_rate: float
    wrong_rate: float
    false: set[str] = field(default_factory=set)
    drafts: int = 0

    def __call__(self, request: ChatRequest) -> Reply:
        """Answer a request."""
        said = request.messages[-1].text
        if PASSAGES in said:
            return self._checked(said)
        if SEARCH not in {tool.function.name for tool in request.tools or []}:
            return answer(request)
        results = [message.text for message in request.messages if message.role == "tool"]
        if not results:
            question = [message.text for message in request.messages if by_customer(message)][-1]
            return Reply(call=Call(SEARCH, {"query": question}))
        return Reply(self._draft(results))

    def _draft(self, results: Sequence[str]) -> str:
        """Return a sentence of what was looked up, or its opposite."""
        self.drafts += 1
        chance = random.Random(f"{self.seed}/draft/{self.drafts}")  # noqa: S311 - no secret
        found = [one.strip() for one in SENTENCE.split("\n".join(results))]
        fit = [one for one in found if SHORTEST < len(one) < LONGEST and one.endswith(".") and _turned(one) != one]
        if not fit:
            return "I could not find that in our policies. What would you like to know?"
        said = chance.choice(fit)
        if chance.random() >= self.false_rate:
            return said
        self.false.add(_turned(said))
        return _turned(said)

    def _checked(self, said: str) -> Reply:
        claim = CLAIM.findall(said)[-1].strip()
        stands = claim in said.partition("</passages>")[0]
        wrong = random.Random(f"{self.seed}/check/{claim}").random() < self.wrong_rate  # noqa: S311 - no secret
        return Reply("yes" if stands is not wrong else "no")


def _turned(sentence: str) -> str:
    for word, opposite in OPPOSITE:
        if word in sentence:
            return sentence.replace(word, opposite, 1)
    return sentence


@dataclass
class Answers:
    """What customers were told: `false` answers say the opposite of the handbook, `failed` ones that there is none."""

    turns: int = 0
    false: int = 0
    failed: int = 0
    calls: int = 0
    tokens: int = 0
    seconds: list[float] = field(default_factory=list)


async def told(made: Settings, folder: Path, minds: Minds, questions: Sequence[str], *, checked: bool) -> Answers:
    """Ask every question in a conversation of its own, with or without the check, and count the answers."""
    made_file = made.shopdesk_home / FILE
    shipped = made_file.read_text()
    made_file.write_text(shipped.replace(WITHOUT, CHECKED) if checked else shipped)
    try:
        async with serving([build_app(model, minds) for model in MODELS]) as (first, second):
            settings = made.model_copy(update={"model1_base_url": f"{first}/v1", "model2_base_url": f"{second}/v1"})
            async with open_copy(settings, folder) as (desk, sessions):
                return await _asked(desk, sessions, minds, questions)
    finally:
        made_file.write_text(shipped)


async def _asked(desk: Desk, sessions: Sessions, minds: Minds, questions: Sequence[str]) -> Answers:
    answers = Answers()
    async with sessions() as session:
        accounts = select(Account).where(Account.customer_id.is_not(None)).order_by(Account.id)
        account = (await session.scalars(accounts)).first()
    if account is None or account.customer_id is None:
        raise RuntimeError("the demo shop has customers with accounts")
    for question in questions:
        async with writing(sessions) as session:
            chat = (await add_conversation(session, account.customer_id, account.id)).id
        await desk.send(chat, question)
        await desk.idle(chat)
        steps = await desk.steps.stored(chat, 0)
        ended = next(step.data for step in steps if step.kind == "turn_ended")
        said = [str(step.data["text"]) for step in steps if step.data.get("role") == "assistant"]
        answers.turns += 1
        answers.failed += ended["status"] == "failed"
        answers.false += any(false in text for false in minds.false for text in said)
        answers.calls += ended["model_calls"]
        answers.tokens += ended["prompt_tokens"] + ended["completion_tokens"]
        with suppress(KeyError):
            answers.seconds.append(ended["ms"] / 1000)
    return answers
