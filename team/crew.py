"""The AutoGen team of one turn: every specialist, the one who was chosen speaks, its state between turns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.base import TaskResult
from autogen_agentchat.conditions import TextMessageTermination
from autogen_agentchat.messages import BaseAgentEvent, BaseChatMessage, TextMessage

from team.context import DESK
from team.handoff import PROMPT
from team.language import LANGUAGES, language_of
from team.memory import CUSTOMER, remembered
from team.models import Models
from team.roster import Specialist
from team.table import Table
from team.tool_servers import Connection
from team.turn import Turn
from team.voice import Voice
from team.workbench import SpecialistWorkbench

MAX_TOOL_ROUNDS = 6
REST = "customer"
"""Whose words a handed over part is in; the message it is of is `CUSTOMER`'s."""


@dataclass(frozen=True)
class Seated:
    """Two specialists at one table; `knew` is how many messages the listener had before this."""

    table: Table
    listener: str
    knew: int


class Crew:
    """The specialists of one turn. Building it connects to nothing.

    There are two at a time: who speaks, and one who listens in place of all the others. What that one heard is put
    into what the others remember, so that whoever speaks next knows what was said.
    """

    def __init__(
        self, roster: Mapping[str, Specialist], speaker: str, models: Models, connection: Connection, turn: Turn
    ) -> None:
        self.roster = roster
        self.speaker = speaker
        self.connection = connection
        self.turn = turn
        self.voices = {one.name: Voice(one.name, one.role, models, turn, _prompt(one, turn)) for one in roster.values()}
        self._state: dict[str, Any] | None = None
        self._seated: Seated | None = None

    @property
    def prompts(self) -> str:
        """What the specialists of this turn were told, which is not for the customer."""
        return "\n".join(self.voices[name].prompt for name in self.turn.spoke)

    async def load(self, state: Mapping[str, Any] | None) -> None:
        """Continue from a saved state; a specialist who is new since then starts empty."""
        self.leave()
        self._state = None if state is None else dict(state)

    async def run(self, text: str, note: str = "") -> str:
        """Give the specialist the customer's message, after a note of the desk's, and return the answer."""
        return await self._run(note, TextMessage(content=text, source=CUSTOMER))

    async def go_on(self, speaker: str, note: str, text: str = "") -> str:
        """Let a specialist go on in the same turn, by a note of the desk's and what is left of the message."""
        if speaker != self.speaker:
            await self.load(await self._whole())
            self.speaker = speaker
        return await self._run(note, *([TextMessage(content=text, source=REST)] if text else []))

    async def save(self) -> dict[str, Any]:
        """Return the state to continue from: what was said, and the tool results of the last turn alone."""
        return remembered(await self._whole())

    def leave(self) -> None:
        """Let go of who sits at the table. What was said since `save` is lost."""
        if self._seated is not None:
            self._seated.table.clear()
            self._seated = None

    async def _run(self, note: str, *messages: TextMessage) -> str:
        self.turn.spoke.append(self.speaker)
        result: TaskResult | None = None
        notes = [TextMessage(content=note, source=DESK)] if note else []
        async for step in (await self._seat()).table.run_stream(task=[*notes, *messages]):
            if isinstance(step, TaskResult):
                result = step
        return _last_said(result, self.speaker)

    async def _seat(self) -> Seated:
        if self._seated is None:
            self._seated = await self._newly_seated()
        return self._seated

    async def _newly_seated(self) -> Seated:
        listener = next(name for name in self.roster if name != self.speaker)
        table = Table(
            [self._agent(self.speaker), self._agent(listener)],
            self.voices[self.speaker],
            selector_func=self._select,
            termination_condition=TextMessageTermination(self.speaker),
        )
        known = {} if self._state is None else self._state["agent_states"]
        if not self.roster.keys() <= known.keys():
            fresh = await table.save_state()
            empty = fresh["agent_states"][listener]
            known = {**fresh["agent_states"], **dict.fromkeys(self.roster, empty), **known}
            self._state = {**fresh, "agent_states": known}
        if self._state is not None:
            await table.load_state(self._state)
        return Seated(table, listener, len(known[listener]["message_buffer"]))

    def _agent(self, name: str) -> AssistantAgent:
        one, voice = self.roster[name], self.voices[name]
        return AssistantAgent(
            name,
            voice,
            description=one.description,
            system_message=voice.prompt,
            workbench=SpecialistWorkbench(one, _others(self.roster, one), self.connection, voice, self.turn),
            max_tool_iterations=MAX_TOOL_ROUNDS,
            reflect_on_tool_use=True,
            model_client_stream=True,
        )

    async def _whole(self) -> dict[str, Any]:
        """The state of all specialists, of those who were not there too."""
        seated = await self._seat()
        after = await seated.table.save_state()
        there = after["agent_states"]
        heard = there[seated.listener]["message_buffer"][seated.knew :]
        before = {} if self._state is None else self._state["agent_states"]
        absent = {
            name: {**before[name], "message_buffer": [*before[name]["message_buffer"], *heard]}
            for name in self.roster
            if name not in there
        }
        return {**after, "agent_states": {**absent, **there}}

    async def _select(self, messages: Sequence[BaseAgentEvent | BaseChatMessage]) -> str:
        return self.speaker


def _prompt(specialist: Specialist, turn: Turn) -> str:
    """The specialist's prompt; a customer who went on in another language gets their answer in that one."""
    prompt = f"{specialist.prompt}\n{PROMPT}"
    if turn.request is None or language_of(turn.request.text, turn.language) == turn.language:
        return prompt
    return f"{prompt}\n\nAnswer only in {LANGUAGES[turn.language]}."


def _others(roster: Mapping[str, Specialist], one: Specialist) -> dict[str, Specialist]:
    return {name: other for name, other in roster.items() if name != one.name}


def _last_said(result: TaskResult | None, speaker: str) -> str:
    if result is None:
        return ""
    said = [one for one in result.messages if isinstance(one, TextMessage) and one.source == speaker]
    return said[-1].content if said else ""
