"""Conversations: starting and listing them, sending messages, answering questions, stopping, and exporting."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationError, model_validator
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.characters import is_blank
from storage.chats.conversations import Conversation, add_conversation, get_conversation
from storage.chats.events import list_events
from storage.chats.thumbs import list_thumbs
from storage.db import now, reading, writing
from storage.pictures.images import get_image
from storage.process.addresses import address_of
from ui.bodies import BadBodyError, Body, read_body
from ui.logins.bearers import is_by_bearer
from ui.logins.keys import require_somebody
from ui.logins.person import Person
from ui.logins.visits import PicturesNeedLoginError, person_of
from ui.parts import Parts, parts_of
from ui.rest.refusals import PersonNeededError
from ui.seen import sight_of

MAX_MESSAGE = 4_000
MAX_IMAGES = 4

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_MESSAGE)]


class Message(Body):
    """A customer's message, with pictures uploaded before."""

    text: Text
    image_ids: list[str] = Field(default_factory=list, max_length=MAX_IMAGES)

    @model_validator(mode="after")
    def _says_something(self) -> "Message":
        if is_blank(self.text) and not self.image_ids:
            raise ValueError("write something, or send a picture")
        return self


class Answer(Body):
    """The customer's yes or no to a question."""

    yes: bool


def message_of(text: str, image_ids: list[str]) -> Message:
    """Return a message that came in the body of another route.

    Raises:
        BadBodyError: it says nothing.
    """
    try:
        return Message(text=text, image_ids=image_ids)
    except ValidationError as error:
        raise BadBodyError(error) from error


async def start(request: Request) -> Response:
    """Start a conversation."""
    return JSONResponse(view(await start_for(request, await person_of(request))), status_code=201)


async def start_for(request: Request, person: Person) -> Conversation:
    """Start a conversation for this person."""
    parts = parts_of(request)
    parts.limits.take_conversation(person.id, address_of(request.scope))
    require_somebody(request, person)
    async with writing(parts.sessions) as session:
        return await begin_conversation(session, person)


async def begin_conversation(session: AsyncSession, person: Person) -> Conversation:
    """Start a conversation that belongs to this person, and to the customer whom a key speaks for."""
    return await add_conversation(session, person.customer_id, person.account_id, person.visitor_id, person.key_id)


async def show(request: Request) -> Response:
    """Return one conversation, without its events."""
    _, _, conversation = await own_conversation(request)
    return JSONResponse(view(conversation))


async def send(request: Request) -> Response:
    """Send the team a message; the events report what happens."""
    _, person, conversation = await own_conversation(request)
    await post(request, person, conversation, await read_body(request, Message))
    return JSONResponse({"conversation_id": conversation.id}, status_code=202)


async def post(request: Request, person: Person, conversation: Conversation, message: Message) -> None:
    """Start the turn that answers a message."""
    parts = parts_of(request)
    if message.image_ids and person.visitor_id is not None:
        raise PicturesNeedLoginError
    async with parts.sessions() as session:
        for image_id in message.image_ids:
            await get_image(session, image_id, person.whose)
    address = address_of(request.scope)
    with parts.limits.turn(conversation.id, person.id, address, parts.desk.running()):
        await parts.desk.send(conversation.id, message.text, message.image_ids, address=address or None)


async def answer(request: Request) -> Response:
    """Answer an open question with the button, which only a person can press."""
    if is_by_bearer(request.headers):
        raise PersonNeededError
    parts, person, conversation = await own_conversation(request)
    said = await read_body(request, Answer)
    with parts.limits.turn(conversation.id, person.id, address_of(request.scope), parts.desk.running()):
        await parts.desk.answer(conversation.id, request.path_params["question_id"], said.yes)
    return JSONResponse({"conversation_id": conversation.id}, status_code=202)


async def stop(request: Request) -> Response:
    """Stop the running turn, if any."""
    parts, _, conversation = await own_conversation(request)
    return JSONResponse({"stopped": await parts.desk.stop(conversation.id)})


async def export(request: Request) -> Response:
    """Return the conversation with every stored event that its reader may see, as a file."""
    parts, person, conversation = await own_conversation(request)
    sight = await sight_of(parts, person)
    async with parts.sessions() as session:
        events = await list_events(session, conversation.id, after=0)
        thumbs = await list_thumbs(session, conversation.id)
    steps = [
        {"seq": event.seq, "at": event.at.isoformat(), "kind": event.kind, "data": seen, **_thumb(thumbs, event.seq)}
        for event in events
        if (seen := sight.of(event.kind, event.data)) is not None
    ]
    whole = {"conversation": view(conversation), "exported_at": now().isoformat(), "events": steps}
    name = f"conversation-{conversation.id}.json"
    return JSONResponse(whole, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _thumb(thumbs: Mapping[int, str], seq: int) -> dict[str, str]:
    return {"thumb": thumbs[seq]} if seq in thumbs else {}


async def own_conversation(request: Request) -> tuple[Parts, Person, Conversation]:
    """Return the conversation in the path if it is the person's own; anybody else's is reported as missing."""
    parts, person = parts_of(request), await person_of(request)
    async with reading(parts.sessions) as session:
        found = await get_conversation(session, request.path_params["conversation_id"], person.id)
    return parts, person, found


def view(conversation: Conversation) -> dict[str, Any]:
    """Return a conversation as it is shown, without its events."""
    return {
        "id": conversation.id,
        "title": conversation.title,
        "language": conversation.language,
        "created_at": conversation.created_at.isoformat(),
        "updated_at": conversation.updated_at.isoformat(),
    }


ONE = "/api/conversations/{conversation_id}"
ROUTES = [
    Route("/api/conversations", start, methods=["POST"]),
    Route(ONE, show),
    Route(f"{ONE}/messages", send, methods=["POST"]),
    Route(f"{ONE}/confirmations/{{question_id}}", answer, methods=["POST"]),
    Route(f"{ONE}/stop", stop, methods=["POST"]),
    Route(f"{ONE}/export", export),
]
