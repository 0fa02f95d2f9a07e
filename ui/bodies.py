"""Request bodies: JSON of a known shape, within the route's size limit."""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request

from storage.errors import ShopError

Shape = TypeVar("Shape", bound="Body")


class NotJsonError(ShopError):
    """The body is not declared as JSON. A form on another site cannot do that, which helps prevent CSRF."""

    def __init__(self) -> None:
        super().__init__("Send the body as JSON, with the header Content-Type: application/json.")


class BadBodyError(ShopError):
    """The body's shape is wrong for this route."""

    def __init__(self, error: ValidationError) -> None:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "body"
        super().__init__(f"{where}: {first['msg'].removeprefix('Value error, ')}.")


class Body(BaseModel):
    """The body of one route. Values must have the right JSON type: neither "yes" nor 1 counts as true."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


async def read_body(request: Request, shape: type[Shape]) -> Shape:
    """Return the request's JSON body.

    Raises:
        NotJsonError: it is not JSON.
        BadBodyError: its shape is wrong; the message names the first wrong field.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise NotJsonError
    return shaped(await request.body(), shape)


def shaped(written: bytes | str, shape: type[Shape]) -> Shape:
    """Return what is written as JSON, in its shape.

    Raises:
        BadBodyError: its shape is wrong; the message names the first wrong field.
    """
    try:
        return shape.model_validate_json(written)
    except ValidationError as error:
        raise BadBodyError(error) from error
