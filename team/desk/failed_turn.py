"""A turn that failed for good: what the customer is told, and the ticket that hands it to a person."""

from sqlalchemy.ext.asyncio import AsyncSession

from storage.chats.events import list_latest_events
from storage.owners import Staff
from storage.reasons import Code, Reason
from storage.shop.ticket_states import customer_said
from storage.shop.tickets import (
    UNRESOLVED,
    EntryKind,
    Ticket,
    TicketCategory,
    TicketPriority,
    add_entry,
    get_ticket,
    is_last,
    open_ticket,
)
from team.turn.outcome import Outcome
from team.turn.trouble import Trouble
from team.turn.turn import Turn
from team.words.guardrails import MARKS
from team.words.language import say

TICKET = "ticket"
BY = "shopdesk"


def needs_a_person(turn: Turn) -> bool:
    """Whether a person should look at what this turn could not answer.

    A visitor who is not identified left no way to reach them, and a change that is known to be done needs nobody.
    """
    log = turn.log
    failed = log.unreached if log.trouble is None else log.trouble.is_failure
    known = turn.caller is not None and not turn.caller.staff and turn.visitor is None
    return failed and known and (is_unsure(turn) or not log.changes)


def problem_of(turn: Turn) -> Reason:
    """Return why a person should look at this turn; every trouble that is a failure has a code of the same name."""
    if turn.log.trouble is not None:
        return Reason(Code(turn.log.trouble))
    return Reason(Code.TOOLS_DOWN)


async def ask_a_person(session: AsyncSession, turn: Turn) -> Ticket:
    """Open a ticket with what the customer asked, or add to this conversation's ticket if that is still open."""
    assert turn.caller is not None  # noqa: S101 - an unidentified visitor gets no ticket
    asked = turn.request.task if turn.waited is None else turn.waited.text
    told = f"{asked}\n\n[{problem_of(turn).code}; conversation {turn.request.conversation_id}]"
    ticket = await _open_one(session, turn)
    if ticket is None:
        ticket = open_ticket(
            session,
            "A customer got no answer",
            told,
            TicketCategory.OTHER,
            by=BY,
            customer_id=turn.caller.subject,
            priority=TicketPriority.HIGH,
        )
    elif not is_last(ticket, EntryKind.COMMENT, told, BY):
        add_entry(ticket, EntryKind.COMMENT, told, by=BY)
        customer_said(ticket)
    return ticket


async def _open_one(session: AsyncSession, turn: Turn) -> Ticket | None:
    earlier = await list_latest_events(session, turn.request.conversation_id, TICKET, limit=1)
    if not earlier:
        return None
    ticket = await get_ticket(session, str(earlier[-1].data["ticket_id"]), Staff(), lock=True)
    return ticket if ticket.status in UNRESOLVED else None


def is_unsure(turn: Turn) -> bool:
    """Whether this turn, or the one it resumes, may have made a change that nobody could confirm."""
    return turn.request.unsure or turn.log.unsure


def sorry(turn: Turn, outcome: Outcome, ticket_id: str | None) -> str:
    """Return what the customer is told: the outcome's text, for a failed turn what was already done, and what happens
    next.

    Anything answered before the failure is kept.
    """
    told, trouble = outcome.text, turn.log.trouble
    if trouble is not None and trouble.is_failure and (failed := say(trouble, turn.language)) not in told:
        told = failed
    return " ".join(one for one in (told, *_more(turn, ticket_id)) if one)


def _more(turn: Turn, ticket_id: str | None) -> list[str]:
    trouble = turn.log.trouble
    failed = trouble is not None and trouble.is_failure
    more = _what_was_done(turn, failed) if failed or trouble is Trouble.STOPPED else []
    if ticket_id is not None:
        return [*more, say("ticket", turn.language, ticket=ticket_id)]
    return [*more, say("try_again", turn.language)] if failed and not turn.log.changes else more


def _what_was_done(turn: Turn, failed: bool) -> list[str]:
    changes = turn.log.changes
    told = [say("was_done", turn.language, change=change.translate(MARKS).rstrip(".")) for change in changes]
    if is_unsure(turn):
        return [*told, say("unsure", turn.language)]
    return told or ([say("nothing_changed", turn.language)] if failed else [])
