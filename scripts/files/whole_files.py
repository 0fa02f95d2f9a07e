"""Files and folders that are written atomically."""

import os
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from storage.settings import CannotStartError


class NotWrittenError(CannotStartError):
    """The file or folder cannot be written."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"{path} was not written: {error.strerror}. Choose a location you can write to.")


class ThereAlreadyError(CannotStartError):
    """The path exists and --force was not given."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} already exists. Add --force to replace it, or choose another name.")


class OtherFilesError(CannotStartError):
    """The folder contains files that are not from an export."""

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(f"{folder} was not written: it has {name}, which is not from an export. Choose a new folder.")


@contextmanager
def whole_file(path: Path, *, force: bool) -> Iterator[TextIO]:
    """Yield a file to write; it is moved into place once it is complete and on disk.

    Raises:
        ThereAlreadyError: the file exists, and `force` is not set.
        NotWrittenError: it cannot be written there.
    """
    if path.exists() and not force:
        raise ThereAlreadyError(path)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".shopdesk-export-") as beside:
            unfinished = Path(beside) / path.name
            with unfinished.open("w", encoding="utf-8") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
    except OSError as error:
        raise NotWrittenError(path, error) from error


@contextmanager
def whole_folder(path: Path, names: Collection[str], *, force: bool) -> Iterator[Path]:
    """Yield a folder to write these files in; it is moved into place once they are complete and on disk.

    Raises:
        ThereAlreadyError: the folder exists and is not empty, and `force` is not set.
        OtherFilesError: it contains other files, which must not be lost.
        NotWrittenError: it cannot be written there.
    """
    place = path.resolve()
    try:
        _require_replaceable(path, names, force=force)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=".shopdesk-export-") as beside:
            unfinished = Path(beside) / "new"
            unfinished.mkdir()
            yield unfinished
            for file in unfinished.iterdir():
                _keep_on_disk(file)
            _swap(unfinished, place, Path(beside) / "old")
    except OSError as error:
        raise NotWrittenError(path, error) from error


def _require_replaceable(path: Path, names: Collection[str], *, force: bool) -> None:
    if not path.exists():
        return
    held = sorted(file.name for file in path.iterdir())
    if held and not force:
        raise ThereAlreadyError(path)
    strange = [name for name in held if name not in names]
    if strange:
        raise OtherFilesError(path, strange[0])


def _swap(new: Path, place: Path, old: Path) -> None:
    if not place.is_dir():
        new.rename(place)
        return
    place.rename(old)
    try:
        new.rename(place)
    except OSError:
        old.rename(place)
        raise


def _keep_on_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
