"""The customer beside a ticket: who they are, their orders by the tools, earlier chats, photos and what they showed."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.db import reading
from storage.owners import CustomerOnly, Staff
from storage.people.chats import list_chats, list_measured, list_photos
from storage.shop.queue import Wanted, list_queue
from ui.cards.results import card_of
from ui.desk.views import of_chat
from ui.inside.staff import staff_of
from ui.logins.person import Person, caller_of
from ui.parts import Parts, parts_of
from ui.rest.calling import call_tool, find_tool
from ui.rest.results import plain

CHATS, PHOTOS, TICKETS = 10, 12, 10


async def customer(request: Request) -> Response:
    """Return a customer as a person who helps them needs to know them."""
    person, parts = await staff_of(request), parts_of(request)
    named = {"customer_id": request.path_params["customer_id"]}
    profile, orders, stored = await asyncio.gather(
        _told(parts, person, "get_customer", named),
        _told(parts, person, "list_orders", named),
        _stored(parts, named["customer_id"]),
    )
    return JSONResponse({"profile": profile, "orders": orders["orders"], **stored})


async def order(request: Request) -> Response:
    """Return an order's card."""
    person, parts = await staff_of(request), parts_of(request)
    told = await _told(parts, person, "get_order", {"order_id": request.path_params["order_id"]})
    return JSONResponse(card_of({"server": "orders", "tool": "get_order", "structured": told}))


async def _told(parts: Parts, person: Person, tool: str, arguments: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
    called = await call_tool(parts, await find_tool(parts, caller_of(person), "orders", tool), arguments)
    return plain(dict(called.body))


async def _stored(parts: Parts, customer_id: str) -> dict[str, Any]:
    async with reading(parts.sessions) as session:
        chats = await list_chats(session, CustomerOnly(customer_id), limit=CHATS)
        photos = await list_photos(session, Staff(), customer_id, limit=PHOTOS)
        measured = await list_measured(session, Staff(), customer_id)
        tickets = await list_queue(session, Staff(), Wanted(customer_id=customer_id), limit=TICKETS)
    found: dict[str, list[dict[str, Any]]] = {}
    for one in measured:
        found.setdefault(one.image_id, []).append({"tool": one.tool, **plain(one.found)})
    return {
        "chats": [of_chat(chat) for chat in chats],
        "tickets": [
            {"ticket_id": one.ticket.id, "subject": one.ticket.subject, "status": one.ticket.status} for one in tickets
        ],
        "photos": [
            {"image_id": photo.id, "at": photo.created_at.isoformat(), "measured": found.get(photo.id, [])}
            for photo in photos
        ],
    }


ROUTES = [
    Route("/api/desk/customers/{customer_id}", customer),
    Route("/api/desk/orders/{order_id}", order),
]
