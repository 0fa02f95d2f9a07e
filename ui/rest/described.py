"""The routes that are no tool, as the document describes them: conversations, pictures, logins, health."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter

from ui.conversations import Message
from ui.logins.auth import Login
from ui.logins.registering import Registration
from ui.logins.tokens import Refresh
from ui.rest.chat import ChatBody, MessageBody, StartBody
from ui.rest.confirm import Said
from ui.rest.schemas import (
    ANY_OBJECT,
    NUMBER,
    TEXT,
    TIME,
    TRUTH,
    WHOLE,
    Schema,
    listed,
    one_of,
    or_null,
    ref,
    shape,
)

CHAT, PEOPLE, SHOP, CHANGES, PAGE = "conversations", "auth", "shop", "confirm", "page"
LINE = {**shape(ok=TRUTH), "description": "With ok: false, `problem` says what is missing"}
TOKENS = shape(access_token=TEXT, refresh_token=TEXT, token_type=TEXT, expires_in=WHOLE)
TURNS = (403, 404, 409, 429, 503)
STREAM = "text/event-stream"


@dataclass(frozen=True)
class Described:
    """One route: what it is for, what it takes, and what it answers.

    Args:
        method: its method.
        path: its path.
        tag: the group it is shown in.
        tells: what it does, in one line.
        answer: the schema of its answer, or the shape that has it; None for an answer without a body.
        body: the shape of its JSON body; None if it takes none.
        status: of its answer.
        also: other statuses with which the same comes.
        errors: its refusals, besides those of every route.
        query: its parameters, with their descriptions.
        is_open: whether it needs no login.
        cookie_only: whether it takes a person's login on the page, and never a program's key or token.
        body_optional: whether the body may be left out.
        media_type: of its answer.
        repeats: whether it takes an Idempotency-Key.
    """

    method: str
    path: str
    tag: str
    tells: str
    answer: Schema | TypeAdapter[Any] | None
    body: type[BaseModel] | None = None
    status: int = 200
    also: Sequence[int] = ()
    errors: Sequence[int] = ()
    query: tuple[tuple[str, str], ...] = ()
    is_open: bool = False
    cookie_only: bool = False
    body_optional: bool = False
    media_type: str = "application/json"
    repeats: bool = False


DESCRIBED = (
    Described(
        "POST",
        "/chat",
        CHAT,
        "Send the team a message, and get its answer.",
        ref("Answer"),
        ChatBody,
        errors=TURNS,
        repeats=True,
    ),
    Described(
        "POST",
        "/conversations",
        CHAT,
        "Start a conversation.",
        ref("Conversation"),
        StartBody,
        status=201,
        errors=(403, 404, 429),
        body_optional=True,
        repeats=True,
    ),
    Described(
        "GET",
        "/conversations",
        CHAT,
        "Your conversations, the one used last first.",
        shape(conversations=listed(ref("Conversation"))),
    ),
    Described(
        "GET",
        "/conversations/{conversation_id}",
        CHAT,
        "One conversation.",
        ref("Conversation"),
        errors=(403, 404),
    ),
    Described(
        "POST",
        "/conversations/{conversation_id}/messages",
        CHAT,
        "Send a message, and get the team's answer.",
        ref("Answer"),
        MessageBody,
        errors=TURNS,
        repeats=True,
    ),
    Described(
        "GET",
        "/conversations/{conversation_id}/messages",
        CHAT,
        "What was said, and the question that is open.",
        shape(conversation_id=TEXT, messages=listed(ref("Said")), question=or_null(ref("OpenQuestion"))),
        errors=(403, 404),
    ),
    Described(
        "POST", "/api/conversations", PAGE, "Start a conversation.", ref("Conversation"), status=201, errors=(429,)
    ),
    Described(
        "GET", "/api/conversations", PAGE, "Your conversations.", shape(conversations=listed(ref("Conversation")))
    ),
    Described(
        "GET", "/api/conversations/{conversation_id}", PAGE, "One conversation.", ref("Conversation"), errors=(404,)
    ),
    Described(
        "POST",
        "/api/conversations/{conversation_id}/messages",
        PAGE,
        "Send a message; the events tell what comes of it.",
        shape(conversation_id=TEXT),
        Message,
        status=202,
        errors=TURNS,
    ),
    Described(
        "GET",
        "/api/conversations/{conversation_id}/events",
        PAGE,
        "Every step of the conversation as it happens, and those before it, as a stream of events.",
        TEXT,
        errors=(404,),
        query=(("after", "The number of the last event you have"),),
        media_type=STREAM,
    ),
    Described(
        "POST",
        "/api/conversations/{conversation_id}/stop",
        PAGE,
        "Stop the running turn.",
        shape(stopped=TRUTH),
        errors=(404,),
    ),
    Described(
        "GET",
        "/api/conversations/{conversation_id}/export",
        PAGE,
        "The whole conversation as a file.",
        shape(conversation=ref("Conversation"), exported_at=TIME, events=listed(ANY_OBJECT)),
        errors=(404,),
    ),
    Described(
        "POST",
        "/confirm/{id}",
        CHANGES,
        "The person's yes or no to a change, from the shop's page.",
        ref("Outcome"),
        Said,
        errors=(403, 404, 409, 410, 422, 502, 503),
        cookie_only=True,
    ),
    Described(
        "GET",
        "/confirm/{id}/result",
        CHANGES,
        "What came of a question, for the program that asked.",
        shape(status=one_of("open", "expired", "running", "done", "declined", "failed"), summary=TEXT, tool=TEXT),
        errors=(404,),
    ),
    Described(
        "POST",
        "/auth/login",
        PEOPLE,
        "Log in: tokens for a program, and the page's cookie.",
        TOKENS,
        Login,
        errors=(429,),
        is_open=True,
    ),
    Described(
        "POST",
        "/auth/register",
        PEOPLE,
        "Register, where the shop lets customers register themselves.",
        shape(email=TEXT, next=TEXT),
        Registration,
        status=201,
        errors=(429,),
        is_open=True,
    ),
    Described(
        "POST",
        "/auth/refresh",
        PEOPLE,
        "Exchange a refresh token for new tokens.",
        TOKENS,
        Refresh,
        errors=(429,),
        is_open=True,
    ),
    Described("GET", "/auth/me", PEOPLE, "Who you are logged in as.", shape(email=TEXT, name=TEXT, staff=TRUTH)),
    Described("POST", "/auth/logout", PEOPLE, "End this login.", None, status=204, is_open=True),
    Described("GET", "/healthz", SHOP, "That this process answers.", shape(ok=TRUTH), is_open=True),
    Described("GET", "/health", SHOP, "What can be reached, model by model.", ANY_OBJECT, also=(503,), is_open=True),
    Described(
        "GET",
        "/ready",
        SHOP,
        "Whether the shop can answer: a line for each thing it needs; 503 while one is missing.",
        shape(ready=TRUTH, database=LINE, tool_servers=LINE, models=LINE, handbook=LINE),
        also=(503,),
        is_open=True,
    ),
    Described(
        "GET",
        "/status",
        SHOP,
        "What runs here, and who you are to it; for staff also models and routing in short.",
        shape(version=TEXT, up_s=NUMBER, answering_now=WHOLE, you=ANY_OBJECT, ready=TRUTH),
    ),
    Described(
        "GET",
        "/models",
        SHOP,
        "The team; for staff the models behind it too, with their load, prices and measured speed.",
        shape(models=listed(shape(name=TEXT, kind=one_of("team", "endpoint")))),
    ),
    Described(
        "GET",
        "/tools",
        SHOP,
        "The tools you may call, with their schemas.",
        shape(tools=listed(ANY_OBJECT)),
        errors=(503,),
    ),
)
