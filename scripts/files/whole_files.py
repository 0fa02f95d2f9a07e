"""Files and folders that appear whole, or not at all."""

import os
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from storage.settings import CannotStartError


class NotWrittenError(CannotStartError):
    """The file or folder cannot be written there."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"{path} was not written: {error.strerror}. Choose a place that you may write to.")


class ThereAlreadyError(CannotStartError):
    """There is something at this place, and nobody asked to replace it."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is there already. Add --force to replace it, or choose another name.")


class OtherFilesError(CannotStartError):
    """The folder holds what is not ours to replace."""

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(f"{folder} was not written: it holds {name}, which is not of an export. Choose a new folder.")


@contextmanager
def whole_file(path: Path, *, force: bool) -> Iterator[TextIO]:
    """Yield a file to write; it takes its place once it is whole and on the disk.

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
    """Yield a folder to write files of these names in; it takes its place once they are whole and on the disk.

    Raises:
        ThereAlreadyError: the folder exists and is not empty, and `force` is not set.
        OtherFilesError: it holds files of other names, which nobody wants to lose.
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
