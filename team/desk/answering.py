"""Answers one message: who answers it, with which tools, and what the customer reads."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from storage.chats.earlier import Earlier, read_earlier
from storage.chats.events import read_of
from storage.chats.handovers import PERSON
from storage.db import reading
from storage.reasons import Code, Reason
from storage.traces.conventions import CHOSEN_BY, OPERATION, PLAN, SPECIALIST
from storage.traces.tracing import span
from team.crew.crew import Crew
from team.crew.router import Choice, Router
from team.desk.identity import Identity
from team.desk.meanwhile import meanwhile
from team.desk.second_look import SecondLook
from team.models.models import Models
from team.roster import FALLBACK, Specialist
from team.tools.servers import Tools, ToolServers
from team.turn.handoff import HAND_OVER
from team.turn.log import Part
from team.turn.outcome import Outcome
from team.turn.parts import before_question, joined, naming_the_rest, with_changes
from team.turn.trouble import Trouble
from team.turn.turn import Turn
from team.turn.visitor import needs_customer
from team.words.citations import without_ids
from team.words.greetings import greeting
from team.words.guardrails import MARKS, PASSED, Guarded, guard_answer
from team.words.inviting import dictates, invites, without_invitations
from team.words.language import say
from team.words.particulars import with_marks

LOOKED_BACK = 10
"""How many past messages are searched for a reply that told the customer how to answer a later question."""

RECENT = 4
"""How many earlier messages the router reads."""

RECOGNIZED = "The customer was identified."


@dataclass(frozen=True)
class Answering:
    """Everything an answer needs: the specialists, their models, the router and the tool servers."""

    roster: Mapping[str, Specialist]
    models: Models
    router: Router
    servers: ToolServers
    identity: Identity

    async def answer(self, turn: Turn) -> Outcome:
        """Have the team answer a turn; if it cannot, return an outcome that says so."""
        settled = _without_the_team(turn)
        if settled is not None:
            return settled
        refusal = await self._recognized(turn)
        if turn.log.trouble is not None:
            return sorry(turn.log.trouble, turn)
        return await self._spoken(turn) if refusal is None else Outcome(refusal)

    async def _recognized(self, turn: Turn) -> str | None:
        """Identify a visitor who has just said who they are; return what to tell them, or None once they are known."""
        visitor = turn.visitor
        if visitor is None or not visitor.answers:
            return None
        return await self.identity.find_out(turn, visitor, visitor.known())

    async def _spoken(self, turn: Turn) -> Outcome:
        sessions, request = turn.log.steps.sessions, turn.request
        async with reading(sessions) as session:
            earlier = await read_earlier(session, request.conversation_id, last=request.last)
        news, notes = await meanwhile(sessions, request, request.notes, earlier.given_back)
        tools = Tools(self.servers)
        crew = Crew(self.roster, self.models, tools, turn, notes, earlier)

        async def admit(turn: Turn, part: Part) -> str | None:
            refusal = await self._admitted(turn, part)
            if refusal is None and turn.caller is not None:
                await turn.unless_stopped(tools.connect(turn.caller))
            return refusal

        note = "\n".join(filter(None, [RECOGNIZED if turn.waited else "", news]))
        choose = partial(self._chosen, recent=_recent(earlier))
        state = await crew.run(request.state, note, choose, admit)
        log = turn.log
        if not log.parts:
            # Nobody on the team spoke, so they have nothing to remember.
            return _told_by_desk(turn)
        message = request.text if turn.waited is None else turn.waited.text
        after = notes.after(message, " and ".join(dict.fromkeys(log.spoke)), log.changes, log.things)
        kept = {**state, "notes": after.model_dump(mode="json")}
        return await _told(turn, crew, kept, self.second_look, earlier)

    async def _admitted(self, turn: Turn, part: Part) -> str | None:
        """Park a visitor's message if its specialist needs a known customer; return what to tell them in that case."""
        visitor = turn.visitor
        if visitor is None or not needs_customer(self.roster[part.speaker].tools):
            return None
        if not visitor.pending.asks and (saying := greeting(part.text)):
            return say(saying, turn.language)
        # The service desk also gets messages that are not requests: a "why?" must not replace a request that is
        # waiting.
        return await self.identity.wait_for(turn, visitor, part, instead=part.speaker != FALLBACK)

    @property
    def second_look(self) -> SecondLook:
        """The guard's model, if the shop has one."""
        return SecondLook(self.models)

    async def _chosen(self, turn: Turn, recent: Sequence[str]) -> str:
        # The guard's model looks while the router thinks, and nobody reads the message before both are done.
        looking = asyncio.create_task(self.second_look.at_message(turn))
        try:
            with span("route", {OPERATION: PLAN}) as part:
                choice = await self._choice(turn, recent)
                part.tell({SPECIALIST: choice.name, CHOSEN_BY: choice.by})
            await looking
        finally:
            looking.cancel()
            await asyncio.wait({looking})
        turn.log.record("router", **choice.as_event(list(self.roster)))
        if choice.by == "fallback" and turn.visitor is not None:
            # If no answer is coming, do not ask the visitor who they are.
            turn.log.fail(Trouble.MODEL_DOWN)
        return choice.name

    async def _choice(self, turn: Turn, recent: Sequence[str]) -> Choice:
        request, waited = turn.request, turn.waited
        if waited is not None and waited.specialist in self.roster:
            return Choice(waited.specialist, "rule", Reason(Code.WAITED_FOR_CUSTOMER))
        if request.answer is not None and request.answer.question.asker in self.roster:
            return Choice(request.answer.question.asker, "rule", Reason(Code.QUESTION_ANSWERED))
        return await self.router.choose(turn, recent)


