"""Thumbs up and down for an answer."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.chats.thumbs import AnswerNotFoundError, keep_thumb, list_thumbs
from storage.db import writing
from ui.bodies import Body, read_body
from ui.conversations import ONE, own_conversation

LONGEST_NUMBER = 9


class Thumb(Body):
    """Up, down, or neither any more."""

    up: bool | None


async def keep(request: Request) -> Response:
    """Store what the person thinks of an answer, in place of what they thought before."""
    parts, _, conversation = await own_conversation(request)
    thumb = await read_body(request, Thumb)
    seq = str(request.path_params["seq"])
    if not (seq.isascii() and seq.isdigit() and len(seq) <= LONGEST_NUMBER):
        raise AnswerNotFoundError(seq)
    async with writing(parts.sessions) as session:
        await keep_thumb(session, conversation.id, int(seq), up=thumb.up)
    return Response(status_code=204)


async def show(request: Request) -> Response:
    """Return the conversation's thumbs by the number of the answer."""
    parts, _, conversation = await own_conversation(request)
    async with parts.sessions() as session:
        return JSONResponse({"thumbs": await list_thumbs(session, conversation.id)})


ROUTES = [
    Route(f"{ONE}/thumbs", show),
    Route(f"{ONE}/thumbs/{{seq}}", keep, methods=["PUT"]),
]
