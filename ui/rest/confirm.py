"""`/confirm/{id}`: the page on which a person says yes or no to a change that a program asked for in their name."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.db import reading, writing
from storage.people.accounts import Account
from storage.people.asked_changes import AskedChange, NoSuchChangeError, answer, get_change
from storage.people.logins import full_name
from storage.shop.audit import Answer
from storage.shop.customers import Customer, get_customer
from storage.shop.orders import get_order
from storage.tokens import proof_of_shop
from ui.bodies import Body, read_body
from ui.cards.results import proposal_of
from ui.cards.routes import order_facts
from ui.cards.shapes import Address
from ui.logins.bearers import is_by_bearer
from ui.logins.login import account_of
from ui.logins.person import caller_of
from ui.logins.visits import person_of
from ui.parts import parts_of
from ui.rest.outcomes import DECLINED, carry_out
from ui.rest.refusals import PersonNeededError
from ui.rest.results import asked
from ui.screens.screen import screen

NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


class Said(Body):
    """The person's yes or no."""

    yes: bool


async def page(_: Request) -> Response:
    """Return the page, which fetches the question itself. Whoever only opens the link changes nothing."""
    return screen("confirm")


async def describe(request: Request) -> Response:
    """Return the question to the person whose it is: what would change, what asks for it, and for whom."""
    account, row = await _asked_of(request)
    return JSONResponse(
        {
            "text": row.text,
            "status": status_of(row),
            "expires_at": row.expires_at.isoformat(),
            "name": account.name,
            "staff": row.staff,
            "program": row.program,
            "proposal": proposal_of({"server": row.server, "tool": row.tool, "arguments": row.arguments}),
            "outcome": row.outcome,
        }
    )


async def now(request: Request) -> Response:
    """Return what a question is about, as it is now: the order, the customer's address, and to staff whose they are."""
    _, row = await _asked_of(request)
    order_id, named = row.arguments.get("order_id"), row.arguments.get("customer_id")
    async with reading(parts_of(request).sessions) as session:
        order = None if order_id is None else await get_order(session, str(order_id), row.caller.whose)
        customer_id = named or row.caller.customer_id if order is None else order.customer_id
        customer = None if customer_id is None else await get_customer(session, str(customer_id))
        told = {
            "order": None if order is None else order_facts(order).model_dump(mode="json"),
            "address": None if customer is None else Address.model_validate(vars(customer)).model_dump(mode="json"),
            "customer": None if customer is None or not row.staff else name_of(customer),
        }
    return JSONResponse(told)


async def proof(request: Request) -> Response:
    """Prove to a tool server of the same shop that this is its page: it gives out links only where somebody answers."""
    nonce = request.path_params["nonce"]
    if not NONCE.fullmatch(nonce):
        raise NoSuchChangeError
    return JSONResponse({"proof": proof_of_shop(parts_of(request).settings.secret, nonce)})


async def decide(request: Request) -> Response:
    """Take the person's yes or no, and carry it out, once."""
    account = await _person(request)
    said, parts = await read_body(request, Said), parts_of(request)
    async with writing(parts.sessions) as session:
        row = await answer(session, request.path_params["id"], account, yes=said.yes)
    return (await carry_out(parts, row)).response()


async def result(request: Request) -> Response:
    """Return to the program that asked what came of its question."""
    parts, caller = parts_of(request), caller_of(await person_of(request))
    async with reading(parts.sessions) as session:
        row = await get_change(session, request.path_params["id"])
    if (row.asked_by, row.staff) != (caller.subject, caller.staff):
        raise NoSuchChangeError
    told: dict[str, Any] = {"status": status_of(row), "summary": row.text, "tool": f"{row.server}.{row.tool}"}
    if row.is_open:
        told |= {**asked(row, parts.settings.public_ui_url).body, "status": "open"}
    return JSONResponse(told if row.outcome is None else told | {"outcome": row.outcome})


def name_of(customer: Customer) -> str:
    """Return a customer's name and email, by which staff know whose change it is."""
    return f"{full_name(customer.first_name, customer.last_name, customer.language)} ({customer.email})"


async def _asked_of(request: Request) -> tuple[Account, AskedChange]:
    account = await _person(request)
    async with reading(parts_of(request).sessions) as session:
        row = await get_change(session, request.path_params["id"])
    if not row.is_for(account):
        raise NoSuchChangeError
    return account, row


async def _person(request: Request) -> Account:
    """Return the account of the page's own login; what a program sends with a header is never it."""
    if is_by_bearer(request.headers):
        raise PersonNeededError
    return await account_of(request)


def status_of(row: AskedChange) -> str:
    """Return where a question stands: open, expired, running, done, declined, or failed."""
    if row.answer is None:
        return "open" if row.is_open else "expired"
    if row.answer is Answer.NO:
        return DECLINED
    if row.outcome is None:
        return "running"
    return "failed" if "error" in row.outcome else "done"


ROUTES = [
    Route("/confirm/{id}", page),
    Route("/confirm/{id}", decide, methods=["POST"]),
    Route("/confirm/{id}/result", result),
    Route("/api/confirm/{id}", describe),
    Route("/api/confirm/{id}/now", now),
    Route("/api/shop/{nonce}", proof),
]
