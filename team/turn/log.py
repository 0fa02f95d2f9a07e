"""The log of a turn: what happened so far. It is append-only; the current state is derived from it."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from storage.chats.events import Event
from storage.tokens import Caller
from team.turn.confirmations import OpenQuestion, Waiting
from team.turn.gist import Gist
from team.turn.handoff import Handoff
from team.turn.request import task_of
from team.turn.steps import Steps
from team.turn.trouble import Trouble
from team.turn.visitor import Pending

ASKS_A_MODEL = frozenset({"router", "model"})
"""Steps that say which model was asked; a choice made without a model names none."""


class Reached(Enum):
    """How far a tool call got."""

    ANSWERED = "answered"
    NOT_READ = "not read"
    """The server did not answer a read-only call."""
    NOT_KNOWN = "not known"
    """The server did not answer, or we stopped waiting: the change may have been made."""


@dataclass(frozen=True)
class Part:
    """The part of the message that one specialist answers."""

    speaker: str
    text: str
    image_ids: tuple[str, ...] = ()

    @property
    def task(self) -> str:
        """Their part as models read it."""
        return task_of(self.text, self.image_ids)


@dataclass(frozen=True)
class Identified:
    """The customer a visitor was identified as, and the request that waited for it."""

    caller: Caller
    request: Pending


@dataclass
class Spent:
    """What a turn's model calls cost."""

    model_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


