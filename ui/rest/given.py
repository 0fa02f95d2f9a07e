"""What a program sent: fields of the path, the query, a JSON object or a form, and a picture among them."""

import base64
import binascii
import re
from typing import Any

from pydantic_core import from_json
from starlette.datastructures import UploadFile
from starlette.requests import Request

from storage.db import writing
from storage.errors import WrongRequestError
from storage.owners import CustomerOnly, Nobody, Staff
from storage.pictures.pictures import keep_picture, read_picture
from storage.process.addresses import address_of
from ui.bodies import NotJsonError
from ui.logins.person import Person
from ui.logins.visits import PicturesNeedLoginError
from ui.parts import parts_of
from ui.rest.refusals import OtherCustomerError, WrongTypeError

ME = "me"
"""A customer's name for themselves, in a path."""

PICTURE_FIELDS = ("file", "image")
DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,(?P<content>.*)", re.DOTALL)
MOST_FIELDS = 10


class BrokenJsonError(WrongRequestError):
    """The body is not a JSON object."""

    def __init__(self) -> None:
        super().__init__("The body is not a JSON object, such as {}.")


class BadDataUrlError(WrongRequestError):
    """A picture is given as text that is not a data URL."""

    def __init__(self) -> None:
        super().__init__("image must be a data URL with the picture in base64, such as data:image/png;base64,iVBOR…")


async def json_object(request: Request) -> dict[str, Any]:
    """Return the body's JSON object; no body at all is an empty one.

    Raises:
        NotJsonError: it is not declared as JSON.
        BrokenJsonError: it is not a JSON object.
    """
    body = await request.body()
    if not body:
        return {}
    if _media_type(request) != "application/json":
        raise NotJsonError
    try:
        found = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise BrokenJsonError from error
    if not isinstance(found, dict):
        raise BrokenJsonError
    return found


async def with_picture(request: Request, person: Person, argument: str) -> dict[str, Any]:
    """Return the fields of a form or of a JSON object; a picture in them is kept, and is the argument's value.

    A form has it as `file` or `image`, JSON as `image`, a data URL; the id of a picture sent before will do as well.
    """
    if _media_type(request) != "multipart/form-data":
        given = await json_object(request)
        if "image" not in given:
            return given
        content = _in_data_url(given.pop("image"))
        return {**given, argument: await _kept(request, person, content)}
    async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
        given = {name: value for name, value in form.items() if isinstance(value, str)}
        files = [form[name] for name in PICTURE_FIELDS if isinstance(form.get(name), UploadFile)]
        if not files:
            return given
        file = files[0]
        assert isinstance(file, UploadFile)  # noqa: S101 - chosen as one
        return {**given, argument: await _kept(request, person, await file.read())}


async def _kept(request: Request, person: Person, content: bytes) -> str:
    if isinstance(person.whose, Nobody):
        raise PicturesNeedLoginError
    parts, address = parts_of(request), address_of(request.scope)
    parts.limits.take_message(person.id, address)
    picture = await read_picture(content)
    a_day = parts.settings.picture_mb_per_day * 1_000_000
    async with writing(parts.sessions) as session:
        image = await keep_picture(session, picture, owner=person.id, customer_id=person.customer_id, a_day=a_day)
        parts.limits.take_picture(address, len(image.content))
    return image.id


def _in_data_url(value: object) -> bytes:
    found = DATA_URL.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise BadDataUrlError
    try:
        return base64.b64decode(found["content"], validate=True)
    except binascii.Error as error:
        raise BadDataUrlError from error


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def named_customer(person: Person, user_id: object) -> str | None:
    """Return the customer whom staff named; None for a customer who named themselves, whom no tool needs told.

    Raises:
        OtherCustomerError: a customer, or nobody in particular, named somebody else.
    """
    if not isinstance(user_id, str):
        raise WrongTypeError("user_id", "text")
    match person.whose:
        case Staff():
            return user_id
        case CustomerOnly(customer_id=own) if user_id in (own, ME):
            return None
    raise OtherCustomerError
