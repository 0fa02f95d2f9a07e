"""`/chat` and `/conversations`: a message to the team, answered in the same response."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.chats.conversations import Conversation, ConversationNotFoundError, get_conversation
from storage.chats.events import Event, find_last_numbers, list_events
from storage.db import now, reading
from storage.owners import TheShop
from storage.shop.customers import get_customer
from team.turn.confirmations import OpenQuestion
from ui import conversations
from ui.bodies import Body, read_body
from ui.chats import listing
from ui.conversations import MAX_IMAGES, Message, Text, start_for
from ui.logins.keys import on_behalf_of
from ui.logins.person import Person
from ui.logins.visits import person_of
from ui.parts import Parts, parts_of
from ui.rest.given import named_customer
from ui.rest.idempotency import once
from ui.rest.refusals import StillRunningError


class StartBody(Body):
    """Whom a conversation is with: you, unless staff name a customer."""

    user_id: str | None = Field(None, min_length=1, max_length=80, description="Staff only: the customer to speak for")


class MessageBody(Body):
    """A message in a conversation, with pictures uploaded before."""

    message: Text
    image_ids: list[str] = Field(default_factory=list, max_length=MAX_IMAGES)


class ChatBody(StartBody, MessageBody):
    """A message to the team; without a conversation it starts one."""

    conversation_id: str | None = Field(None, min_length=1, max_length=80)


async def chat(request: Request) -> Response:
    """Send the team a message, and return its answer."""
    person, body = await person_of(request), await read_body(request, ChatBody)
    said = conversations.message_of(body.message, body.image_ids)
    customer = await _speaking(request, person, body.user_id)
    if body.conversation_id is None:
        return await _answered(request, customer, await start_for(request, customer), said)
    conversation = await _own(parts_of(request), customer, body.conversation_id)
    return await _answered(request, customer, conversation, said)


async def start(request: Request) -> Response:
    """Start a conversation."""
    person = await person_of(request)
    body = await read_body(request, StartBody) if await request.body() else StartBody(user_id=None)
    conversation = await start_for(request, await _speaking(request, person, body.user_id))
    return JSONResponse(conversations.view(conversation), status_code=201)


async def send(request: Request) -> Response:
    """Send a message in a conversation, and return the team's answer."""
    person, conversation = await _in_path(request)
    body = await read_body(request, MessageBody)
    return await _answered(request, person, conversation, conversations.message_of(body.message, body.image_ids))


async def show(request: Request) -> Response:
    """Return a conversation."""
    _, conversation = await _in_path(request)
    return JSONResponse(conversations.view(conversation))


async def messages(request: Request) -> Response:
    """Return what was said in a conversation, and the question that waits for an answer."""
    _, conversation = await _in_path(request)
    async with reading(parts_of(request).sessions) as session:
        events = await list_events(session, conversation.id, after=0)
    return JSONResponse(
        {"conversation_id": conversation.id, "messages": _said(events), "question": _question(conversation)}
    )


async def _speaking(request: Request, person: Person, user_id: str | None) -> Person:
    """Return for whom the message is: the caller, the customer of a trusted front, or whom staff named.

    Raises:
        OtherCustomerError: a customer named another one.
        CustomerNotFoundError: staff named nobody's id.
    """
    person = await on_behalf_of(request, person, user_id)
    if user_id is None or (person.key is not None and person.key.trusted_front):
        return person
    customer_id = named_customer(person, user_id)
    if customer_id is None:
        return person
    async with reading(parts_of(request).sessions) as session:
        customer = await get_customer(session, customer_id)
    return replace(person, customer_id=customer.id, language=customer.language)


async def _in_path(request: Request) -> tuple[Person, Conversation]:
    person = await person_of(request)
    return person, await _own(parts_of(request), person, request.path_params["conversation_id"])


async def _own(parts: Parts, person: Person, conversation_id: str) -> Conversation:
    """Return a conversation of this person, or one that a key of staff began for a customer.

    Raises:
        ConversationNotFoundError: there is none, or it is somebody else's.
    """
    async with reading(parts.sessions) as session:
        if person.key is None or not person.key.staff:
            return await get_conversation(session, conversation_id, person.id)
        found = await get_conversation(session, conversation_id, TheShop())
    if found.key_id != person.key.id or found.account_id is not None:
        raise ConversationNotFoundError(conversation_id)
    return found


async def _answered(request: Request, person: Person, conversation: Conversation, said: Message) -> Response:
    parts = parts_of(request)
    async with reading(parts.sessions) as session:
        before = (await find_last_numbers(session, [conversation.id])).get(conversation.id, 0)
    await conversations.post(request, person, conversation, said)
    await parts.desk.idle(conversation.id)
    async with reading(parts.sessions) as session:
        events = await list_events(session, conversation.id, after=before)
    after = await _own(parts, person, conversation.id)
    ended = [event for event in events if event.kind == "turn_ended"]
    if not ended:
        raise StillRunningError(conversation.id)
    told = [one for one in _said(events) if one["role"] != "customer"]
    return JSONResponse(
        {
            "conversation_id": conversation.id,
            "text": "\n\n".join(one["text"] for one in told),
            "messages": told,
            "question": _question(after),
            "status": ended[-1].data["status"],
            "language": after.language,
        }
    )


def _said(events: Sequence[Event]) -> list[dict[str, Any]]:
    return [
        {
            "role": event.data["role"],
            "text": event.data["text"],
            "at": event.at.isoformat(),
            "image_ids": event.data.get("image_ids", []),
            "question_id": event.data.get("question_id"),
        }
        for event in events
        if event.kind == "message"
    ]


def _question(conversation: Conversation) -> dict[str, Any] | None:
    """Return the question that waits for a yes or no, which the customer's next message may be."""
    if conversation.open_question is None:
        return None
    question = OpenQuestion.model_validate(conversation.open_question)
    if question.expires_at < now():
        return None
    return {"question_id": question.id, "text": question.text, "expires_at": question.expires_at.isoformat()}


ONE = "/conversations/{conversation_id}"
ROUTES = [
    Route("/chat", once(chat), methods=["POST"]),
    Route("/conversations", once(start), methods=["POST"]),
    Route("/conversations", listing.listing),
    Route(ONE, show),
    Route(f"{ONE}/messages", once(send), methods=["POST"]),
    Route(f"{ONE}/messages", messages),
]