def sorry(trouble: Trouble, turn: Turn) -> Outcome:
    """Return what the customer is told when there is no answer."""
    return Outcome(say(trouble, turn.language))


async def _told(turn: Turn, crew: Crew, state: dict[str, object], look: SecondLook, earlier: Earlier) -> Outcome:
    """Build the customer's answer from everything that was said; if something failed midway, say that too."""
    log = turn.log
    if log.trouble is Trouble.STOPPED:
        return Outcome(say(log.trouble, turn.language), crew.speaker, state=state)
    asked = log.question
    answer = joined(log.said, asked=asked is not None)
    if asked is not None:
        # A line that names a change only to ask for something does not report that change.
        answer = without_invitations(answer)
    if log.settled and log.trouble is None:
        answer = with_changes(answer, [change.translate(MARKS) for change in log.changes], turn.language)
    guarded = _guarded(without_ids(answer, log.policies), turn, crew)
    message = turn.request.text if turn.waited is None else turn.waited.text
    rest = naming_the_rest(log.unanswered, message, turn.language)
    if guarded.problem and log.trouble is None:
        log.fail(Trouble.NOTHING_TO_SAY)
    if log.trouble is None and await look.withholds(turn, guarded.text):
        guarded = replace(guarded, text="")
    failed = "" if log.trouble is None else say(log.trouble, turn.language)
    text = "\n\n".join(filter(None, [guarded.text, failed, rest]))
    if asked is None:
        return Outcome(text, crew.speaker, guarded, state)
    if _invites(turn) or _was_dictated(earlier):
        # The customer's yes could be meant for that, so ask the question once more, with nothing else around it.
        asked = asked.model_copy(update={"passed": True})
    return Outcome(before_question(text, asked), crew.speaker, guarded, state, asked)


def _guarded(told: str, turn: Turn, crew: Crew) -> Guarded:
    if turn.log.question is not None and not told:
        return Guarded("", PASSED)
    return guard_answer(told, [*crew.tools.offered, HAND_OVER], turn.language, turn.secrets, crew.prompts)


def _invites(turn: Turn) -> bool:
    """Whether a model invited an answer in this turn, even in words that were only streamed and then withdrawn."""
    return any(map(invites, (*turn.log.said, *turn.log.written)))


def _was_dictated(earlier: Earlier) -> bool:
    """Whether an earlier message told the customer which word to answer with: this question is a different one."""
    latest = earlier.messages[-LOOKED_BACK:]
    return any(one["role"] == "assistant" and dictates(one["text"]) for one in latest)


def _told_by_desk(turn: Turn) -> Outcome:
    trouble = turn.log.trouble
    return sorry(trouble, turn) if trouble is not None else Outcome("\n\n".join(turn.log.said))


def _without_the_team(turn: Turn) -> Outcome | None:
    """Answer what needs no model: a missing login, trouble, a chat a person has taken over, a repeated question."""
    request = turn.request
    if request.refused is not None:
        turn.log.fail(request.refused)
    elif request.caller is None:
        turn.log.fail(Trouble.LOG_IN)
    if turn.log.trouble is not None:
        return sorry(turn.log.trouble, turn)
    if request.ticket_id is not None:
        return Outcome(say("person_answers", turn.language, ticket=request.ticket_id))
    if request.repeats is not None:
        return Outcome("", request.repeats.asker, question=request.repeats)
    return None


def _recent(earlier: Earlier) -> list[str]:
    # The last one is the message being answered.
    return [as_recent(message) for message in earlier.messages[-(RECENT + 1) : -1]]


def as_recent(message: Mapping[str, Any]) -> str:
    """Return an earlier message as the router reads it: who said it, and what."""
    speaker = message.get("agent") or (PERSON if message["role"] == PERSON else "customer")
    return f"{speaker}: {with_marks(read_of(message))}"
