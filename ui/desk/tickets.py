"""One ticket at the desk: read with its notes, taken and released, answered, noted on, and brought to its end.

What the tools cover goes through them, as it does for any other program; who has a ticket and what staff note for each
other is the desk's own.
"""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.chats.handovers import give_back
from storage.db import now, reading, writing
from storage.owners import Staff
from storage.shop.customers import Customer
from storage.shop.queue import Queued
from storage.shop.ticket_notes import add_note, list_notes
from storage.shop.ticket_states import TakenError, release, set_status, take
from storage.shop.tickets import Ticket, TicketStatus, get_ticket
from ui.bodies import Body, read_body
from ui.desk.door import names_of_staff
from ui.desk.views import View, of_ticket
from ui.inside.staff import staff_of
from ui.logins.person import Person, caller_of
from ui.parts import Parts, parts_of
from ui.rest.calling import call_tool, find_tool

LONGEST = 2_000
Change = Callable[[Ticket], None]


class Words(Body):
    """What a person writes on a ticket."""

    text: Annotated[str, StringConstraints(strip_whitespace=True)] = Field(min_length=1, max_length=LONGEST)


class From(Body):
    """From whom a ticket is taken over; nobody, where it is free."""

    instead_of: str | None = None


class Status(Body):
    """What a ticket waits for, or that it is open again; it is resolved with words."""

    status: Literal["open", "waiting for customer", "waiting for staff"]


async def show(request: Request) -> Response:
    """Return the ticket, whoever has it."""
    await staff_of(request)
    return JSONResponse(await viewed(parts_of(request), request.path_params["ticket_id"]))


async def viewed(parts: Parts, ticket_id: str) -> View:
    """Return a ticket with its history, its customer and the notes of staff."""
    async with reading(parts.sessions) as session:
        ticket = await get_ticket(session, ticket_id, Staff())
        customer = None if ticket.customer_id is None else await session.get(Customer, ticket.customer_id)
        notes, names = await list_notes(session, ticket.id, Staff()), await names_of_staff(session)
    return of_ticket(Queued(ticket, customer), notes, names, now())


async def take_it(request: Request) -> Response:
    """Take a ticket that is free, or that somebody else has who is named."""
    person, body = await staff_of(request), await read_body(request, From)
    return await _changed(request, lambda ticket: take(ticket, person.id, instead_of=body.instead_of))


async def release_it(request: Request) -> Response:
    """Let somebody else take the ticket."""
    person = await staff_of(request)
    return await _changed(request, lambda ticket: release(ticket, person.id))


async def turn(request: Request) -> Response:
    """Say who waits for whom, or open a resolved ticket again."""
    person, body = await staff_of(request), await read_body(request, Status)

    def changed(ticket: Ticket) -> None:
        take(ticket, person.id)
        set_status(ticket, TicketStatus(body.status))

    return await _changed(request, changed)


async def note(request: Request) -> Response:
    """Add a note, which no customer ever reads."""
    person, body, parts = await staff_of(request), await read_body(request, Words), parts_of(request)
    async with writing(parts.sessions) as session:
        ticket = await get_ticket(session, request.path_params["ticket_id"], Staff(), lock=True)
        await add_note(session, ticket, body.text, person.id)
    return JSONResponse(await viewed(parts, ticket.id))


async def reply(request: Request) -> Response:
    """Answer the customer: on the ticket and, where they wait in a chat, there."""
    return await _told(request, "add_ticket_comment", "body")


async def resolve(request: Request) -> Response:
    """Tell the customer how it was solved; a chat goes back to the team."""
    return await _told(request, "resolve_ticket", "resolution")


async def give_chat_back(request: Request) -> Response:
    """Let the team answer in the chat again, while the ticket stays as it is."""
    person, parts = await staff_of(request), parts_of(request)
    async with writing(parts.sessions) as session:
        ticket = await get_ticket(session, request.path_params["ticket_id"], Staff(), lock=True)
        await change(session, ticket, lambda ticket: take(ticket, person.id))
        await give_back(session, ticket)
    return JSONResponse(await viewed(parts, ticket.id))


async def _told(request: Request, tool: str, argument: str) -> Response:
    person, body, parts = await staff_of(request), await read_body(request, Words), parts_of(request)
    ticket_id = await _taken(parts, request.path_params["ticket_id"], person)
    found = await find_tool(parts, caller_of(person), "tickets", tool)
    await call_tool(parts, found, {"ticket_id": ticket_id, argument: body.text})
    return JSONResponse(await viewed(parts, ticket_id))


async def _taken(parts: Parts, ticket_id: str, person: Person) -> str:
    """Take a ticket for who answers it, and return its id."""
    async with writing(parts.sessions) as session:
        ticket = await get_ticket(session, ticket_id, Staff(), lock=True)
        await change(session, ticket, lambda ticket: take(ticket, person.id))
        return ticket.id


async def _changed(request: Request, changing: Change) -> Response:
    parts = parts_of(request)
    async with writing(parts.sessions) as session:
        ticket = await get_ticket(session, request.path_params["ticket_id"], Staff(), lock=True)
        await change(session, ticket, changing)
    return JSONResponse(await viewed(parts, ticket.id))


async def change(session: AsyncSession, ticket: Ticket, changing: Change) -> None:
    """Change a ticket for a member of staff; where somebody else has it, they are named as people call them.

    Raises:
        TakenError: somebody else has it.
    """
    try:
        changing(ticket)
    except TakenError as error:
        names, holder = await names_of_staff(session), str(ticket.taken_by)
        raise TakenError(ticket.id, names.get(holder, holder)) from error


ONE = "/api/desk/tickets/{ticket_id}"
ROUTES = [
    Route(ONE, show),
    Route(f"{ONE}/take", take_it, methods=["POST"]),
    Route(f"{ONE}/release", release_it, methods=["POST"]),
    Route(f"{ONE}/status", turn, methods=["POST"]),
    Route(f"{ONE}/notes", note, methods=["POST"]),
    Route(f"{ONE}/reply", reply, methods=["POST"]),
    Route(f"{ONE}/resolve", resolve, methods=["POST"]),
    Route(f"{ONE}/give-back", give_chat_back, methods=["POST"]),
]
