"""The agenda of one turn: tells AutoGen who speaks next and when the turn is over."""

from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autogen_agentchat.base import TerminationCondition
from autogen_agentchat.messages import BaseAgentEvent, BaseChatMessage, StopMessage, TextMessage

from team.crew.desk_agent import DESK, DeskAgent
from team.crew.voice import Voice
from team.roster import FALLBACK
from team.tools.client import ServerUnreachableError
from team.tools.servers import Tools
from team.turn.log import Part
from team.turn.trouble import Trouble
from team.turn.turn import StoppedError, Turn
from team.words.language import LANGUAGES, say
from team.words.person import asks_for_person

HANDED = (
    "{said} Answer only what follows, in {language}: it is the rest of the customer's last message. "
    "Repeat nothing of what was answered."
)
SAID = "Another specialist has answered a part of the message."
TO_A_PERSON = "hand_to_human"
WANTS_A_PERSON = "The customer asks for a person."
MOST_OF_A_SUMMARY = 2_000
COMES_NEXT = "The customer has answered. Now their next change: {change}"

Choose = Callable[[Turn], Awaitable[str]]
"""Names the specialist for a new message. Raises StoppedError if the turn was stopped first."""

Admit = Callable[[Turn, Part], Awaitable[str | None]]
"""Gives a specialist the tools of this turn's caller, or returns what to tell the customer instead.

Raises StoppedError if the turn was stopped first, ServerUnreachableError if the tool servers do not answer.
"""


@dataclass(frozen=True)
class Item:
    """A part of the message, what the desk says before it, and the call its specialist begins with.

    `rest`: the customer's own words for this part, which the desk repeats.
    """

    part: Part
    note: str = ""
    rest: str = ""
    call: tuple[str, dict[str, Any]] | None = None


class Agenda(TerminationCondition):
    """Decides who speaks: the router's choice, the target of a handoff, or whoever asked for a change that waits."""

    component_type = "termination"

    def __init__(
        self,
        turn: Turn,
        voices: Mapping[str, Voice],
        desk: DeskAgent,
        tools: Tools,
        choose: Choose,
        admit: Admit,
    ) -> None:
        self.turn = turn
        self.tools = tools
        self.voices = voices
        self.desk = desk
        self.choose = choose
        self.admit = admit
        answer = turn.request.answer
        self._waiting = deque(() if answer is None else [one for one in answer.question.then if one.asker in voices])
        self._next: deque[str] = deque()
        self._ends_with_desk = False
        self._terminated = False

    async def select(self, _: Sequence[BaseAgentEvent | BaseChatMessage]) -> str:
        """Name who speaks next: AutoGen's `selector_func`."""
        if not self._next:
            self._next.extend(await self._speakers())
        return self._next.popleft()

    async def __call__(self, messages: Sequence[BaseAgentEvent | BaseChatMessage]) -> StopMessage | None:
        """Record what was said, and tell AutoGen when the turn is over."""
        last = messages[-1]
        if not isinstance(last, TextMessage) or not self._is_over(last):
            return None
        self._terminated = True
        return StopMessage(content="The turn is over.", source=DESK)

    @property
    def terminated(self) -> bool:
        """Whether the turn is over."""
        return self._terminated

    async def reset(self) -> None:
        """Do nothing: AutoGen resets this when the turn is over, and an agenda serves one turn only."""

    def _is_over(self, line: TextMessage) -> bool:
        if line.source == DESK:
            return self._ends_with_desk
        if line.source not in self.voices:
            return False
        self._hear(line.content)
        log = self.turn.log
        return log.trouble is not None or (log.handoff is None and not self._comes_next())

    def _hear(self, text: str) -> None:
        log = self.turn.log
        if log.trouble is not None:
            return
        said = text if log.handoff is None else log.handoff.answered
        log.hear(said if log.question is None else said.removesuffix(log.question.text))

    def _comes_next(self) -> bool:
        """Whether a change that waited for this answer comes next; after a new question, the rest keep waiting."""
        while self._waiting and self.turn.log.question is not None:
            self.turn.log.wait(self._waiting.popleft())
        return bool(self._waiting)

    async def _speakers(self) -> list[str]:
        """Name who speaks now: a specialist, preceded by the desk if it has something to tell them first."""
        try:
            item = await self._item()
            # If they may not have this part, the desk tells the customer so and ends the turn.
            refusal = None if self.turn.log.trouble else await self.admit(self.turn, item.part)
        except StoppedError:
            return self._ended_by_desk()
        except ServerUnreachableError:
            self.turn.log.fail(Trouble.TOOLS_DOWN)
            return self._ended_by_desk()
        if self.turn.log.trouble is not None:
            return self._ended_by_desk()
        if refusal is not None:
            self.turn.log.hear(refusal)
            return self._ended_by_desk(refusal)
        if item.note:
            self.desk.say(item.note)
        if item.rest:
            self.desk.repeat(item.rest)
        call = item.call or self._to_a_person(item.part)
        if call is not None:
            self.voices[item.part.speaker].call(*call)
        self.turn.log.begin_part(item.part)
        return [*[DESK] * (bool(item.note) + bool(item.rest)), item.part.speaker]

    async def _item(self) -> Item:
        handoff = self.turn.log.handoff
        if handoff is not None:
            note = HANDED.format(said=SAID if handoff.answered else "", language=LANGUAGES[self.turn.language])
            images = self.turn.request.image_ids
            part = Part(handoff.to, handoff.remaining, images)
            return Item(part, note.strip(), part.task)
        if self.turn.log.parts:
            waiting = self._waiting.popleft()
            part = Part(waiting.asker, self.turn.request.text)
            call = (waiting.tool, waiting.arguments)
            return Item(part, COMES_NEXT.format(change=waiting.text), call=call)
        return await self._first()

    async def _first(self) -> Item:
        request, waited = self.turn.request, self.turn.waited
        name = await self.choose(self.turn)
        if waited is not None:
            return Item(Part(name, waited.text, waited.image_ids))
        question = None if request.answer is None else request.answer.question
        call = None if question is None or question.asker != name else (question.tool, question.arguments)
        return Item(Part(name, request.text, request.image_ids), call=call)

    def _to_a_person(self, part: Part) -> tuple[str, dict[str, Any]] | None:
        """Return the call that hands over to a person; None if nobody asks for one, or the tool is not offered."""
        if part.speaker != FALLBACK or TO_A_PERSON not in self.tools.offered or not asks_for_person(part.text):
            return None
        return TO_A_PERSON, {"summary": part.text[:MOST_OF_A_SUMMARY], "reason": WANTS_A_PERSON}

    def _ended_by_desk(self, text: str = "") -> list[str]:
        trouble = self.turn.log.trouble or Trouble.STOPPED
        self.desk.say(text or say(trouble, self.turn.language))
        self._ends_with_desk = True
        return [DESK]
