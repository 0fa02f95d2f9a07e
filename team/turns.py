"""How a turn begins and ends in the database: each is one transaction, so that no other turn sees half of it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.accounts import get_account
from storage.conversations import Conversation, get_conversation
from storage.customers import get_customer
from storage.db import now
from storage.events import add_events
from storage.handovers import find_handover, hear
from storage.leases import release_lease, take_lease
from storage.owners import TheShop
from storage.tickets import Ticket
from storage.tokens import VISITOR, Caller
from team.citations import sources
from team.confirmations import OpenQuestion
from team.cut_off import CutOff, find_cut_off
from team.events import Step, Steps, add_step, as_step
from team.failed_turn import FAILURES, ask_a_person, needs_a_person, sorry
from team.guardrails import Guarded, guard_message
from team.hearing import Heard
from team.language import language_of, say
from team.turn import Turn
from team.visitor import SCOPES, Pending, Visitor

TITLE_CHARS = 60


@dataclass(frozen=True)
class Said:
    """What the turn answers the customer: which specialist said it, and the guard's word on it."""

    text: str
    agent: str
    guard: Guarded
    state: dict[str, Any] | None


@dataclass
class Beginning:
    """A conversation whose turn was just taken."""

    session: AsyncSession
    conversation: Conversation
    turn: Turn
    question: OpenQuestion | None
    stored: list[Step]
    handover: Ticket | None = None
    cut_off: CutOff | None = None

    async def add(self, kind: str, **data: Any) -> None:  # noqa: ANN401 - an event's data is JSON of any shape
        """Store a step with the transaction."""
        self.stored.append(await add_step(self.session, self.conversation.id, kind, data))

    async def hear(self, message: Heard) -> None:
        """Take a message that was read: its language, and whether it is the yes or no that a question waits for."""
        turn, guarded = self.turn, message.guarded
        asks = turn.visitor is not None and turn.visitor.pending.asks
        heard = message.told(in_chat=turn.in_chat, asked=asks)
        if turn.visitor is not None:
            # Who has not logged in may tell who they are, which is not kept as it was said.
            turn.visitor.given = heard
        turn.text, turn.image_ids = heard.told, message.image_ids
        turn.language = language_of(heard.words, turn.language)
        yes = None if self.question is None else message.answer_to(self.question.tool)
        if self.question is not None and yes is not None:
            self._answer(self.question, yes)
        await self.add("guard", **guarded.as_event("message"))
        said = {"text": heard.shown, "image_ids": list(message.image_ids), "language": turn.language}
        await self.add("message", role="customer", **said, **({"masked": True} if heard.hidden else {}))
        if turn.answered is not None:
            await self.add("answer", question_id=turn.answered[0].id, yes=yes, by="message")
        if guarded.verdict == "blocked":
            turn.trouble = guarded.problem
        elif self.handover is not None:
            self._pass_on(self.handover)
        elif turn.answered is None:
            self._add_unanswered()
        self.conversation.title = self.conversation.title or " ".join(heard.shown.split())[:TITLE_CHARS]

    def _add_unanswered(self) -> None:
        """Answer a message that was cut off together with the one that came after it."""
        turn, before = self.turn, self.cut_off
        if before is not None and before.may_be_repeated and before.text != turn.text and before.answers is None:
            turn.text = f"{before.text}\n{turn.text}".strip()
            turn.image_ids = tuple(dict.fromkeys([*before.image_ids, *turn.image_ids]))

    def take_up(self, cut_off: CutOff) -> None:
        """Do a turn that was cut off once more, or say honestly that it was."""
        turn, guarded = self.turn, guard_message(cut_off.text, bool(cut_off.image_ids))
        turn.text, turn.image_ids = cut_off.text, cut_off.image_ids
        turn.language = cut_off.language or turn.language
        if not cut_off.may_be_repeated:
            turn.trouble, turn.unsure = "cut_off", cut_off.changes or cut_off.is_second
        elif cut_off.answers is not None:
            self._answer_again(*cut_off.answers)
        elif guarded.verdict == "blocked":
            turn.trouble = guarded.problem

    def _answer(self, question: OpenQuestion, yes: bool) -> None:
        self.turn.language = question.language
        if yes and question.passed:
            # What the model said since could have been made to get this yes: the question itself is asked once more.
            self.turn.asked = question.model_copy(update={"passed": False})
        else:
            self.turn.answered = (question, yes)

    def _answer_again(self, question_id: str, yes: bool) -> None:
        turn = self.turn
        if self.question is None or self.question.id != question_id:
            turn.trouble, turn.unsure = "cut_off", yes
            return
        turn.answered, turn.language = (self.question, yes), self.question.language
        turn.text = turn.text or say("yes" if yes else "no", turn.language)

    def _pass_on(self, ticket: Ticket) -> None:
        """Write the message where the person who has this conversation reads it."""
        turn = self.turn
        by = "customer" if turn.caller is None else turn.caller.subject
        hear(ticket, turn.task, by)


