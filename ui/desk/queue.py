"""What waits at the desk: the queue of tickets, everybody's chats, and the answers that are ready to be used."""

import tomllib
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.chats.conversations import get_conversation
from storage.db import now, reading
from storage.owners import Staff, TheShop
from storage.people.chats import list_chats
from storage.shop.queue import Wanted, count_queue, list_queue
from storage.shop.tickets import UNRESOLVED, TicketCategory, TicketStatus
from ui.desk.door import names_of_staff
from ui.desk.views import of_chat, of_queue
from ui.inside.filters import BadFilterError
from ui.inside.staff import staff_of
from ui.parts import parts_of

SHOWN, MOST_SHOWN = 50, 2_000
"""Tickets in an answer if no `limit` is given, and at most; what is behind them is found by filters and search."""

LONGEST_SEARCH = 200
ANY, MINE, NOBODYS = "any", "mine", "nobody"
CANNED = Path(__file__).parent / "canned.toml"


async def queue(request: Request) -> Response:
    """Return the tickets that `?status=`, `category`, `holder` and `search` ask for, most urgent first."""
    person, asked = await staff_of(request), request.query_params
    holder = _one_of("holder", asked.get("holder") or ANY, [ANY, MINE, NOBODYS])
    category = asked.get("category", "")
    wanted = Wanted(
        status=_statuses(asked.get("status") or "unresolved"),
        category=TicketCategory(_one_of("category", category, list(TicketCategory))) if category else None,
        taken_by={ANY: None, MINE: person.id, NOBODYS: ""}[holder],
        search=asked.get("search", "").strip()[:LONGEST_SEARCH],
    )
    async with reading(parts_of(request).sessions) as session:
        limit = _limit(asked.get("limit", ""))
        found = await list_queue(session, Staff(), wanted, limit=limit)
        total, names = await count_queue(session, Staff(), wanted), await names_of_staff(session)
    tickets = [of_queue(one, names, now()) for one in found]
    more = len(found) < total and limit < MOST_SHOWN
    return JSONResponse({"tickets": tickets, "total": total, "more": more, "me": person.id})


def _statuses(named: str) -> frozenset[TicketStatus] | None:
    words = [*TicketStatus, "unresolved", "all"]
    named = _one_of("status", named, words)
    return {"all": None, "unresolved": UNRESOLVED}.get(named, frozenset(one for one in TicketStatus if one == named))


def _one_of(name: str, word: str, words: list[Any]) -> str:
    if word not in words:
        raise BadFilterError(name, f"one of: {', '.join(words)}")
    return word


def _limit(given: str) -> int:
    if given and not (given.isascii() and given.isdigit() and int(given[:9]) > 0):
        raise BadFilterError("limit", "a whole number from 1")
    return min(int(given[:9]), MOST_SHOWN) if given else SHOWN


async def chats(request: Request) -> Response:
    """Return everybody's chats, most recently used first: those with `?search=` in their title or customer's name."""
    await staff_of(request)
    asked, parts = request.query_params, parts_of(request)
    async with reading(parts.sessions) as session:
        after = asked.get("after", "")
        last = await get_conversation(session, after, TheShop()) if after else None
        found = await list_chats(
            session,
            Staff(),
            limit=SHOWN + 1,
            search=asked.get("search", "").strip()[:LONGEST_SEARCH],
            before=None if last is None else (last.updated_at, last.id),
        )
    shown: dict[str, Any] = {"chats": [of_chat(chat) for chat in found[:SHOWN]]}
    if len(found) > SHOWN:
        shown["next_cursor"] = found[SHOWN - 1].conversation.id
    return JSONResponse(shown)


async def canned(request: Request) -> Response:
    """Return the answers that are ready to be used, by language: those of the shop's own file where it has one."""
    await staff_of(request)
    own = parts_of(request).settings.shopdesk_home / CANNED.name
    return JSONResponse(tomllib.loads((own if own.exists() else CANNED).read_text(encoding="utf-8")))


ROUTES = [
    Route("/api/desk/queue", queue),
    Route("/api/desk/chats", chats),
    Route("/api/desk/canned", canned),
]
