"""One chat at the desk: looked at, and taken over from the team."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.chats.conversations import get_conversation
from storage.chats.handovers import find_handover, take_over
from storage.chats.thumbs import list_thumbs
from storage.db import reading, writing
from storage.errors import ShopError
from storage.owners import Staff, TheShop
from storage.people.chats import Chat, find_staff_in
from storage.shop.customers import Customer
from storage.shop.ticket_states import take
from ui.desk.tickets import change, viewed
from ui.desk.views import of_chat
from ui.inside.staff import staff_of
from ui.parts import parts_of
from ui.words.page import WORDS


class ChatOfStaffError(ShopError):
    """A chat was to be taken over that is no customer's."""

    def __init__(self) -> None:
        super().__init__("This is a chat of the shop's staff, in which no customer waits.")


async def show(request: Request) -> Response:
    """Return a chat, whosever it is: its customer, the ticket of who has it, and the thumbs given in it."""
    await staff_of(request)
    async with reading(parts_of(request).sessions) as session:
        conversation = await get_conversation(session, request.path_params["conversation_id"], TheShop())
        customer = await session.get(Customer, conversation.customer_id) if conversation.customer_id else None
        ticket = await find_handover(session, conversation.id)
        thumbs = await list_thumbs(session, conversation.id)
        staff = await find_staff_in(session, Staff(), conversation)
    chat = Chat(conversation, customer, None if ticket is None else ticket.id, staff)
    return JSONResponse({**of_chat(chat), "thumbs": thumbs})


async def take_it(request: Request) -> Response:
    """Take a chat over from the team, whose running turn is stopped; its ticket is then this person's."""
    person, parts = await staff_of(request), parts_of(request)
    chat_id = request.path_params["conversation_id"]
    async with writing(parts.sessions) as session:
        conversation = await get_conversation(session, chat_id, TheShop(), lock=True)
        if await find_staff_in(session, Staff(), conversation) is not None:
            raise ChatOfStaffError
        why = WORDS.say("desk_taken_over", conversation.language)
        body = "\n\n".join(filter(None, [conversation.title, why]))
        ticket = await take_over(session, conversation, body, by=person.id)
        await change(session, ticket, lambda ticket: take(ticket, person.id))
    await parts.desk.stop(chat_id)
    return JSONResponse(await viewed(parts, ticket.id))


ONE = "/api/desk/conversations/{conversation_id}"
ROUTES = [Route(ONE, show), Route(f"{ONE}/take", take_it, methods=["POST"])]
