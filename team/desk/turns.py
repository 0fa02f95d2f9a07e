"""How a turn begins and ends in the database: one transaction each, so that no other turn sees it half done."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.chats.conversations import Conversation, get_conversation
from storage.chats.events import Event, add_events, new_event
from storage.chats.handovers import find_handover
from storage.chats.leases import release_lease, take_lease
from storage.db import now
from storage.handbook.in_vain import keep_in_vain
from storage.owners import TheShop
from storage.people.accounts import get_account
from storage.people.api_keys import ApiKey
from storage.shop.customers import language_of
from storage.tokens import VISITOR, Caller
from team.desk.beginning import Beginning
from team.desk.cut_off import find_cut_off
from team.desk.failed_turn import ask_a_person, needs_a_person, problem_of, sorry
from team.desk.traced import trace_ended
from team.turn.confirmations import OpenQuestion
from team.turn.outcome import Outcome
from team.turn.request import Request
from team.turn.steps import Step, as_step
from team.turn.trouble import Trouble
from team.turn.turn import Turn
from team.turn.visitor import SCOPES, Pending, Visitor
from team.words.citations import sources


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
        beginning.add("turn_ended", turn=cut_off.turn_id, status="lost", **cut_off.spent)
    beginning.add("turn_started", turn=request.turn_id, **({"resumes": cut_off.turn_id} if cut_off and resumes else {}))
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

    def add(kind: str, **data: Any) -> None:  # noqa: ANN401 - an event's data is JSON of any shape
        events.append(new_event(request.conversation_id, kind, data))

    # Lock the ticket before storing any event: whoever comments on it locks it first, too.
    ticket = await ask_a_person(session, turn) if needs_a_person(turn) else None
    text = _with_notices(sorry(turn, outcome, None if ticket is None else ticket.id), request)
    events = list(unstored)
    add("guard", **outcome.guard.as_event("answer"))
    if ticket is not None:
        why = problem_of(turn).as_fields("reason")
        add("ticket", ticket_id=ticket.id, opened=len(ticket.history) == 1, **why)
    told = {"role": "assistant", "image_ids": [], "language": turn.language}
    if text:
        add("message", text=text, agent=outcome.agent, **told, **sources(text, turn.log.policies))
    if (asked := outcome.question) is not None:
        add("message", text=asked.text, agent=asked.asker, **told, question_id=asked.id)
        add("question", **asked.as_event())
    spent = asdict(turn.log.spent)
    add("turn_ended", turn=request.turn_id, status=_status(turn, outcome), ms=turn.ms, **spent)
    await add_events(session, events)
    stored = [as_step(event) for event in events]
    await trace_ended(session, turn, stored)
    # A search may take an answer for none; the model reads the passages, and what it cites did answer.
    vain = [question for question, nearest in turn.log.in_vain if not sources(text, nearest)]
    await keep_in_vain(session, request.conversation_id, turn.language, vain)
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
    return await language_of(session, conversation.customer_id)


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
