"""`/confirm/{id}`: the page on which a person says yes or no to a change that a program asked for in their name."""

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from storage.db import reading, writing
from storage.people.accounts import Account
from storage.people.asked_changes import AskedChange, NoSuchChangeError, answer, get_change
from storage.shop.audit import Answer
from ui.bodies import Body, read_body
from ui.logins.bearers import is_by_bearer
from ui.logins.login import account_of
from ui.logins.person import caller_of
from ui.logins.visits import person_of
from ui.parts import parts_of
from ui.rest.outcomes import DECLINED, carry_out
from ui.rest.refusals import PersonNeededError
from ui.rest.results import asked

PAGE = Path(__file__).parents[1] / "static" / "confirm.html"


class Said(Body):
    """The person's yes or no."""

    yes: bool


async def page(_: Request) -> Response:
    """Return the page, which fetches the question itself. Whoever only opens the link changes nothing."""
    return FileResponse(PAGE, headers={"Cache-Control": "no-cache"})


async def describe(request: Request) -> Response:
    """Return the question to the person whose it is."""
    account = await _person(request)
    async with reading(parts_of(request).sessions) as session:
        row = await get_change(session, request.path_params["id"])
    if not row.is_for(account):
        raise NoSuchChangeError
    return JSONResponse(
        {
            "text": row.text,
            "status": status_of(row),
            "expires_at": row.expires_at.isoformat(),
            "name": account.name,
            "staff": row.staff,
            "outcome": row.outcome,
        }
    )


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
]
