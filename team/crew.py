"""The AutoGen team of one turn: every specialist, the one who was chosen speaks, its state between turns."""

from collections.abc import Mapping, Sequence
from typing import Any

from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.base import TaskResult
from autogen_agentchat.conditions import TextMessageTermination
from autogen_agentchat.messages import BaseAgentEvent, BaseChatMessage, TextMessage
from autogen_agentchat.teams import SelectorGroupChat

from team.context import DESK
from team.handoff import PROMPT
from team.language import LANGUAGES, language_of
from team.memory import CUSTOMER, remembered
from team.models import Models
from team.roster import Specialist
from team.tool_servers import Connection
from team.turn import Turn
from team.voice import Voice
from team.workbench import SpecialistWorkbench

MAX_TOOL_ROUNDS = 6
REST = "customer"
"""Whose words a handed over part is in; the message it is of is `CUSTOMER`'s."""


class Crew:
    """A fresh team for one turn. Building it connects to nothing."""

    def __init__(
        self, roster: Mapping[str, Specialist], speaker: str, models: Models, connection: Connection, turn: Turn
    ) -> None:
        self.speaker = speaker
        self.turn = turn
        self.voices = {one.name: Voice(one.name, one.role, models, turn, _prompt(one, turn)) for one in roster.values()}
        agents = [
            AssistantAgent(
                one.name,
                self.voices[one.name],
                description=one.description,
                system_message=self.voices[one.name].prompt,
                workbench=SpecialistWorkbench(one, _others(roster, one), connection, self.voices[one.name], turn),
                max_tool_iterations=MAX_TOOL_ROUNDS,
                reflect_on_tool_use=True,
                model_client_stream=True,
            )
            for one in roster.values()
        ]
        ends = [TextMessageTermination(name) for name in roster]
        self._team = SelectorGroupChat(
            [*agents],
            self.voices[speaker],
            selector_func=self._select,
            termination_condition=_any_of(ends),
        )

    @property
    def prompts(self) -> str:
        """What the specialists of this turn were told, which is not for the customer."""
        return "\n".join(self.voices[name].prompt for name in self.turn.spoke)

    async def load(self, state: Mapping[str, Any] | None) -> None:
        """Continue from a saved state; a specialist who is new since then starts empty."""
        if state is None:
            return
        fresh = await self._team.save_state()
        known = {name: state["agent_states"].get(name, empty) for name, empty in fresh["agent_states"].items()}
        await self._team.load_state({**fresh, "agent_states": known})

    async def run(self, text: str, note: str = "") -> str:
        """Give the specialist the customer's message, after a note of the desk's, and return the answer."""
        return await self._run(note, TextMessage(content=text, source=CUSTOMER))

    async def go_on(self, speaker: str, note: str, text: str = "") -> str:
        """Let a specialist go on in the same turn, by a note of the desk's and what is left of the message."""
        self.speaker = speaker
        return await self._run(note, *([TextMessage(content=text, source=REST)] if text else []))

    async def _run(self, note: str, *messages: TextMessage) -> str:
        self.turn.spoke.append(self.speaker)
        result: TaskResult | None = None
        notes = [TextMessage(content=note, source=DESK)] if note else []
        async for step in self._team.run_stream(task=[*notes, *messages]):
            if isinstance(step, TaskResult):
                result = step
        return _last_said(result, self.speaker)

    async def save(self) -> dict[str, Any]:
        """Return the state to continue from: what was said, and the tool results of the last turn alone."""
        return remembered(await self._team.save_state())

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


def _any_of(ends: list[TextMessageTermination]) -> Any:  # noqa: ANN401 - AutoGen's own union of conditions
    first, *rest = ends
    combined: Any = first
    for end in rest:
        combined = combined | end
    return combined


def _last_said(result: TaskResult | None, speaker: str) -> str:
    if result is None:
        return ""
    said = [one for one in result.messages if isinstance(one, TextMessage) and one.source == speaker]
    return said[-1].content if said else ""
