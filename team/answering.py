"""Answering one message: who answers it, with which tools, and what they say."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import cast

from storage.db import reading
from storage.events import list_latest_events
from storage.handovers import PERSON
from storage.tokens import Caller
from team.citations import without_ids
from team.crew import Crew
from team.customer_client import ServerUnreachableError
from team.greetings import greeting
from team.guardrails import MARKS, Guarded, guard_answer
from team.handoff import HAND_OVER
from team.identity import Identity
from team.inviting import dictates, invites, without_invitations
from team.language import say
from team.meanwhile import meanwhile
from team.models import Models
from team.notes import Notes
from team.particulars import with_marks
from team.parts import before_question, joined, with_changes
from team.roster import FALLBACK, Specialist
from team.router import Choice, Router
from team.speaking import Speaking
from team.tool_servers import Connection, ToolServers
from team.turn import StoppedError, Turn
from team.turns import Said
from team.visitor import needs_customer

LOOKED_BACK = 10
"""Messages in which somebody may have been told how to answer a question that comes later."""

RECENT = 4
"""How many messages before this one the router reads."""

NOT_RUN = Guarded("", "not run")
RECOGNIZED = "The customer was identified."


@dataclass(frozen=True)
class Answering:
    """What it takes to answer: the specialists, their models, the router, the shop's tools."""

    roster: Mapping[str, Specialist]
    models: Models
    router: Router
    servers: ToolServers
    identity: Identity

    async def answer(self, turn: Turn) -> Said:
        """Have the team answer a turn; what it cannot, is said honestly."""
        settled = _without_the_team(turn)
        if settled is not None or turn.caller is None:
            return settled or _sorry(turn, "")
        speaker = ""
        try:
            refusal = await self._recognized(turn)
            if refusal is None:
                speaker = await self._chosen(turn)
                refusal = await self._admitted(turn, speaker)
            if refusal is not None:
                return Said(refusal, "", NOT_RUN, None)
            connection = await turn.unless_stopped(self.servers.connect(turn.caller))
        except StoppedError:
            return _sorry(turn, speaker)
        except ServerUnreachableError:
            turn.trouble = "tools_down"
            return _sorry(turn, speaker)
        return await self._spoken(turn, speaker, connection)

    async def _recognized(self, turn: Turn) -> str | None:
        """Where a visitor tells who they are, find out; return what to tell them unless they are known."""
        if turn.visitor is None or not turn.visitor.answers:
            return None
        return await self.identity.find_out(turn, turn.visitor)

    async def _admitted(self, turn: Turn, speaker: str) -> str | None:
        """Let a visitor's message wait where its specialist needs a customer; return what to tell them then."""
        if turn.trouble is not None:
            return say(turn.trouble, turn.language)
        if turn.visitor is None or not needs_customer(self.roster[speaker].tools):
            return None
        if not turn.visitor.pending.asks and (saying := greeting(turn.text)):
            return say(saying, turn.language)
        # The service desk also gets whatever is no request: a "why?" must not take the place of one.
        return await self.identity.wait_for(turn, turn.visitor, speaker, instead=speaker != FALLBACK)

    async def _chosen(self, turn: Turn) -> str:
        if turn.request is not None and turn.request.specialist in self.roster:
            choice = Choice(turn.request.specialist, "rule", "this specialist waited to know the customer")
        elif turn.answered is not None and turn.answered[0].asker in self.roster:
            choice = Choice(turn.answered[0].asker, "rule", "this specialist's question was answered")
        else:
            turn.answered = None
            choice = await self.router.choose(turn, await _recent(turn))
        turn.record("router", **choice.as_event(list(self.roster)))
        if choice.by == "fallback" and turn.visitor is not None:
            # Nobody is asked who they are for an answer that will not come.
            turn.trouble = "model_down"
        return choice.name

    async def _spoken(self, turn: Turn, speaker: str, connection: Connection) -> Said:
        turn.notes, message = Notes.model_validate((turn.state or {}).get("notes", {})), turn.text
        crew = Crew(self.roster, speaker, self.models, connection, turn)
        await crew.load(turn.state)
        if turn.answered is not None:
            question, _ = turn.answered
            crew.voices[speaker].call(question.tool, question.arguments)
        speaking = Speaking(turn, crew, self._admitted, self._rejoined)
        await speaking.answer("\n".join(filter(None, [RECOGNIZED if turn.request else "", await meanwhile(turn)])))
        turn.notes = turn.notes.after(message, " and ".join(dict.fromkeys(turn.spoke)), turn.done, turn.about)
        said = await _told(turn, speaking, [*connection.tools, HAND_OVER])
        if turn.asked is not None and (_invites(turn, speaking) or await _was_dictated(turn)):
            # A yes could be meant for that: it is asked once more, and nothing else is said then.
            turn.asked = turn.asked.model_copy(update={"passed": True})
        speaking.crew.leave()
        return said

    async def _rejoined(self, turn: Turn, crew: Crew, speaker: str) -> Crew:
        """The same conversation with the tools of the customer that a visitor turned out to be."""
        connection = await turn.unless_stopped(self.servers.connect(cast(Caller, turn.caller)))
        known = Crew(self.roster, speaker, self.models, connection, turn)
        await known.load(await crew.save())
        return known


