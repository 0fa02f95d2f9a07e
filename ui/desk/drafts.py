"""A draft by the team: what it would answer the customer now, for a person to change and send, or not."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.chats.conversations import Conversation, get_conversation
from storage.chats.events import list_latest_events
from storage.db import reading
from storage.errors import ShopError
from storage.owners import Staff, TheShop
from storage.shop.customers import get_customer
from storage.shop.tickets import EntryKind, Ticket, get_ticket
from team.desk.draft import draft
from team.tools.client import ServerUnreachableError
from ui.inside.staff import staff_of
from ui.parts import parts_of
from ui.rest.refusals import ToolServersAwayError

LONGEST = 2_000
"""Characters of what the customer wrote that the team reads, the last ones."""

LOOKED_BACK = 10


class NothingToAnswerError(ShopError):
    """There is nothing that a customer wrote."""

    def __init__(self) -> None:
        super().__init__("There is nothing of a known customer to answer yet.")


async def make(request: Request) -> Response:
    """Have the team write an answer to what the customer said since staff answered last."""
    await staff_of(request)
    parts = parts_of(request)
    async with reading(parts.sessions) as session:
        ticket = await get_ticket(session, request.path_params["ticket_id"], Staff())
        if ticket.customer_id is None:
            raise NothingToAnswerError
        customer = await get_customer(session, ticket.customer_id)
        chat = ticket.conversation_id
        conversation = None if chat is None else await get_conversation(session, chat, TheShop())
        text = "\n".join(await _unanswered(session, ticket, conversation))[-LONGEST:]
    if not text:
        raise NothingToAnswerError
    desk = parts.desk
    try:
        told = await draft(
            desk.answering,
            desk.steps,
            desk.deadline_s,
            customer_id=customer.id,
            language=customer.language if conversation is None else conversation.language,
            text=text,
            conversation=conversation,
        )
    except ServerUnreachableError as error:
        raise ToolServersAwayError from error
    return JSONResponse({"text": told})


async def _unanswered(session: AsyncSession, ticket: Ticket, conversation: Conversation | None) -> Sequence[str]:
    """Return what the customer wrote since staff answered; on a chat that was taken over, what they wrote last."""
    own: list[str] = []
    for entry in reversed(ticket.history):
        if entry.by != ticket.customer_id:
            break
        own.append(entry.text)
    only_handed_over = len(ticket.history) == 1 and ticket.history[0].kind is EntryKind.OPENED
    if conversation is None or (own and not only_handed_over):
        return own[::-1]
    latest = await list_latest_events(session, conversation.id, "message", limit=LOOKED_BACK)
    said = [str(event.data["text"]) for event in latest if event.data["role"] == "customer"]
    return said[-1:] or own[::-1]


ROUTES = [Route("/api/desk/tickets/{ticket_id}/draft", make, methods=["POST"])]
