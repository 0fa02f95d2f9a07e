"""A turn that nothing helped: what the customer is told, and the ticket by which a person takes it up."""

from sqlalchemy.ext.asyncio import AsyncSession

from storage.events import list_latest_events
from storage.owners import Staff
from storage.tickets import (
    EntryKind,
    Ticket,
    TicketCategory,
    TicketPriority,
    TicketStatus,
    add_entry,
    get_ticket,
    is_last,
    open_ticket,
)
from team.guardrails import MARKS, Guarded
from team.language import say
from team.turn import Turn

FAILURES = {"model_down", "tools_down", "too_slow", "looped", "failed", "cut_off", "wrong_language"}
TICKET = "ticket"
BY = "shopdesk"


def needs_a_person(turn: Turn, guard: Guarded) -> bool:
    """Whether a person should look at what this turn could not answer.

    Somebody who is not known left nothing by which a person could reach them; what was done needs nobody any more.
    """
    helpless = turn.unreached or guard.problem == "nothing_to_say"
    failed = turn.trouble in FAILURES or (turn.trouble is None and helpless)
    known = turn.caller is not None and not turn.caller.staff and turn.visitor is None
    return failed and known and (turn.unsure or not turn.done)


async def ask_a_person(session: AsyncSession, turn: Turn) -> Ticket:
    """Open a ticket with what the customer asked; a conversation whose ticket is still open goes on in that one."""
    assert turn.caller is not None  # noqa: S101 - of nobody known, no person is asked
    problem = turn.trouble or ("tools_down" if turn.unreached else "no answer")
    told = f"{turn.task}\n\n[{problem}; conversation {turn.conversation_id}]"
    ticket = await _open_one(session, turn)
    if ticket is None:
        ticket = open_ticket(
            session,
            "The assistant could not answer a customer",
            told,
            TicketCategory.OTHER,
            by=BY,
            customer_id=turn.caller.subject,
            priority=TicketPriority.HIGH,
        )
    elif not is_last(ticket, EntryKind.COMMENT, told, BY):
        add_entry(ticket, EntryKind.COMMENT, told, by=BY)
    return ticket


async def _open_one(session: AsyncSession, turn: Turn) -> Ticket | None:
    earlier = await list_latest_events(session, turn.conversation_id, TICKET, limit=1)
    if not earlier:
        return None
    ticket = await get_ticket(session, str(earlier[-1].data["ticket_id"]), Staff(), lock=True)
    return ticket if ticket.status is TicketStatus.OPEN else None


def sorry(turn: Turn, text: str, ticket_id: str | None) -> str:
    """Return what the customer is told: `text`, where the turn failed what was done, and what happens now.

    What was answered before it failed stays.
    """
    told = text
    if turn.trouble in FAILURES and (failed := say(turn.trouble, turn.language)) not in told:
        told = failed
    return " ".join(one for one in (told, *_more(turn, ticket_id)) if one)


def _more(turn: Turn, ticket_id: str | None) -> list[str]:
    more = _outcome(turn) if turn.trouble in FAILURES or turn.trouble == "stopped" else []
    if ticket_id is not None:
        return [*more, say("ticket", turn.language, ticket=ticket_id)]
    return [*more, say("try_again", turn.language)] if turn.trouble in FAILURES and not turn.done else more


def _outcome(turn: Turn) -> list[str]:
    told = [say("was_done", turn.language, change=change.translate(MARKS).rstrip(".")) for change in turn.done]
    if turn.unsure:
        return [*told, say("unsure", turn.language)]
    return told or ([say("nothing_changed", turn.language)] if turn.trouble in FAILURES else [])
