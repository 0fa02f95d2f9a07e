"""One customer turn: what its parts share while it runs, and the event that stops them all."""

import asyncio
import secrets
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from storage.events import Event
from storage.tokens import Caller
from team.confirmations import OpenQuestion
from team.events import Steps
from team.handoff import Handoff
from team.notes import Notes
from team.visitor import Pending, Visitor

T = TypeVar("T")


class StoppedError(Exception):
    """The turn was stopped while something was awaited."""


@dataclass
class Turn:
    """One message of a customer, until it is answered.

    `answered` is the question this turn answers and the answer, `settled` whether its server took it, `asked` the
    question it ends with, `trouble` what the desk has to say instead of an answer, `state` the team's from before.
    `visitor` is set until code knows which customer this is, `in_chat` where it is the chat that they told it to,
    `request` what they had asked for before they did. `ticket_id` names the ticket by which a person has the
    conversation. `done` are the changes made so far, in words; `unsure` whether one may have been made, `unreached`
    whether the last tool did not answer. `spoke` are the specialists who had a part of it, `handoff` is what the one
    now speaking passes on, `beside` what was said together with the call that `asked` is about, `written` all that
    models wrote and the customer could see as it came.
    `policies` are the titles of what the handbook was asked for, by id.
    `left`: this process ends, and another does the turn once more from what is stored.
    `notes` are what code wrote down of the turns before, `about` the things this one's tools were called for.
    """

    conversation_id: str
    holder: str
    caller: Caller | None
    language: str
    steps: Steps
    id: str = field(default_factory=lambda: f"t_{secrets.token_urlsafe(9)}")
    text: str = ""
    image_ids: tuple[str, ...] = ()
    state: dict[str, Any] | None = None
    visitor: Visitor | None = None
    in_chat: bool = False
    request: Pending | None = None
    ticket_id: str | None = None
    answered: tuple[OpenQuestion, bool] | None = None
    settled: bool = False
    asked: OpenQuestion | None = None
    spoke: list[str] = field(default_factory=list)
    handoff: Handoff | None = None
    beside: str = ""
    written: list[str] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    about: list[str] = field(default_factory=list)
    policies: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None
    done: list[str] = field(default_factory=list)
    unsure: bool = False
    unreached: bool = False
    deadline_s: float = 90
    model_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    started: float = field(default_factory=time.monotonic)
    recorded: asyncio.Future[None] | None = None
    unstored: list[Event] = field(default_factory=list)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    left: bool = False

    def record(self, kind: str, **data: Any) -> None:  # noqa: ANN401 - an event's data is JSON of any shape
        """Have a step of this turn stored, then shown; the turn goes on meanwhile. Of one that is left nothing is.

        Raises:
            ShopError: one before could not be stored.
        """
        if self.left:
            return
        if self.recorded is not None and self.recorded.done():
            self.recorded.result()
        self.recorded = self.steps.journal.add(self.conversation_id, kind, data)

    async def kept(self) -> None:
        """Wait until each step so far is stored.

        Raises:
            ShopError: one could not be.
        """
        if self.recorded is not None:
            await self.steps.journal.keep(self.recorded)

    async def take_unstored(self) -> None:
        """Keep the last steps to be stored with the turn's end.

        Raises:
            ShopError: those before them could not be stored.
        """
        self.unstored = await self.steps.journal.withdraw(self.conversation_id)

    def show(self, kind: str, **data: Any) -> None:  # noqa: ANN401 - an event's data is JSON of any shape
        """Show a step without storing it."""
        self.steps.show(self.conversation_id, kind, data)

    def stop(self, trouble: str) -> None:
        """End the turn: whatever is awaited gives up, and the customer is told this."""
        self.trouble = self.trouble or trouble
        self.stopping.set()

    def leave(self) -> None:
        """Give the turn up as it stands, for another process to take it up, unless it ends by itself already."""
        self.left = self.trouble is None
        self.stopping.set()

    async def unless_stopped(self, work: Awaitable[T]) -> T:
        """Await `work`, or give it up when the turn is stopped.

        Raises:
            StoppedError: the turn was stopped first.
        """
        running, stopped = asyncio.ensure_future(work), asyncio.ensure_future(self.stopping.wait())
        try:
            await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            if not running.done():
                running.cancel()
                await asyncio.wait({running})
        if running.cancelled():
            raise StoppedError
        return running.result()

    @property
    def task(self) -> str:
        """The message as it is read: a picture is a line with its id, for the tools that look at it."""
        return "\n".join([self.text, *(f"[image {image_id}]" for image_id in self.image_ids)]).strip()

    def count(self, prompt_tokens: int, completion_tokens: int) -> None:
        """Add one model call to what this turn cost."""
        self.model_calls += 1
        self.prompt_tokens += prompt_tokens
        self.completion_tokens += completion_tokens

    @property
    def secrets(self) -> tuple[str, ...]:
        """Ids of this turn that are for nobody's eyes."""
        return () if self.caller is None else (self.caller.subject, self.conversation_id)

    @property
    def ms(self) -> float:
        """How long the turn has taken."""
        return since(self.started)

    @property
    def left_s(self) -> float:
        """How much of its time is left."""
        return max(0.0, self.started + self.deadline_s - time.monotonic())


def since(started: float) -> float:
    """Return the milliseconds since a moment of the monotonic clock."""
    return round((time.monotonic() - started) * 1000, 1)
