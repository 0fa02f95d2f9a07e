"""Uploading and showing customers' pictures, and the page on which somebody brings one for a program."""

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.db import writing
from storage.errors import ShopError
from storage.pictures.images import get_image
from storage.pictures.pictures import keep_picture, read_picture
from storage.process.addresses import address_of
from ui.guards import IMAGES
from ui.logins.bearers import NotLoggedInError
from ui.logins.keys import require_somebody
from ui.logins.visits import PicturesNeedLoginError, person_of
from ui.parts import parts_of
from ui.screens.screen import screen

# A picture never changes under its id, and only its owner's browser may cache it.
KEEP = "private, max-age=86400, immutable"


class NoFileError(ShopError):
    """The form has no picture."""

    def __init__(self) -> None:
        super().__init__("Send one picture, as the field `file` of the form or as the whole body.")


async def page(_: Request) -> Response:
    """Return the page that uploads pictures and shows their ids; it asks for a login itself."""
    return screen("pictures")


async def upload(request: Request) -> Response:
    """Accept a picture, as the body or as a form's `file`, and return its id."""
    person = require_somebody(request, await person_of(request))
    if person.visitor_id is not None:
        raise PicturesNeedLoginError
    parts, address = parts_of(request), address_of(request.scope)
    parts.limits.take_message(person.id, address)
    picture = await read_picture(await _content(request))
    a_day = parts.settings.picture_mb_per_day * 1_000_000
    async with writing(parts.sessions) as session:
        image = await keep_picture(session, picture, owner=person.id, customer_id=person.customer_id, a_day=a_day)
        parts.limits.take_picture(address, len(image.content))
    return JSONResponse({"image_id": image.id, "width": image.width, "height": image.height}, status_code=201)


async def show(request: Request) -> Response:
    """Return a picture's bytes."""
    person = await person_of(request)
    if person.visitor_id is not None:
        raise NotLoggedInError
    async with parts_of(request).sessions() as session:
        image = await get_image(session, request.path_params["image_id"], person.whose)
    return Response(image.content, media_type=image.content_type, headers={"Cache-Control": KEEP})


async def _content(request: Request) -> bytes:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    async with request.form(max_files=1, max_fields=1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise NoFileError
        return await file.read()


ROUTES = [
    Route("/pictures", page),
    Route(IMAGES, upload, methods=["POST"]),
    Route(f"{IMAGES}/{{image_id}}", show),
]
