"""The friendly routes: fields become a tool's arguments as the table says, and its result is returned as it is."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ui.logins.person import Person, caller_of
from ui.logins.visits import person_of
from ui.parts import parts_of
from ui.rest.calling import Tool, call_tool, find_tool
from ui.rest.given import json_object, named_customer, with_picture
from ui.rest.idempotency import Handler, once
from ui.rest.refusals import MissingFieldError, UnknownFieldError
from ui.rest.results import Called, plain
from ui.rest.table import FIRST_LINE, FRIENDLY, Friendly, Words

CUSTOMER_ID = "customer_id"
SUBJECT = "subject"


def handler_of(row: Friendly) -> Handler:
    """Return what answers one route of the table."""

    async def handle(request: Request) -> Response:
        parts, person = parts_of(request), await person_of(request)
        given = {**await _given(request, row, person), **request.path_params}
        server, _, name = row.tool.partition(".")
        tool = await find_tool(parts, caller_of(person), server, name)
        arguments, said = arguments_of(row, tool, given, person)
        done = await call_tool(parts, tool, arguments, said, program=person.program)
        return Called(done.status, _shown(row, done.body), done.headers).response()

    return handle


async def _given(request: Request, row: Friendly, person: Person) -> dict[str, Any]:
    if row.method == "GET":
        return dict(request.query_params)
    return await with_picture(request, person, row.picture) if row.picture else await json_object(request)


def arguments_of(
    row: Friendly, tool: Tool, given: Mapping[str, Any], person: Person
) -> tuple[dict[str, Any], dict[str, str] | None]:
    """Return the tool's arguments, and what was written for those that take only some words.

    Raises:
        UnknownFieldError: there is no such field.
        MissingFieldError: one that is needed was left out.
        OtherCustomerError: a customer named another one.
    """
    known = [row.field_of(argument) for argument in tool.properties]
    unknown = [field for field in given if field not in known]
    if unknown:
        raise UnknownFieldError(unknown[0], known)
    arguments = {row.names.get(field, field): value for field, value in given.items()}
    if CUSTOMER_ID in arguments:
        customer = named_customer(person, arguments.pop(CUSTOMER_ID))
        arguments |= {} if customer is None else {CUSTOMER_ID: customer}
    if row.subject is not None and SUBJECT not in arguments:
        arguments |= _subject(row.subject, given)
    said = dict[str, str]()
    defaults = [name for name, words in row.words.items() if words.kept]
    missing = [name for name in tool.required if name not in (*arguments, *defaults)]
    if missing:
        # What makes a subject is what is really missing.
        raise MissingFieldError(row.field_of(min(missing, key=SUBJECT.__eq__)))
    for argument, words in row.words.items():
        _put_in_words(arguments, said, argument, words, tool.properties.get(argument, {}).get("enum", ()))
    return arguments, said or None


def _put_in_words(arguments: dict[str, Any], said: dict[str, str], argument: str, words: Words, taken: Any) -> None:  # noqa: ANN401 - a schema's enum
    written = arguments.get(argument)
    if written is None and not words.kept:
        return
    if not isinstance(written, str | None):
        # Another JSON type is the tool's to refuse.
        return
    word = (written or "").strip().lower()
    if word in taken:
        arguments[argument] = word
        return
    arguments[argument] = words.known.get(word, words.otherwise)
    if written and words.kept:
        said[argument] = written


def _subject(parts: tuple[str, str], given: Mapping[str, Any]) -> dict[str, str]:
    """Return a ticket's subject: what kind of issue it is, and how its description begins."""
    kind, text = (given.get(part) for part in parts)
    if not isinstance(kind, str) or not isinstance(text, str) or not text.strip():
        return {}
    begins = text.strip().splitlines()[0]
    cut = begins if len(begins) <= FIRST_LINE else f"{begins[: FIRST_LINE - 1]}…"
    return {SUBJECT: f"{' '.join(kind.split())[: FIRST_LINE // 2]}: {cut}"}


def _shown(row: Friendly, body: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = plain(dict(body))
    return {name: shown[name] for name in row.fields if name in shown} if row.fields else shown


ROUTES = [
    Route(row.path, once(handler_of(row)) if row.method == "POST" else handler_of(row), methods=[row.method])
    for row in FRIENDLY
]
