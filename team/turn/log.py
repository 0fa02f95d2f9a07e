"""What happened so far in a turn. It only grows: what was written is never changed, and the last word is derived."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from storage.chats.events import Event
from storage.tokens import Caller
from team.turn.confirmations import OpenQuestion, Waiting
from team.turn.handoff import Handoff
from team.turn.request import task_of
from team.turn.steps import Steps
from team.turn.trouble import Trouble
from team.turn.visitor import Pending


class Reached(Enum):
    """How far a call of a tool got."""

    ANSWERED = "answered"
    NOT_READ = "not read"
    """The server did not answer a call that changes nothing."""
    NOT_KNOWN = "not known"
    """The server did not answer, or was not waited for: the change may have been made."""


@dataclass(frozen=True)
class Part:
    """What one specialist has of the message."""

    speaker: str
    text: str
    image_ids: tuple[str, ...] = ()

    @property
    def task(self) -> str:
        """What is asked of them, as models read it."""
        return task_of(self.text, self.image_ids)


@dataclass(frozen=True)
class Identified:
    """The customer a visitor turned out to be, and the request that waited for it."""

    caller: Caller
    request: Pending


@dataclass
class Spent:
    """What the models of a turn cost."""

    model_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


class TurnLog:
    """The steps of one turn, and what its parts tell each other by them. Only what runs the turn writes here."""

    def __init__(self, steps: Steps, conversation_id: str) -> None:
        self.steps = steps
        self.conversation_id = conversation_id
        self.spent = Spent()
        self.parts: list[Part] = []
        self.said: list[str] = []
        self.written: list[str] = [""]
        """All that models wrote and the customer could see as it came, a reply an entry."""
        self.changes: list[str] = []
        self.things: list[str] = []
        self.policies: dict[str, str] = {}
        self.beside = ""
        """What was said together with the call that the question is about."""
        self.identified: Identified | None = None
        self._left = ""
        self.settled = False
        """Whether the server took the customer's answer."""
        self._troubles: list[Trouble] = []
        self._handoffs: dict[int, Handoff] = {}
        self._question: OpenQuestion | None = None
        self._waiting: list[Waiting] = []
        self._calls: list[Reached] = []
        self._closed = False
        self._last_step: asyncio.Future[None] | None = None

    # What is stored and shown

    def record(self, kind: str, **data: Any) -> None:  # noqa: ANN401 - an event's data is JSON of any shape
        """Have a step stored, then shown; the turn goes on meanwhile. Of one that is left nothing is.

        Raises:
            ShopError: one before could not be stored.
        """
        if self._closed:
            return
        if self._last_step is not None and self._last_step.done():
            self._last_step.result()
        self._last_step = self.steps.journal.add(self.conversation_id, kind, data)

    def show(self, kind: str, **data: Any) -> None:  # noqa: ANN401 - an event's data is JSON of any shape
        """Show a step without storing it."""
        self.steps.show(self.conversation_id, kind, data)

    async def kept(self) -> None:
        """Wait until each step so far is stored.

        Raises:
            ShopError: one could not be.
        """
        if self._last_step is not None:
            await self.steps.journal.keep(self._last_step)

    async def settle_steps(self) -> None:
        """Wait until the last step is stored or has failed: the end of a turn comes after it."""
        if self._last_step is not None:
            await asyncio.wait({self._last_step})

    async def take_unstored(self) -> list[Event]:
        """Return the last steps, which are to be stored with the turn's end.

        Raises:
            ShopError: those before them could not be stored.
        """
        return await self.steps.journal.withdraw(self.conversation_id)

    def close(self) -> None:
        """Store nothing more: another process does the turn once more from what is stored."""
        self._closed = True

    # What the parts of a turn tell each other

    def spend(self, prompt_tokens: int, completion_tokens: int) -> None:
        """Add one model call to what this turn cost."""
        self.spent.model_calls += 1
        self.spent.prompt_tokens += prompt_tokens
        self.spent.completion_tokens += completion_tokens

    def begin_part(self, part: Part) -> None:
        """A specialist begins with their part."""
        self.parts.append(part)

    def hear(self, text: str) -> None:
        """A part of the answer was said."""
        self.said.append(text)

    def begin_line(self) -> None:
        """A model begins with a reply."""
        self.written.append("")

    def write(self, text: str) -> None:
        """More of a reply has come."""
        self.written[-1] += text

    def hand_over(self, handoff: Handoff) -> Handoff:
        """The one who speaks passes the rest on; the first word of it holds."""
        self._left = ""
        return self._handoffs.setdefault(len(self.parts), handoff)

    def leave(self, rest: str) -> None:
        """The one who speaks would pass this on, and nobody is left to take it."""
        self._left = rest

    def ask(self, question: OpenQuestion, beside: str) -> None:
        """The turn ends with this question, and the first one that is asked is the one."""
        self._question, self.beside = question, beside

    def wait(self, waiting: Waiting) -> None:
        """Another change waits behind the question."""
        self._waiting.append(waiting)

    def identify(self, identified: Identified) -> None:
        """The visitor is this customer from now on."""
        self.identified = identified

    def call(self, reached: Reached) -> None:
        """A tool was called, and this is how far the call got."""
        self._calls.append(reached)

    def change(self, summary: str) -> None:
        """A change was made."""
        self.changes.append(summary)

    def settle(self) -> None:
        """The server took the customer's answer to the question."""
        self.settled = True

    def speak_of(self, things: Iterable[str]) -> None:
        """Tools were called for these things."""
        self.things += things

    def cite(self, titles: Mapping[str, str]) -> None:
        """These policies were read: their titles by id."""
        self.policies |= titles

    def fail(self, trouble: Trouble) -> None:
        """Something keeps the turn from its answer; what came first is what the customer is told."""
        self._troubles.append(trouble)

    # What it comes to so far

    @property
    def trouble(self) -> Trouble | None:
        """What keeps the turn from its answer, if anything does."""
        return self._troubles[0] if self._troubles else None

    @property
    def spoke(self) -> list[str]:
        """The specialists who had a part of the message, in order."""
        return [part.speaker for part in self.parts]

    @property
    def handoff(self) -> Handoff | None:
        """What the one now speaking passes on."""
        return self._handoffs.get(len(self.parts))

    @property
    def unanswered(self) -> str:
        """The part of the message that nobody answered, where others have answered parts of it; nothing for none."""
        if self.trouble is None or not self.said:
            return self._left
        if self.handoff is not None:
            return self.handoff.remaining
        return self.parts[-1].text if len(self.parts) > len(self.said) and len(self.parts) > 1 else self._left

    @property
    def question(self) -> OpenQuestion | None:
        """The question the turn ends with, and the changes that wait behind it."""
        if self._question is None or not self._waiting:
            return self._question
        return self._question.model_copy(update={"then": (*self._question.then, *self._waiting)})

    @property
    def unsure(self) -> bool:
        """Whether a change may have been made that nobody knows of."""
        return Reached.NOT_KNOWN in self._calls

    @property
    def called(self) -> bool:
        """Whether any tool of the shop was called."""
        return bool(self._calls)

    @property
    def unreached(self) -> bool:
        """Whether the last tool did not answer."""
        return bool(self._calls) and self._calls[-1] is not Reached.ANSWERED
