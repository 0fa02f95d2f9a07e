"""Pictures in a request, as data URLs: stored through the same checks as uploads. Nothing is fetched from anywhere."""

import base64
import binascii
from collections.abc import Sequence

from starlette.requests import Request

from storage.db import writing
from storage.pictures.pictures import Picture, keep_picture, read_picture
from storage.process.addresses import address_of
from ui.conversations import MAX_IMAGES
from ui.logins.person import Person
from ui.logins.visits import PicturesNeedLoginError
from ui.openai_api.refusals import ProgramError
from ui.parts import parts_of

PARAM = "image_url"


async def keep_pictures(request: Request, person: Person, urls: Sequence[str]) -> list[str]:
    """Store the pictures of a message and return their ids.

    Raises:
        ProgramError: there are too many, or one is not in the request itself.
        BadImageError: the shop does not accept one.
        PicturesFullError: too many were sent today.
        PicturesNeedLoginError: a visitor sends one.
    """
    if not urls:
        return []
    if person.visitor_id is not None:
        raise PicturesNeedLoginError
    if len(urls) > MAX_IMAGES:
        raise ProgramError(f"A message may have {MAX_IMAGES} pictures.", "invalid_value", PARAM)
    read = [await read_picture(_content(url)) for url in urls]
    return [await _keep(request, person, picture) for picture in read]


async def _keep(request: Request, person: Person, picture: Picture) -> str:
    parts = parts_of(request)
    a_day = parts.settings.picture_mb_per_day * 1_000_000
    async with writing(parts.sessions) as session:
        image = await keep_picture(session, picture, owner=person.id, customer_id=person.customer_id, a_day=a_day)
        parts.limits.take_picture(address_of(request.scope), len(image.content))
    return image.id


def _content(url: str) -> bytes:
    head, comma, data = url.partition(",")
    if not head.startswith("data:"):
        raise ProgramError(
            "A picture must be in the request, as a data URL; addresses of others are not fetched.",
            "invalid_image_url",
            PARAM,
        )
    if not comma or not head.endswith(";base64"):
        raise ProgramError("A data URL must be in base64.", "invalid_image_url", PARAM)
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProgramError("A data URL is not valid base64.", "invalid_image_url", PARAM) from error
