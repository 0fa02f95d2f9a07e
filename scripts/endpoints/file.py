"""models.toml as a file that is edited: comments stay, it is never half written, and the last change can be undone."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.files.whole_files import whole_file
from storage.endpoints import FILE, VISION, Endpoints, EndpointsError, parse_endpoints
from storage.private import OWNERS_FILE, make_folder
from storage.settings import REPOSITORY, CannotStartError, Settings

BEFORE = f"{FILE}.before"
ALL = "all"
UNDO = "Undo: shopdesk models undo"


class UnknownNameError(CannotStartError):
    """models.toml has no such endpoint or role."""

    def __init__(self, kind: str, name: str, known: list[str]) -> None:
        super().__init__(f"{FILE} has no {kind} {name}; it has: {', '.join(known)}.")


class NothingToUndoError(CannotStartError):
    """No command has changed models.toml."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"There is nothing to undo: no command has changed {path.with_name(FILE)} yet.")


class BlindError(CannotStartError):
    """An endpoint that sees nothing was named for the role that looks at pictures."""

    def __init__(self, endpoint: str) -> None:
        super().__init__(f"{endpoint} does not see pictures, which the role {VISION} has to: choose another for it.")


def current(settings: Settings) -> Endpoints:
    """Return what the file says, made from the shipped one if there is none yet.

    Raises:
        EndpointsError: it cannot be used.
    """
    path = make_file(settings)
    return parse_endpoints(path, path.read_text(encoding="utf-8-sig"))


def make_file(settings: Settings) -> Path:
    """Return the file's path; a new shop gets the shipped one."""
    path = settings.shopdesk_home / FILE
    if not path.exists():
        make_folder(path.parent)
        shutil.copy(REPOSITORY / "team" / FILE, path)
    return path


@contextmanager
def edited(settings: Settings) -> Iterator[Any]:
    """Yield the file's document to change; it is written at the end if it changed and can be used.

    Raises:
        EndpointsError: it cannot be used, before or after the change; it is not written then.
        NotWrittenError: the folder does not allow it.
    """
    # Slow to import, and only changes need it.
    import tomlkit
    from tomlkit.exceptions import ParseError

    path = make_file(settings)
    text = path.read_text(encoding="utf-8-sig")
    try:
        document = tomlkit.parse(text)
    except ParseError as error:
        raise EndpointsError(path, str(error)) from error
    yield document
    changed = tomlkit.dumps(document)
    if changed == text:
        return
    parse_endpoints(path, changed)
    _replace(path.with_name(BEFORE), text, OWNERS_FILE)
    _replace(path, changed, path.stat().st_mode & 0o777)


def swap(settings: Settings) -> Path:
    """Put the file back as it was before the last change, and keep what it was until now for another undo.

    Raises:
        NothingToUndoError: nothing was changed.
    """
    path = settings.shopdesk_home / FILE
    before = path.with_name(BEFORE)
    if not before.exists() or not path.exists():
        raise NothingToUndoError(path)
    now, then = path.read_text(encoding="utf-8-sig"), before.read_text(encoding="utf-8")
    _replace(before, now, OWNERS_FILE)
    _replace(path, then, path.stat().st_mode & 0o777)
    return path


def roles_named(found: Endpoints, given: str) -> list[str]:
    """Return the roles in a comma-separated list, or every role for `all`.

    Raises:
        UnknownNameError: one of them is none.
    """
    if given.strip().lower() == ALL:
        return list(found.roles)
    named = [one.strip() for one in given.split(",") if one.strip()]
    for role in named:
        if role not in found.roles:
            raise UnknownNameError("role", role, [*found.roles, f"or {ALL}"])
    return named


def as_written(keys: list[str]) -> str | list[str]:
    """Return a role's endpoints as they stand in the file: one as text, several as a list."""
    return keys[0] if len(keys) == 1 else keys


def _replace(path: Path, text: str, mode: int) -> None:
    with whole_file(path, force=True) as file:
        # It may contain a key that other users must not read.
        os.fchmod(file.fileno(), mode)
        file.write(text)
