"""Asks visitors who they are, checks it and binds them to their customer record: all in code, never by a model."""

from sqlalchemy.ext.asyncio import AsyncSession

from storage.chats.conversations import bind_customer, keep_identity
from storage.db import writing
from storage.people.identities import add_try, find_customer_id, marks_of, may_try
from storage.shop.tickets import TicketCategory, TicketPriority, open_ticket
from storage.tokens import Caller
from team.turn.log import Identified, Part
from team.turn.steps import add_step
from team.turn.turn import Turn
from team.turn.visitor import Pending, Visitor
from team.words.language import say

TRIES = 5
BOUND = "bound"


class Identity:
    """Identifies visitors. `secret` keys the hashes under which failed attempts are counted."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    async def wait_for(self, turn: Turn, visitor: Visitor, part: Part, *, instead: bool) -> str | None:
        """Park part of this turn's message until its visitor is identified, and try to identify them now.

        Args:
            turn: the turn.
            visitor: who sent it.
            part: what waits, and the specialist who needs a customer for it.
            instead: whether it replaces a request that is already waiting.

        Returns:
            What to tell the visitor; None once they are identified.
        """
        known = visitor.known()
        if instead or not known.specialist:
            waits = {"text": part.text, "image_ids": part.image_ids, "specialist": part.speaker}
            known = known.model_copy(update=waits)
        return await self.find_out(turn, visitor, known)

    async def find_out(self, turn: Turn, visitor: Visitor, known: Pending) -> str | None:
        """Check what the visitor has told us; return what to tell them, or None once they are identified."""
        conversation_id = turn.request.conversation_id
        if known.handed_over:
            return say("handed_over", turn.language)
        # Steps recorded earlier must be stored first, to keep their order.
        await turn.log.kept()
        async with writing(turn.log.steps.sessions) as session:
            customer_id, status, known = await self._checked(session, visitor, known)
            if customer_id is None:
                await keep_identity(session, conversation_id, known.model_dump(mode="json"))
            else:
                await bind_customer(session, conversation_id, customer_id)
            step = await add_step(session, conversation_id, "identity", _event(status, known))
            # Once an email or address is rate limited, more tickets would only let somebody flood the staff.
            if known.handed_over and known.tries == TRIES:
                _ask_a_person(session, turn, known)
        turn.log.steps.publish(conversation_id, [step])
        if customer_id is not None:
            caller = Caller(customer_id, False, frozenset(), conversation_id, turn.language)
            turn.log.identify(Identified(caller, known))
            return None
        return _words(turn.language, status, known)

    async def _checked(
        self, session: AsyncSession, visitor: Visitor, known: Pending
    ) -> tuple[str | None, str, Pending]:
        if known.email is None or known.postcode is None:
            return None, "asked", known
        marks = marks_of(self._secret, known.email, visitor.address)
        if not await may_try(session, marks):
            return None, "handed_over", _closed(known)
        customer_id = await find_customer_id(session, known.email, known.postcode)
        if customer_id is not None:
            return customer_id, BOUND, known
        await add_try(session, marks)
        known = known.model_copy(update={"tries": known.tries + 1})
        return (None, "refused", known) if known.tries < TRIES else (None, "handed_over", _closed(known))


def _ask_a_person(session: AsyncSession, turn: Turn, known: Pending) -> None:
    open_ticket(
        session,
        "A visitor could not be identified",
        f"Conversation {turn.request.conversation_id}. They asked: {known.text}",
        TicketCategory.ACCOUNT,
        by="shopdesk",
        customer_id=None,
        priority=TicketPriority.HIGH,
    )


def _closed(known: Pending) -> Pending:
    return known.model_copy(update={"handed_over": True, "email": None, "postcode": None})


def _event(status: str, known: Pending) -> dict[str, str | int]:
    left = {"tries_left": TRIES - known.tries} if status in {"asked", "refused"} else {}
    return {"status": status, **left}


def _words(language: str, status: str, known: Pending) -> str:
    if status != "asked":
        return say(status, language, left=TRIES - known.tries)
    if known.email is not None:
        return say("which_postcode", language)
    return say("which_email" if known.postcode is not None else "who_are_you", language)