async def begin_turn(
    session: AsyncSession,
    steps: Steps,
    conversation_id: str,
    address: str | None = None,
    *,
    own: Collection[str] = (),
    resumes: bool = False,
) -> Beginning:
    """Take the conversation's turn, for somebody at this network address, or to take up one that was cut off.

    `own` are the holders of the turns that run in this process, as they are once the conversation is held.

    Raises:
        ConversationNotFoundError: there is no such conversation.
        ConversationBusyError: another turn has it.
    """
    conversation = await get_conversation(session, conversation_id, TheShop(), lock=True)
    was_held = conversation.lease_holder is not None
    holder = take_lease(conversation, own)
    # Before any event: who comments on the ticket holds it first, too.
    handover = await find_handover(session, conversation_id, lock=True)
    language = await _language(session, conversation)
    caller = await _caller(session, conversation, language)
    turn = Turn(conversation_id, holder, caller, language, steps, state=conversation.state)
    turn.in_chat = conversation.visitor_id is not None
    if turn.in_chat and conversation.customer_id is None:
        turn.visitor = Visitor(Pending.model_validate(conversation.identity or {}), address)
    turn.ticket_id = None if handover is None else handover.id
    if handover is not None:
        # The turn that handed over may have ended with it.
        conversation.open_question = None
    found = conversation.open_question
    question = None if found is None else OpenQuestion.model_validate(found)
    cut_off = await find_cut_off(session, conversation_id) if was_held else None
    beginning = Beginning(session, conversation, turn, question, [], handover, cut_off)
    if cut_off is not None:
        await beginning.add("turn_ended", turn=cut_off.turn_id, status="lost", **cut_off.spent)
    await beginning.add("turn_started", turn=turn.id, **({"resumes": cut_off.turn_id} if cut_off and resumes else {}))
    return beginning


async def resume_turn(
    session: AsyncSession, steps: Steps, conversation_id: str, own: Collection[str] = ()
) -> Beginning | None:
    """Take up a conversation whose turn ended with its process; None where there is nothing to answer.

    Raises:
        ConversationNotFoundError: there is no such conversation.
        ConversationBusyError: another turn has it.
    """
    if await find_cut_off(session, conversation_id) is None:
        conversation = await get_conversation(session, conversation_id, TheShop(), lock=True)
        release_lease(conversation, take_lease(conversation, own))
        return None
    return await begin_turn(session, steps, conversation_id, own=own, resumes=True)


async def end_turn(session: AsyncSession, turn: Turn, said: Said) -> list[Step]:
    """Store the answer, the question it ends with, and the team's state; give the turn back.

    A turn that outlived its lease stores nothing: another one answers the same message by now.
    """
    conversation = await get_conversation(session, turn.conversation_id, TheShop(), lock=True)
    if conversation.lease_holder != turn.holder:
        return []

    async def add(kind: str, **data: Any) -> None:  # noqa: ANN401 - an event's data is JSON of any shape
        stored.append(await add_step(session, turn.conversation_id, kind, data))

    # Before any event: who comments on a ticket holds it first, too.
    ticket = await ask_a_person(session, turn) if needs_a_person(turn, said.guard) else None
    text = sorry(turn, said.text, None if ticket is None else ticket.id)
    await add_events(session, turn.unstored)
    stored = [as_step(event) for event in turn.unstored]
    await add("guard", **said.guard.as_event("answer"))
    if ticket is not None:
        await add("ticket", ticket_id=ticket.id, opened=len(ticket.history) == 1)
    told = {"role": "assistant", "image_ids": [], "language": turn.language}
    if text:
        await add("message", text=text, agent=said.agent, **told, **sources(text, turn.policies))
    if (asked := turn.asked) is not None:
        await add("message", text=asked.text, agent=asked.asker, **told, question_id=asked.id)
        await add("question", **asked.as_event())
    await add(
        "turn_ended",
        turn=turn.id,
        status=_status(turn),
        ms=turn.ms,
        model_calls=turn.model_calls,
        prompt_tokens=turn.prompt_tokens,
        completion_tokens=turn.completion_tokens,
    )
    _keep(conversation, turn, said)
    release_lease(conversation, turn.holder)
    await session.flush()
    return stored


def _keep(conversation: Conversation, turn: Turn, said: Said) -> None:
    conversation.updated_at, conversation.language = now(), turn.language
    if said.state is not None:
        conversation.state = said.state
    if turn.asked is not None:
        conversation.open_question = turn.asked.model_dump(mode="json")
    elif turn.settled:
        conversation.open_question = None
    elif conversation.open_question is not None:
        # A yes that comes next may be meant for what was said in this turn, and not for the question before it.
        conversation.open_question = {**conversation.open_question, "passed": True}


def _status(turn: Turn) -> str:
    if turn.trouble == "stopped":
        return "stopped"
    if turn.trouble in FAILURES or turn.unreached:
        return "failed"
    return "done" if turn.asked is None else "asked"


async def _language(session: AsyncSession, conversation: Conversation) -> str:
    """The conversation's language; before its first message, the customer's own."""
    if conversation.title or conversation.customer_id is None:
        return conversation.language
    return (await get_customer(session, conversation.customer_id)).language


async def _caller(session: AsyncSession, conversation: Conversation, language: str) -> Caller | None:
    if conversation.customer_id is not None:
        return Caller(conversation.customer_id, False, frozenset(), conversation.id, language)
    if conversation.visitor_id is not None:
        return Caller(f"{VISITOR}{conversation.visitor_id}", False, SCOPES, conversation.id, language)
    account = None if conversation.account_id is None else await get_account(session, conversation.account_id)
    if account is None or not account.staff:
        return None
    return Caller(account.id, True, frozenset(), conversation.id, language)
