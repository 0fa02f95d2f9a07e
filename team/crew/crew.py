"""The AutoGen team of one turn: a group chat of all specialists and the desk, and its state between turns."""

from collections.abc import Mapping
from typing import Any

from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.messages import TextMessage
from autogen_agentchat.teams import SelectorGroupChat

from storage.chats.earlier import Earlier
from team.crew.agenda import Admit, Agenda, Choose
from team.crew.desk_agent import DESK, DeskAgent
from team.crew.evidence import Evidence
from team.crew.memory import CUSTOMER, Memory, remembered
from team.crew.voice import Voice
from team.crew.workbench import SpecialistWorkbench
from team.models.models import Models
from team.roster import Specialist
from team.tools.servers import Tools
from team.turn.handoff import PROMPT
from team.turn.notes import Notes
from team.turn.request import task_of
from team.turn.turn import Turn
from team.words.language import LANGUAGES, language_heard

MAX_TOOL_ROUNDS = 6
MANAGER = "SelectorGroupChatManager"
"""What AutoGen calls the one who asks our selector, in the state that the team keeps."""

STAFF = (
    "You speak with the shop's staff now, not with a customer; they may see every customer.\n"
    "- They name a customer: find them with find_customer, by email or by first and last name, and pass their "
    "customer_id to the other tools. If there is no such customer, say that and list nobody else's.\n"
    "- They name none: list_tickets lists everybody's. Their open tickets are those with the status unresolved.\n"
    "- Tell them the facts that the tools return, ids and customers included, as a list where there are several."
)
"""What a specialist's prompt says too where staff ask."""


class Crew:
    """The team of one turn. Building it connects to nothing."""

    def __init__(
        self,
        roster: Mapping[str, Specialist],
        models: Models,
        tools: Tools,
        turn: Turn,
        notes: Notes,
        earlier: Earlier,
    ) -> None:
        self.roster = roster
        self.tools = tools
        self.turn = turn
        self.evidence = Evidence(turn, earlier)
        self.voices = {
            one.name: Voice(one, models, turn, _prompt(one, turn), notes, tools, self.evidence)
            for one in roster.values()
        }
        self.desk = DeskAgent()

    async def run(self, state: Mapping[str, Any] | None, note: str, choose: Choose, admit: Admit) -> dict[str, Any]:
        """Run the specialists until the message is answered, and return the state that the team keeps.

        Args:
            state: the state it kept last time; a specialist added since then starts empty.
            note: what the desk tells them first, if anything.
            choose: names the specialist for the message.
            admit: gives a specialist the caller's tools, or says why not.
        """
        agenda = Agenda(self.turn, self.voices, self.desk, self.tools, choose, admit)
        table = SelectorGroupChat(
            [self.desk, *map(self._agent, self.roster.values())],
            # Used only if `selector_func` names nobody, which never happens.
            next(iter(self.voices.values())),
            selector_func=agenda.select,
            termination_condition=agenda,
        )
        if state is not None:
            await table.load_state(await self._completed(state, table))
        waited = self.turn.waited
        asked = self.turn.request.task if waited is None else task_of(waited.text, waited.image_ids)
        notes = [TextMessage(content=note, source=DESK)] if note else []
        await table.run(task=[*notes, TextMessage(content=asked, source=CUSTOMER)])
        return remembered(await table.save_state())

    @property
    def speaker(self) -> str:
        """Who spoke last; empty if only the desk did."""
        return self.turn.log.spoke[-1] if self.turn.log.spoke else ""

    @property
    def prompts(self) -> str:
        """The prompts of the specialists who spoke in this turn, which customers must not see."""
        return "\n".join(self.voices[name].prompt for name in self.turn.log.spoke)

    def workbench(self, name: str) -> SpecialistWorkbench:
        """Return a specialist's tools in this turn."""
        others = {other: one for other, one in self.roster.items() if other != name}
        return SpecialistWorkbench(self.roster[name], others, self.tools, self.voices[name], self.turn, self.evidence)

    async def _completed(self, state: Mapping[str, Any], table: SelectorGroupChat) -> Mapping[str, Any]:
        """Return the state with an empty one for everybody who has none."""
        known = state["agent_states"]
        if known.keys() >= {DESK, MANAGER, *self.roster}:
            return state
        return {**state, "agent_states": (await table.save_state())["agent_states"] | known}

    def _agent(self, one: Specialist) -> AssistantAgent:
        voice = self.voices[one.name]
        return AssistantAgent(
            one.name,
            voice,
            description=one.description,
            system_message=voice.prompt,
            workbench=self.workbench(one.name),
            model_context=Memory(one, self.roster, self.turn),
            max_tool_iterations=MAX_TOOL_ROUNDS,
            reflect_on_tool_use=True,
            model_client_stream=True,
        )


def _prompt(specialist: Specialist, turn: Turn) -> str:
    """Return the specialist's prompt, for staff with what is theirs; who has switched language is answered in it."""
    staff = turn.caller is not None and turn.caller.staff
    prompt = "\n".join([specialist.prompt, PROMPT, *([f"\n{STAFF}"] if staff else [])])
    if turn.waited is None or language_heard(turn.waited.text, turn.language) == turn.language:
        return prompt
    return f"{prompt}\n\nAnswer only in {LANGUAGES[turn.language]}."