class TurnLog:
    """The log of one turn, through which its parts share what they know. Only code that runs the turn writes to it."""

    def __init__(self, steps: Steps, conversation_id: str) -> None:
        self.steps = steps
        self.conversation_id = conversation_id
        self.spent = Spent()
        self.gist = Gist()
        self.parts: list[Part] = []
        self.said: list[str] = []
        self.written: list[str] = [""]
        """Everything models wrote that the customer could see as it streamed, one entry per reply."""
        self.changes: list[str] = []
        self.things: list[str] = []
        self.policies: dict[str, str] = {}
        self.in_vain: list[tuple[str, Mapping[str, str]]] = []
        """What the handbook seems not to answer, and the titles by id of the nearest policies."""
        self.beside = ""
        """What was said together with the call the question is about."""
        self.identified: Identified | None = None
        self.tools: list[str] = []
        """The tools that were called, in order."""
        self.models: list[str] = []
        """The models that were asked, in order, including those behind a tool's result."""
        self.tried = False
        """Whether a model called anything, also in vain."""
        self._left = ""
        self.settled = False
        """Whether the server accepted the customer's answer."""
        self._troubles: list[Trouble] = []
        self._handoffs: dict[int, Handoff] = {}
        self._question: OpenQuestion | None = None
        self._waiting: list[Waiting] = []
        self._calls: list[Reached] = []
        self._closed = False
        self._last_step: asyncio.Future[None] | None = None

    # What is stored and shown

    def record(self, kind: str, **data: Any) -> None:  # noqa: ANN401 - an event's data is JSON of any shape
        """Queue a step to be stored and then shown, without waiting; a turn that was given up records nothing.

        Raises:
            ShopError: an earlier step could not be stored.
        """
        if self._closed:
            return
        if kind == "tool_call":
            self.tools.append(data["tool"])
        elif kind in ASKS_A_MODEL and data["model"]:
            self.models.append(data["model"])
        self.gist.hear(kind, data)
        if self._last_step is not None and self._last_step.done():
            self._last_step.result()
        self._last_step = self.steps.journal.add(self.conversation_id, kind, data)

    def show(self, kind: str, **data: Any) -> None:  # noqa: ANN401 - an event's data is JSON of any shape
        """Show a step without storing it."""
        if kind == "token":
            self.gist.read(data["text"])
        self.steps.show(self.conversation_id, kind, data)

    def keep(self, exchange: Any, first_ms: float | None) -> dict[str, Any]:  # noqa: ANN401 - JSON of any shape
        """Keep what a model was sent and replied; return the fields of its step that lead there."""
        record_id = self.steps.records.add(self.conversation_id, exchange)
        named = {"record": record_id} if record_id else {}
        return named if first_ms is None else {**named, "first_ms": first_ms}

    async def kept(self) -> None:
        """Wait until every step so far is stored.

        Raises:
            ShopError: one of them could not be stored.
        """
        if self._last_step is not None:
            await self.steps.journal.keep(self._last_step)

    async def settle_steps(self) -> None:
        """Wait until the last step is stored or has failed: the turn's end must come after it."""
        if self._last_step is not None:
            await asyncio.wait({self._last_step})

    async def take_unstored(self) -> list[Event]:
        """Return the last steps, which are to be stored together with the turn's end.

        Raises:
            ShopError: the steps before them could not be stored.
        """
        return await self.steps.journal.withdraw(self.conversation_id)

    def close(self) -> None:
        """Store nothing more: another process runs the turn again from what is stored."""
        self._closed = True

    # What the parts of a turn tell each other

    def spend(self, prompt_tokens: int, completion_tokens: int) -> None:
        """Add one model call to the turn's cost."""
        self.spent.model_calls += 1
        self.spent.prompt_tokens += prompt_tokens
        self.spent.completion_tokens += completion_tokens

    def begin_part(self, part: Part) -> None:
        """A specialist starts on their part."""
        self.parts.append(part)

    def hear(self, text: str) -> None:
        """Part of the answer was said."""
        self.said.append(text)

    def begin_line(self) -> None:
        """A model starts a reply."""
        self.written.append("")

    def write(self, text: str) -> None:
        """More of a reply arrived."""
        self.written[-1] += text

    def hand_over(self, handoff: Handoff) -> Handoff:
        """The current specialist hands over the rest; only their first handoff counts."""
        self._left = ""
        return self._handoffs.setdefault(len(self.parts), handoff)

    def leave(self, rest: str) -> None:
        """The current specialist wanted to hand this over, but nobody is left to take it."""
        self._left = rest

    def ask(self, question: OpenQuestion, beside: str) -> None:
        """The turn ends with this question; callers ask only the first one."""
        self._question, self.beside = question, beside

    def wait(self, waiting: Waiting) -> None:
        """Another change waits behind the question."""
        self._waiting.append(waiting)

    def identify(self, identified: Identified) -> None:
        """From now on the visitor is this customer."""
        self.identified = identified

    def call(self, reached: Reached) -> None:
        """A tool was called, and the call got this far."""
        self._calls.append(reached)

    def change(self, summary: str) -> None:
        """A change was made."""
        self.changes.append(summary)

    def settle(self) -> None:
        """The server accepted the customer's answer to the question."""
        self.settled = True

    def speak_of(self, things: Iterable[str]) -> None:
        """Tools were called for these things."""
        self.things += things

    def cite(self, titles: Mapping[str, str]) -> None:
        """These policies were read: titles by id."""
        self.policies |= titles

    def ask_in_vain(self, question: str, nearest: Mapping[str, str]) -> None:
        """The handbook seems not to answer this; the nearest policies are named by their titles by id."""
        self.in_vain.append((question, nearest))

    def fail(self, trouble: Trouble) -> None:
        """Something prevents an answer; the first trouble is the one the customer is told about."""
        self._troubles.append(trouble)

    # The current state

    @property
    def trouble(self) -> Trouble | None:
        """What prevents an answer, if anything."""
        return self._troubles[0] if self._troubles else None

    @property
    def spoke(self) -> list[str]:
        """The specialists who had a part of the message, in order."""
        return [part.speaker for part in self.parts]

    @property
    def handoff(self) -> Handoff | None:
        """What the current specialist hands over."""
        return self._handoffs.get(len(self.parts))

    @property
    def unanswered(self) -> str:
        """The part of the message that nobody answered, if other parts were answered; empty if there is none."""
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
        """Whether a change may have been made without anybody knowing."""
        return Reached.NOT_KNOWN in self._calls

    @property
    def called(self) -> bool:
        """Whether any of the shop's tools was called."""
        return bool(self._calls)

    @property
    def unreached(self) -> bool:
        """Whether the last tool call got no answer."""
        return bool(self._calls) and self._calls[-1] is not Reached.ANSWERED