async def _told(turn: Turn, speaking: Speaking, tool_names: Collection[str]) -> Said:
    """What the customer reads of all that was said; where something broke off, that is said too."""
    speaker = speaking.crew.speaker
    state = {**await speaking.crew.save(), "notes": turn.notes.model_dump(mode="json")}
    if turn.trouble == "stopped":
        turn.asked = None
        return Said(say(turn.trouble, turn.language), speaker, NOT_RUN, state)
    parts = [*speaking.parts, *([say(turn.trouble, turn.language)] if turn.trouble else [])]
    answer = joined(parts, asked=turn.asked is not None)
    if turn.asked is not None:
        # What names a change only to ask for something does not tell of it.
        answer = without_invitations(answer)
    if turn.settled:
        answer = with_changes(answer, [change.translate(MARKS) for change in turn.done], turn.language)
    told = without_ids(answer, turn.policies)
    guarded = (
        Guarded("", "passed")
        if turn.asked and not told
        else guard_answer(told, tool_names, turn.language, turn.secrets, speaking.crew.prompts)
    )
    text = say(guarded.problem, turn.language) if guarded.problem else guarded.text
    return Said(text if turn.asked is None else before_question(text, turn.asked), speaker, guarded, state)


def _invites(turn: Turn, speaking: Speaking) -> bool:
    """Whether a model invited an answer in this turn; also where it did so only while the words came."""
    return any(map(invites, (*speaking.parts, *turn.written)))


async def _was_dictated(turn: Turn) -> bool:
    """Whether the customer was told before in which word to answer: the question is another one now."""
    async with reading(turn.steps.sessions) as session:
        latest = await list_latest_events(session, turn.conversation_id, "message", limit=LOOKED_BACK)
    return any(event.data["role"] == "assistant" and dictates(event.data["text"]) for event in latest)


def _without_the_team(turn: Turn) -> Said | None:
    """What code answers by itself: a login that is needed, trouble, a chat of a person's, a repeated question."""
    if turn.caller is None and turn.trouble is None:
        turn.trouble = "log_in"
    if turn.trouble is not None:
        return _sorry(turn, "")
    if turn.ticket_id is not None:
        return Said(say("person_answers", turn.language, ticket=turn.ticket_id), "", NOT_RUN, None)
    if turn.asked is not None:
        return Said("", turn.asked.asker, NOT_RUN, None)
    return None


def _sorry(turn: Turn, speaker: str) -> Said:
    return Said(say(turn.trouble or "stopped", turn.language), speaker, NOT_RUN, None)


async def _recent(turn: Turn) -> list[str]:
    async with reading(turn.steps.sessions) as session:
        latest = await list_latest_events(session, turn.conversation_id, "message", limit=RECENT + 1)
    # The last one is the message that is being answered.
    return [f"{_speaker(event.data)}: {with_marks(event.data['text'])}" for event in latest[:-1]]


def _speaker(message: dict[str, str]) -> str:
    return message.get("agent") or (PERSON if message["role"] == PERSON else "customer")
