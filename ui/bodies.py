"""What a request's body may be: JSON of a known shape, and never more than its route takes."""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request

from storage.errors import ShopError

Shape = TypeVar("Shape", bound="Body")


class NotJsonError(ShopError):
    """The body is not said to be JSON; a form on another site cannot say so: half of the guard against those."""

    def __init__(self) -> None:
        super().__init__("Send the body as JSON, with the header Content-Type: application/json.")


class BadBodyError(ShopError):
    """The body has another shape than this route takes."""

    def __init__(self, error: ValidationError) -> None:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "body"
        super().__init__(f"{where}: {first['msg'].removeprefix('Value error, ')}.")


class Body(BaseModel):
    """The body of one route. Each value has its own JSON type: neither "yes" nor 1 is a yes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


async def read_body(request: Request, shape: type[Shape]) -> Shape:
    """Return the request's JSON body.

    Raises:
        NotJsonError: it is something else than JSON.
        BadBodyError: its shape is wrong; the message names the first field that is.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise NotJsonError
    try:
        return shape.model_validate_json(await request.body())
    except ValidationError as error:
        raise BadBodyError(error) from error
