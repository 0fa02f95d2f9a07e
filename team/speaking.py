"""Having one message answered by as many specialists as it takes: each its part, in order."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from team.confirmations import Waiting
from team.crew import Crew
from team.language import LANGUAGES
from team.turn import Turn

HANDED = (
    "{said} Answer only what follows, in {language}: it is the rest of the customer's last message. "
    "Repeat nothing of what was answered."
)
SAID = "Another specialist has answered a part of the message."
COMES_NEXT = "The customer has answered. Now their next change: {change}"

Admit = Callable[[Turn, str], Awaitable[str | None]]
"""Whether a specialist may have this turn; else what to tell the customer."""

Rejoin = Callable[[Turn, Crew, str], Awaitable[Crew]]
"""A crew for a visitor who became a customer in the middle of a turn."""


@dataclass
class Speaking:
    """What a crew says in one turn, `parts` in their order; the question it ends with is `turn.asked`."""

    turn: Turn
    crew: Crew
    admit: Admit
    rejoin: Rejoin
    parts: list[str] = field(default_factory=list)

    async def answer(self, note: str) -> None:
        """Have the message answered, then what was handed over, then ask for the change that comes next."""
        self._hear(await self.crew.run(self.turn.task, note))
        await self._pass_on()
        if self.turn.answered is not None:
            for waiting in self.turn.answered[0].then:
                await self._come_to(waiting)

    def _hear(self, text: str) -> None:
        turn = self.turn
        if turn.trouble is None:
            said = text if turn.handoff is None else turn.handoff.answered
            self.parts.append(said if turn.asked is None else said.removesuffix(turn.asked.text))

    async def _pass_on(self) -> None:
        turn = self.turn
        while (handoff := turn.handoff) is not None and turn.trouble is None:
            turn.handoff, turn.text, before = None, handoff.remaining, turn.caller
            refusal = await self.admit(turn, handoff.to)
            if refusal is not None:
                self.parts.append(refusal)
                return
            if turn.caller != before:
                self.crew = await self.rejoin(turn, self.crew, handoff.to)
            said = SAID if handoff.answered else ""
            note = HANDED.format(said=said, language=LANGUAGES[turn.language]).strip()
            self._hear(await self.crew.go_on(handoff.to, note, turn.task))

    async def _come_to(self, waiting: Waiting) -> None:
        turn = self.turn
        if turn.trouble is not None or waiting.asker not in self.crew.voices:
            return
        if turn.asked is not None:
            turn.asked = turn.asked.model_copy(update={"then": (*turn.asked.then, waiting)})
            return
        self.crew.voices[waiting.asker].call(waiting.tool, waiting.arguments)
        self._hear(await self.crew.go_on(waiting.asker, COMES_NEXT.format(change=waiting.text)))
        await self._pass_on()
