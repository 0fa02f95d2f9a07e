"""How a turn begins and ends in the database: one transaction each, so that no other turn sees it half done."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.chats.conversations import Conversation, get_conversation
from storage.chats.events import Event, add_events
from storage.chats.handovers import find_handover, hear
from storage.chats.leases import release_lease, take_lease
from storage.db import now
from storage.handbook.in_vain import keep_in_vain
from storage.owners import TheShop
from storage.people.accounts import get_account
from storage.people.api_keys import ApiKey
from storage.shop.customers import get_customer
from storage.shop.tickets import Ticket
from storage.tokens import VISITOR, Caller
from team.desk.conduct import CONDUCT, Response, notices_of, response_to
from team.desk.cut_off import CutOff, find_cut_off
from team.desk.failed_turn import ask_a_person, needs_a_person, problem_of, sorry
from team.desk.hearing import Heard
from team.desk.traced import trace_ended
from team.turn.confirmations import NoSuchQuestionError, OpenQuestion
from team.turn.outcome import Outcome
from team.turn.request import CustomerAnswer, Request, task_of
from team.turn.steps import Step, add_step, as_step
from team.turn.trouble import Trouble
from team.turn.turn import Turn
from team.turn.visitor import SCOPES, Pending, Visitor
from team.words.citations import sources
from team.words.guardrails import guard_message
from team.words.language import language_of, say

TITLE_CHARS = 60


@dataclass
class Beginning:
    """A conversation whose turn was just taken, and what is being asked so far."""

    session: AsyncSession
    conversation: Conversation
    request: Request
    question: OpenQuestion | None
    stored: list[Step]
    handover: Ticket | None = None
    cut_off: CutOff | None = None

    async def add(self, kind: str, **data: Any) -> None:  # noqa: ANN401 - an event's data is JSON of any shape
        """Store a step in this transaction."""
        self.stored.append(await add_step(self.session, self.conversation.id, kind, data))

    async def hear(self, message: Heard) -> None:
        """Take a parsed message: its language, and whether it is the yes or no that an open question waits for."""
        visitor, response = self.request.visitor, await self._response_to(message)
        door = {"in_chat": self.request.in_chat, "asked": visitor is not None and visitor.pending.asks}
        heard = message.told(**door)
        if visitor is not None:
            # A visitor may say who they are; their details are not stored as they wrote them.
            self._ask(visitor=replace(visitor, given=heard))
        language = language_of(heard.words, self.request.language)
        told = heard.told
        if response.withholds and (told := message.without_orders(**door)):
            language = language_of(told, language)
        notices = notices_of(response.guarded.hidden, response.notice, language)
        self._ask(text=told, image_ids=message.image_ids, language=language, notices=notices)
        yes = None if self.question is None else message.answer_to(self.question.tool)
        if self.question is not None and yes is not None:
            self._answer(self.question, yes)
        await self.add("guard", **response.guarded.as_event("message"))
        await self.add("message", role="customer", **self._said(heard.shown, response, hidden=heard.hidden))
        if self.request.answer is not None:
            await self.add("answer", question_id=self.request.answer.question.id, yes=yes, by="message")
        self._go_on(response, heard.told)
        self._name_after(told if response.withholds else heard.shown, response)

    async def _response_to(self, message: Heard) -> Response:
        staff = self.request.caller is not None and self.request.caller.staff
        response = await response_to(self.session, self.conversation.id, message, staff=staff)
        # A person who has this conversation reads all of it, and answers.
        return response if self.handover is None else response.for_a_person()

    def _go_on(self, response: Response, told: str) -> None:
        """Answer by code, pass the message on to the person who answers here, or leave it to the team."""
        if response.refused is not None:
            self._ask(refused=response.refused)
        elif self.handover is not None:
            self._pass_on(self.handover, task_of(told, self.request.image_ids))
        elif self.request.answer is None:
            self._add_unanswered()

    def _said(self, shown: str, response: Response, *, hidden: bool) -> dict[str, Any]:
        """The message as it is stored: as its sender sees it, and what of it the team read if that is not the same."""
        request, guarded = self.request, response.guarded
        return {
            "text": shown,
            "image_ids": list(request.image_ids),
            "language": request.language,
            **({"masked": True} if hidden else {}),
            **({"hidden": list(guarded.hidden)} if guarded.hidden else {}),
            **({"told": request.text} if response.withholds else {}),
            **({"refused": response.refused.value} if response.refused in CONDUCT else {}),
            **({"notice": response.notice} if response.notice else {}),
        }

    def _name_after(self, text: str, response: Response) -> None:
        """Name a new conversation after its first message, unless that asks for nothing."""
        if response.refused in CONDUCT:
            return
        self.conversation.title = self.conversation.title or " ".join(text.split())[:TITLE_CHARS]

    async def press(self, question_id: str, yes: bool) -> None:
        """Take the answer given with a question's button.

        Raises:
            NoSuchQuestionError: this question is not open.
        """
        if self.question is None or self.question.id != question_id:
            raise NoSuchQuestionError(question_id)
        self._take(self.question, yes)
        await self.add("answer", question_id=question_id, yes=yes, by="button")

    def take_up(self, cut_off: CutOff) -> None:
        """Run a turn that was cut off again, or tell the customer that it was."""
        guarded = guard_message(cut_off.text, bool(cut_off.image_ids))
        language = cut_off.language or self.request.language
        notices = notices_of(cut_off.hidden, cut_off.notice, language)
        self._ask(text=cut_off.text, image_ids=cut_off.image_ids, language=language, notices=notices)
        if cut_off.refused:
            self._ask(refused=Trouble(cut_off.refused))
        elif not cut_off.may_be_repeated:
            self._ask(refused=Trouble.CUT_OFF, unsure=cut_off.changes or cut_off.is_second)
        elif cut_off.answers is not None:
            self._answer_again(*cut_off.answers)
        elif guarded.problem:
            self._ask(refused=Trouble(guarded.problem))

    def _ask(self, **known: Any) -> None:  # noqa: ANN401 - fields of a request
        """Add what is known by now to the request."""
        request = replace(self.request, **known)
        caller = None if request.caller is None else replace(request.caller, language=request.language)
        self.request = replace(request, caller=caller)

    def _add_unanswered(self) -> None:
        """Answer a message that was cut off together with the one that followed it."""
        request, before = self.request, self.cut_off
        if before is not None and before.may_be_repeated and before.text != request.text and before.answers is None:
            images = tuple(dict.fromkeys([*before.image_ids, *request.image_ids]))
            self._ask(text=f"{before.text}\n{request.text}".strip(), image_ids=images)

    def _answer(self, question: OpenQuestion, yes: bool) -> None:
        if yes and question.passed:
            # Something the model said since may have been made to draw this yes, so ask the question itself once more.
            self._ask(repeats=question.model_copy(update={"passed": False}), language=question.language)
        else:
            self._ask(answer=CustomerAnswer(question, yes), language=question.language)

    def _take(self, question: OpenQuestion, yes: bool, text: str = "") -> None:
        told = text or say("yes" if yes else "no", question.language)
        self._ask(answer=CustomerAnswer(question, yes), language=question.language, text=told)

    def _answer_again(self, question_id: str, yes: bool) -> None:
        if self.question is None or self.question.id != question_id:
            self._ask(refused=Trouble.CUT_OFF, unsure=yes)
        else:
            self._take(self.question, yes, self.request.text)

    def _pass_on(self, ticket: Ticket, text: str) -> None:
        """Write the message to the ticket, where the person who has this conversation reads it."""
        by = "customer" if self.request.caller is None else self.request.caller.subject
        hear(ticket, text, by)


async def begin_turn(
    session: AsyncSession,
    conversation_id: str,
    address: str | None = None,
    *,
    own: Collection[str] = (),
    resumes: bool = False,
) -> Beginning:
    """Take the conversation's turn, for a message from this network address, or to resume one that was cut off.

    `own` are the lease holders of the turns in this process, read once the conversation's row is locked.

    Raises:
        ConversationNotFoundError: there is no such conversation.
        ConversationBusyError: another turn holds it.
    """
    conversation = await get_conversation(session, conversation_id, TheShop(), lock=True)
    was_held = conversation.lease_holder is not None
    holder = take_lease(conversation, own)
    # Lock the ticket before storing any event: whoever comments on it locks it first, too.
    handover = await find_handover(session, conversation_id, lock=True)
    language = await _language(session, conversation)
    caller = await _caller(session, conversation, language)
    request = Request(
        conversation_id,
        holder,
        caller,
        language,
        state=conversation.state,
        visitor=_visitor(conversation, address),
        in_chat=conversation.visitor_id is not None,
        ticket_id=None if handover is None else handover.id,
    )
    if handover is not None:
        # The turn that handed over may have ended with an open question.
        conversation.open_question = None
    found = conversation.open_question
    question = None if found is None else OpenQuestion.model_validate(found)
    cut_off = await find_cut_off(session, conversation_id) if was_held else None
    beginning = Beginning(session, conversation, request, question, [], handover, cut_off)
    if cut_off is not None:
        await beginning.add("turn_ended", turn=cut_off.turn_id, status="lost", **cut_off.spent)
    await beginning.add(
        "turn_started", turn=request.turn_id, **({"resumes": cut_off.turn_id} if cut_off and resumes else {})
    )
    beginning.request = replace(beginning.request, began=beginning.stored[-1].seq or 0)
    return beginning


async def resume_turn(session: AsyncSession, conversation_id: str, own: Collection[str] = ()) -> Beginning | None:
    """Take over a conversation whose turn died with its process; return None if there is nothing to answer.

    Raises:
        ConversationNotFoundError: there is no such conversation.
        ConversationBusyError: another turn holds it.
    """
    # The turn may end while we wait for its row, so look at its outcome only then.
    conversation = await get_conversation(session, conversation_id, TheShop(), lock=True)
    if await find_cut_off(session, conversation_id) is None:
        release_lease(conversation, take_lease(conversation, own))
        return None
    return await begin_turn(session, conversation_id, own=own, resumes=True)


async def end_turn(session: AsyncSession, turn: Turn, outcome: Outcome, unstored: Sequence[Event]) -> list[Step]:
    """Store the last steps, the answer, its question and the team's state, and release the lease.

    A turn that outlived its lease stores nothing: by now another turn is answering the same message.
    """
    request = turn.request
    conversation = await get_conversation(session, request.conversation_id, TheShop(), lock=True)
    if conversation.lease_holder != request.holder:
        return []

    async def add(kind: str, **data: Any) -> None:  # noqa: ANN401 - an event's data is JSON of any shape
        stored.append(await add_step(session, request.conversation_id, kind, data))

    # Lock the ticket before storing any event: whoever comments on it locks it first, too.
    ticket = await ask_a_person(session, turn) if needs_a_person(turn) else None
    text = _with_notices(sorry(turn, outcome, None if ticket is None else ticket.id), request)
    await add_events(session, unstored)
    stored = [as_step(event) for event in unstored]
    await add("guard", **outcome.guard.as_event("answer"))
    if ticket is not None:
        why = problem_of(turn).as_fields("reason")
        await add("ticket", ticket_id=ticket.id, opened=len(ticket.history) == 1, **why)
    told = {"role": "assistant", "image_ids": [], "language": turn.language}
    if text:
        await add("message", text=text, agent=outcome.agent, **told, **sources(text, turn.log.policies))
    if (asked := outcome.question) is not None:
        await add("message", text=asked.text, agent=asked.asker, **told, question_id=asked.id)
        await add("question", **asked.as_event())
    spent = asdict(turn.log.spent)
    await add("turn_ended", turn=request.turn_id, status=_status(turn, outcome), ms=turn.ms, **spent)
    await trace_ended(session, turn, stored)
    await keep_in_vain(session, request.conversation_id, turn.language, turn.log.in_vain)
    _keep(conversation, turn, outcome)
    release_lease(conversation, request.holder)
    await session.flush()
    return stored


def _with_notices(text: str, request: Request) -> str:
    return "\n\n".join(filter(None, [text, *request.notices]))


def _keep(conversation: Conversation, turn: Turn, outcome: Outcome) -> None:
    conversation.updated_at, conversation.language = now(), turn.language
    if outcome.state is not None:
        conversation.state = dict(outcome.state)
    if outcome.question is not None:
        conversation.open_question = outcome.question.model_dump(mode="json")
    elif turn.log.settled:
        conversation.open_question = None
    elif conversation.open_question is not None:
        # The next yes may refer to what this turn said rather than to the question before it.
        conversation.open_question = {**conversation.open_question, "passed": True}


def _status(turn: Turn, outcome: Outcome) -> str:
    trouble = turn.log.trouble
    if trouble is Trouble.STOPPED:
        return "stopped"
    if turn.log.unreached or (trouble is not None and trouble.is_failure):
        return "failed"
    return "done" if outcome.question is None else "asked"


def _visitor(conversation: Conversation, address: str | None) -> Visitor | None:
    if conversation.visitor_id is None or conversation.customer_id is not None:
        return None
    return Visitor(Pending.model_validate(conversation.identity or {}), address)


async def _language(session: AsyncSession, conversation: Conversation) -> str:
    """Return the conversation's language; before its first message, the customer's own."""
    if conversation.title or conversation.customer_id is None:
        return conversation.language
    return (await get_customer(session, conversation.customer_id)).language


async def _caller(session: AsyncSession, conversation: Conversation, language: str) -> Caller | None:
    if conversation.customer_id is not None:
        return Caller(conversation.customer_id, False, frozenset(), conversation.id, language)
    if conversation.visitor_id is not None:
        return Caller(f"{VISITOR}{conversation.visitor_id}", False, SCOPES, conversation.id, language)
    if conversation.key_id is not None and conversation.account_id is None:
        key = await session.get(ApiKey, conversation.key_id)
        return None if key is None or not key.staff else Caller(key.id, True, frozenset(), conversation.id, language)
    account = None if conversation.account_id is None else await get_account(session, conversation.account_id)
    if account is None or not account.staff:
        return None
    return Caller(account.id, True, frozenset(), conversation.id, language)
