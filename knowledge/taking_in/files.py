"""Finding a handbook's files: which of the given paths are documents, and which are not."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.reading.documents import HANDBOOK
from storage.handbook.passages import BUILT_IN

_ASSETS = """
.css .js .mjs .map .json .xml .rss .ico .png .jpg .jpeg .gif .webp .avif .svg .bmp .woff .woff2 .ttf .otf .eot
.mp3 .mp4 .webm .download
"""
ASSETS = frozenset(_ASSETS.split())
"""Assets of a saved site: skipped in a folder, rejected when named explicitly."""
QUESTIONS = "questions.toml"
"""The file beside policies with the questions written for them."""
SAVED_WITH_A_PAGE = ("_files", "_파일")
"""How browsers name the folder of assets saved with a page."""


@dataclass(frozen=True)
class Found:
    """A file to read, its readable name, and why it is rejected unread, if it is."""

    path: Path
    name: str
    place: str
    why_not: str = ""


def roots_of(paths: Iterable[Path]) -> list[Path]:
    """Return the given files and folders with symlinks resolved."""
    return [path.expanduser().resolve() for path in paths]


def find_files(roots: Iterable[Path]) -> Iterator[Found]:
    """Yield each file in these files and folders once, sorted by name."""
    seen = set[Path]()
    for root in roots:
        for found in _under(root) if root.is_dir() else [Found(root, root.name, place_of(root))]:
            if found.path not in seen:
                seen.add(found.path)
                yield found


def place_of(path: Path) -> str:
    """Return the source to record for a file; for the built-in handbook it does not depend on the install location."""
    if path.is_relative_to(HANDBOOK):
        return f"{BUILT_IN}{path.relative_to(HANDBOOK).as_posix()}".removesuffix("/.")
    return str(path)


def is_within(place: str, roots: Iterable[str]) -> bool:
    """Return whether a path is one of these, or in one of these folders."""
    return any(place == root or place.startswith(f"{root.rstrip('/')}/") for root in roots)


def _under(root: Path) -> Iterator[Found]:
    unreadable = list[OSError]()
    for folder, folders, names in os.walk(root, onerror=unreadable.append):
        here = Path(folder)
        pages = {Path(name).stem for name in names if Path(name).suffix.lower() in {".html", ".htm"}}
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not _belongs(name, pages))
        linked = [name for name in folders if (here / name).is_symlink()]
        for name in sorted([*names, *linked]):
            path = here / name
            if not name.startswith(".") and name != QUESTIONS and path.suffix.lower() not in ASSETS:
                why_not = "it is a symlink: name the file itself" if path.is_symlink() else ""
                yield Found(path, str(path.relative_to(root)), place_of(path), why_not)
        for error in unreadable:
            path = Path(error.filename)
            yield Found(path, str(path.relative_to(root)), place_of(path), "its folder cannot be read")
        unreadable.clear()


def _belongs(folder: str, pages: set[str]) -> bool:
    return any(folder.removesuffix(end) in pages for end in SAVED_WITH_A_PAGE if folder.endswith(end))
