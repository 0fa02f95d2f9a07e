"""The list of a person's conversations: a page of it, a search in it, and a conversation's name and end."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.chats.conversations import delete_conversation, get_conversation, list_conversations
from storage.db import writing
from storage.errors import ShopError
from ui.bodies import Body, read_body
from ui.conversations import ONE, own_conversation, view
from ui.logins.visits import person_of
from ui.parts import parts_of

LISTED = 50
LONGEST_SEARCH = 200


class Name(Body):
    """A conversation's new name."""

    title: Annotated[str, StringConstraints(strip_whitespace=True)] = Field(min_length=1, max_length=60)


class BadPageError(ShopError):
    """The list should go on after something that no page ended with."""

    def __init__(self) -> None:
        super().__init__("`after` must be the `next_cursor` of the page before, or be left out.")


async def listing(request: Request) -> Response:
    """List the person's conversations, most recently used first: those with `?search=` in their name."""
    person, asked = await person_of(request), request.query_params
    try:
        after = await _place(request, asked.get("after", ""))
    except ShopError as error:
        raise BadPageError from error
    async with parts_of(request).sessions() as session:
        search = asked.get("search", "").strip()[:LONGEST_SEARCH]
        found = await list_conversations(session, person.id, limit=LISTED + 1, search=search, after=after)
    shown: dict[str, Any] = {"conversations": [view(conversation) for conversation in found[:LISTED]]}
    if len(found) > LISTED:
        shown["next_cursor"] = found[LISTED - 1].id
    return JSONResponse(shown)


async def _place(request: Request, cursor: str) -> Any:  # noqa: ANN401 - the moment and the id of a row
    """Return where the conversation stands that the page before ended with."""
    if not cursor:
        return None
    person = await person_of(request)
    async with parts_of(request).sessions() as session:
        last = await get_conversation(session, cursor, person.id)
    return last.updated_at, last.id


async def rename(request: Request) -> Response:
    """Give a conversation another name."""
    parts, person, conversation = await own_conversation(request)
    name = await read_body(request, Name)
    async with writing(parts.sessions) as session:
        renamed = await get_conversation(session, conversation.id, person.id, lock=True)
        renamed.title = name.title
    return JSONResponse(view(renamed))


async def remove(request: Request) -> Response:
    """Delete a conversation with all that was said in it; tickets and changes that came of it stay."""
    parts, person, conversation = await own_conversation(request)
    async with writing(parts.sessions) as session:
        await delete_conversation(session, conversation.id, person.id)
    return Response(status_code=204)


ROUTES = [
    Route("/api/conversations", listing),
    Route(ONE, rename, methods=["PATCH"]),
    Route(ONE, remove, methods=["DELETE"]),
]
