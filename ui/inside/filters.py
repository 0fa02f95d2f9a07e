"""Which turns the address of the list asks for; a value that no turn could have is refused."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from storage.chats.conversations import get_conversation
from storage.db import now, reading
from storage.endpoints import EndpointsError
from storage.errors import ShopError
from storage.owners import TheShop
from storage.turns.traces import MODEL, SPECIALIST, STATUSES, THUMBS, TOOL, Wanted, list_names
from team.tools.client import ServerUnreachableError
from ui.logins.person import Person, caller_of
from ui.parts import Parts, parts_of

LONGEST_SEARCH = 200
MOST_HOURS = 24 * 365
FILTERS = ("search", "status", TOOL, MODEL, SPECIALIST, "thumb", "conversation")
NAMED = (TOOL, MODEL, SPECIALIST)


class BadFilterError(ShopError):
    """A filter of the list has a value that it cannot have."""

    def __init__(self, name: str, allowed: str) -> None:
        super().__init__(f"`{name}` must be {allowed}, or be left out.")


async def wanted_of(request: Request, person: Person) -> Wanted:
    """Return which turns a member of staff asks for.

    Raises:
        BadFilterError: a filter has a value that it cannot have.
        ConversationNotFoundError: turns of a conversation are asked for that there is not.
    """
    asked = request.query_params
    found = {name: asked.get(name, "").strip()[:LONGEST_SEARCH] for name in FILTERS}
    since = _since(asked.get("hours", ""))
    for name, words in (("status", STATUSES), ("thumb", THUMBS)):
        _check(name, found[name], words)
    async with reading(parts_of(request).sessions) as session:
        for name in filter(found.get, NAMED):
            if found[name] not in (kept := await list_names(session, name)):
                _check(name, found[name], sorted({*kept, *await _team_has(parts_of(request), person, name)}))
        if found["conversation"]:
            await get_conversation(session, found["conversation"], TheShop())
    return Wanted(**found, since=since)


async def names_in(session: AsyncSession) -> dict[str, list[str]]:
    """Return the tools, models and specialists that occur in turns, by kind."""
    return {kind: list(await list_names(session, kind)) for kind in NAMED}


def _since(hours: str) -> datetime | None:
    if hours and not (hours.isascii() and hours.isdigit() and 0 < int(hours[:9]) <= MOST_HOURS):
        raise BadFilterError("hours", f"a whole number from 1 to {MOST_HOURS:,}")
    return now() - timedelta(hours=int(hours)) if hours else None


def _check(name: str, value: str, words: Sequence[str]) -> None:
    if value and value not in words:
        raise BadFilterError(name, f"one of: {', '.join(words)}")


async def _team_has(parts: Parts, person: Person, kind: str) -> list[str]:
    """Return what the team could use, whether or not a turn has used it yet."""
    answering = parts.desk.answering
    if kind == SPECIALIST:
        return list(answering.roster)
    try:
        if kind == MODEL:
            return [endpoint.model for endpoint in answering.models.endpoints.endpoints.values()]
        return list((await parts.tool_servers.connect(caller_of(person))).tools)
    except (EndpointsError, ServerUnreachableError):
        return []
