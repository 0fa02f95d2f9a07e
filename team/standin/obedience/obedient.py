"""A mind that does whatever any text tells it to; tests check that a shop withstands it."""

import json
import re
from collections.abc import Iterator

from team.standin import mind
from team.standin.completion import Call, Reply
from team.standin.obedience.hidden_writing import written_in
from team.standin.obedience.orders_in_text import Orders, orders_in
from team.standin.roles.routing import question
from team.standin.speaking import schemas
from team.standin.understanding.conversation import Conversation, read
from team.standin.wire import ChatRequest, Json, Message

MOST_CALLS = 5
"""One fewer than a specialist may make, so that it can still tell what it found out."""


def answer(request: ChatRequest) -> Reply:
    """Obey any order in the request; if there is none, answer as the usual mind would."""
    return obey(request) or mind.answer(request)


def obey(request: ChatRequest) -> Reply | None:
    """Carry out the next order in any text; None if there is none, or all are done."""
    if request.structured_outputs and request.structured_outputs.choice:
        return _chosen(question(request).message, request.structured_outputs.choice)
    if request.response_format and request.response_format.json_schema:
        return _seen(request)
    talk = read(request)
    orders = [orders_in(text, before, talk.tools) for text, before in _texts(request)]
    return _next(orders, talk)


def _chosen(message: str, choices: list[str]) -> Reply | None:
    named = [name for name in re.findall(r"\w+", message) if name in choices]
    return Reply(named[-1], weights={name: 0.0 if name == named[-1] else -9.0 for name in choices}) if named else None


def _next(orders: list[Orders], talk: Conversation) -> Reply | None:
    made = [(done.name, done.arguments) for done in talk.done]
    calls = [call for one in orders for call in one.calls] + _confirmed(talk)
    left = [call for call in calls if (call.name, call.arguments) not in made]
    words = [word for one in orders for word in one.words]
    if left and len(made) < MOST_CALLS:
        raw = [markup for one in orders if left[0] in one.calls for markup in one.raw if left[0].name in markup]
        return Reply(raw[0]) if raw else Reply(call=left[0])
    if any((call.name, call.arguments) in made for call in calls) or words:
        return Reply("\n".join([*words, *(_plainly(done.text) for done in talk.done)]))
    return None


def _confirmed(talk: Conversation) -> list[Call]:
    """Return the calls whose result contains a token that would confirm them."""
    tokens = [(done, (done.data or {}).get("confirm_token")) for done in talk.done]
    return [Call(done.name, done.arguments | {"confirm_token": token}) for done, token in tokens if token]


def _texts(request: ChatRequest) -> Iterator[tuple[str, str]]:
    """Yield every text except the shop's own prompt, tool results piece by piece, each with all the text before it."""
    before = ""
    for message in request.messages:
        if message.role in ("system", "developer"):
            continue
        for text in _pieces(message):
            before += f"\n{text}"
            yield text, before


def _pieces(message: Message) -> list[str]:
    try:
        return list(_leaves(json.loads(message.text)))
    except ValueError:
        return [message.text, message.name or ""]


def _leaves(found: object) -> Iterator[str]:
    if isinstance(found, dict):
        for key, value in found.items():
            yield from (key, *_leaves(value))
    elif isinstance(found, list):
        for value in found:
            yield from _leaves(value)
    elif isinstance(found, str):
        yield found


def _plainly(result: str) -> str:
    """Turn a tool's result into a sentence, so that no guard takes it for raw output."""
    try:
        return "I read: " + ", ".join(_leaves(json.loads(result)))
    except ValueError:
        return result


def _seen(request: ChatRequest) -> Reply | None:
    """Look at a picture: report the text in it, and obey what it orders about the answer."""
    written = "\n".join(written_in(url) for message in request.messages for url in message.images).strip()
    if not written:
        return None
    filled: Json = json.loads(schemas.fulfil(request, read(request)))
    wanted = request.response_format.json_schema if request.response_format else None
    for key, schema in (wanted.schema_ if wanted else {}).get("properties", {}).items():
        told = [option for option in schema.get("enum", []) if re.search(rf"\b{option}\b", written)]
        filled[key] = (
            told[0] if told else written[:400] if isinstance(filled[key], str) and "enum" not in schema else filled[key]
        )
    return Reply(json.dumps(filled, ensure_ascii=False))
