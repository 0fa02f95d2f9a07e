"""The picture a call is about: one the shop has, by its id or, over stdio, a file in a folder that its owner allows."""

import asyncio
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from mcp_servers.runtime.caller import Local, is_local
from mcp_servers.runtime.signature import Session
from storage.db import now
from storage.errors import NotFoundError
from storage.pictures.images import Image, ImageNotFoundError, get_image
from storage.pictures.pictures import MAX_BYTES, TooLargeError, read_picture
from storage.settings import Settings
from storage.tokens import Caller

PAGE = "/pictures"
"""Where a logged-in person brings a picture and gets its id."""


class NoPictureHereError(NotFoundError):
    """Over stdio: the shop has no such picture, and none may be read at such a path; for both the text is the same."""

    def __init__(self, given: str, folders: Sequence[Path]) -> None:
        allowed = ", ".join(map(str, folders)) or "none yet"
        super().__init__(
            f"No image {given} was found. Give a picture's id, or the path of one in a folder that the setting "
            f"PICTURE_FOLDERS names ({allowed})."
        )


class NoPictureYetError(NotFoundError):
    """Over HTTP: the caller has no such picture; the text says where their person brings one."""

    def __init__(self, given: str, page: str) -> None:
        super().__init__(
            f"No image {given} was found. Its person can bring the picture at {page} and gets its id there."
        )


async def given_picture(session: Session, caller: Caller, local: Local, settings: Settings, given: str) -> Image:
    """Return the picture of this id or, over stdio, at this path; one at a path is not stored.

    Raises:
        NotFoundError: there is none that the caller may see; the message says how to bring one.
        BadImageError: the file is one that an upload would be refused for.
    """
    try:
        return await get_image(session, given, caller.whose)
    except ImageNotFoundError as error:
        if is_local(local):
            return await _at_path(caller, settings.allowed_picture_folders, given)
        if caller.conversation is None:
            raise NoPictureYetError(given, f"{settings.public_ui_url}{PAGE}") from error
        # In the page's own chat the customer has it at hand.
        raise


async def _at_path(caller: Caller, folders: Sequence[Path], given: str) -> Image:
    content = await asyncio.to_thread(_content_at, given, folders)
    if content is None:
        raise NoPictureHereError(given, folders)
    picture = await read_picture(content)
    return Image(id=given, owner=caller.subject, customer_id=caller.customer_id, created_at=now(), **vars(picture))


def _content_at(given: str, folders: Sequence[Path]) -> bytes | None:
    """Return the bytes of a file in one of these folders, links and `..` resolved; None for any other path."""
    real_folders = list(_resolved(folders))
    path = Path.home() / given[2:] if given.startswith("~/") else Path(given)
    for found in _resolved(folder / path for folder in folders):
        if any(found.is_relative_to(folder) for folder in real_folders):
            return _content_of(found)
    return None


def _resolved(paths: Iterator[Path] | Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        try:
            yield path.resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            # It does not exist, is a circle of links, or is no path at all.
            continue


def _content_of(path: Path) -> bytes | None:
    try:
        # Neither a link that was put in its place since, nor a pipe that nobody writes to.
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        about = os.fstat(opened)
        if not stat.S_ISREG(about.st_mode) or path.resolve() != path:
            return None
        if about.st_size > MAX_BYTES:
            raise TooLargeError(about.st_size)
        with open(opened, "rb", closefd=False) as file:
            return file.read(MAX_BYTES + 1)
    finally:
        os.close(opened)
