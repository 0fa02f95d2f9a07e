"""What a turn tells a client that cannot take anything back: its steps, read as one text that only grows."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.chats.handovers import PERSON
from team.desk.desk import Desk
from team.turn.steps import Step
from team.words.citations import without_ids
from ui.words.page import WORDS

BETWEEN = "\n\n"
TELL = frozenset({"assistant", PERSON})
"""Who speaks to the customer: the team, and a person of the shop who wrote since the last turn."""

LOST = "lost"
"""The status of a turn whose process ended: what is done in its place follows."""


@dataclass
class Account:
    """What a turn came to: all that was told, what it cost, and whether anything must not happen twice."""

    text: str = ""
    status: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    language: str = ""
    question_id: str = ""
    changed: bool = False
    """Whether it changed something or may have, or took the customer's yes or no."""

    @property
    def ended(self) -> bool:
        """Whether the turn has ended."""
        return bool(self.status)

    @property
    def came_to_nothing(self) -> bool:
        """Whether it was stopped or failed, with nothing changed."""
        return self.status in {"stopped", "failed", ""} and not self.changed

    def take(self, step: Step) -> None:
        """Take a step."""
        data = step.data
        match step.kind:
            case "message" if data["role"] in TELL and data["text"]:
                self.text += f"{BETWEEN}{data['text']}" if self.text else str(data["text"])
                self.language = str(data.get("language", ""))
            case "question":
                self.question_id = str(data["question_id"])
                self.text += f"{BETWEEN}{how_to_answer(self.language)}"
            case "answer" | "muted":
                self.changed = True
            case "tool_call" if data.get("unasked"):
                # Where its server does not answer, nobody knows whether the change was made.
                self.changed = True
            case "tool_result":
                self.changed = self.changed or bool(data.get("audit_id"))
            case "turn_ended" if data["status"] != LOST:
                self._end(data)

    def _end(self, data: dict[str, Any]) -> None:
        self.status = str(data["status"])
        self.prompt_tokens = int(data.get("prompt_tokens", 0))
        self.completion_tokens = int(data.get("completion_tokens", 0))


def how_to_answer(language: str) -> str:
    """Return what a client tells the customer after a question, since it has no button for it."""
    return WORDS.say("aside_yes_or_no", language)


def account_of(steps: Iterable[Step]) -> Account:
    """Return what a turn whose steps are these came to, or has come to so far."""
    account = Account()
    for step in steps:
        account.take(step)
        if account.ended:
            break
    return account


@dataclass
class LiveWords:
    """What can be sent of words that are being written, to a client that cannot take them back.

    They are whole sentences that a customer may read. The page shows them at once, and drops them where a tool is
    called after them or something goes wrong. So here nothing is sent before a tool has answered: words before that
    are rarely the answer. Where what was sent is not the beginning of the answer after all, the answer follows whole.
    """

    sent: str = ""
    _whole: list[str] = field(default_factory=list)
    _written: str = ""
    _writer: str = ""
    _may_send: bool = False

    def take(self, step: Step, policies: Mapping[str, str]) -> str:
        """Take a step, and return what can be sent now."""
        data = step.data
        match step.kind:
            case "message" if data["role"] == PERSON:
                self._whole.append(str(data["text"]))
            case "tool_result":
                self._may_send = True
            case "token" if data.get("withdrawn"):
                self._written = ""
            case "token":
                return self._write(str(data["agent"]), str(data["text"]), policies)
            case "tool_call":
                self._written = ""
            case "answer":
                # What was done is told before what a model says to it.
                self._may_send = False
        return ""

    def end(self, text: str) -> str:
        """Return the rest of the answer, now that it is known."""
        more = text[len(self.sent) :] if text.startswith(self.sent) else f"{BETWEEN}{text}"
        self.sent += more
        return more

    def _write(self, writer: str, text: str, policies: Mapping[str, str]) -> str:
        if writer != self._writer and self._written:
            self._whole.append(self._written.strip())
            self._written = ""
        self._writer, self._written = writer, self._written + text
        ready = without_ids(BETWEEN.join([*self._whole, self._written]), policies).strip()
        if not self._may_send or not ready.startswith(self.sent):
            return ""
        more, self.sent = ready[len(self.sent) :], ready
        return more


@dataclass
class Telling:
    """Follows a conversation's turn from a step on; `account` is what it has come to, `sent` what was told of it."""

    desk: Desk
    conversation_id: str
    after: int
    account: Account = field(default_factory=Account)
    sent: str = ""

    async def pieces(self) -> AsyncIterator[str]:
        """Yield the text as it comes, until the turn has ended."""
        live = LiveWords()
        async for step in self._steps():
            more = live.take(step, self._policies())
            if more:
                yield more
            self.sent = live.sent
        if more := live.end(self.account.text):
            yield more
        self.sent = live.sent

    async def whole(self) -> str:
        """Return the text when the turn has ended."""
        async for _ in self._steps():
            continue
        self.sent = self.account.text
        return self.sent

    async def _steps(self) -> AsyncIterator[Step]:
        if self.account.ended:
            return
        async for step in self.desk.follow(self.conversation_id, self.after):
            self.account.take(step)
            yield step
            if self.account.ended:
                return

    def _policies(self) -> Mapping[str, str]:
        """Return the policies that the turn has read, whose ids no customer reads."""
        turn = self.desk.running().get(self.conversation_id)
        return {} if turn is None else turn.log.policies
