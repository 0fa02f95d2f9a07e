"""Finding a handbook's files: what is given, what of it can be read, and what has gone since."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.documents import HANDBOOK, DocumentRefusedError, Source, read_document
from storage.passages import BUILT_IN

SUFFIX = ".md"


@dataclass(frozen=True)
class Files:
    """What was read, what was refused, and the places that were looked through in full."""

    sources: Sequence[Source]
    refused: Sequence[str]
    refused_places: frozenset[str]
    looked_through: Sequence[str]

    def has_gone(self, place: str) -> bool:
        """Tell whether a document of this place was looked for and is no longer there."""
        read = {source.place for source in self.sources}
        return place not in read | self.refused_places and any(
            place == root or place.startswith(f"{root}/") for root in self.looked_through
        )


def read_files(paths: Iterable[Path]) -> Files:
    """Read the documents in these files and folders; what cannot be read is refused, and the rest goes on."""
    roots = [path.expanduser().resolve() for path in paths]
    sources: dict[str, Source] = {}
    refused: dict[str, str] = {}
    for path in dict.fromkeys(path for root in roots for path in _files(root)):
        place = place_of(path)
        try:
            source = _read(path, place)
        except DocumentRefusedError as error:
            refused[place] = str(error)
            continue
        first = sources.setdefault(source.key, source)
        if first is not source:
            refused[place] = str(DocumentRefusedError(path, f"{source.key} is already in {first.place}"))
    return Files(list(sources.values()), list(refused.values()), frozenset(refused), [place_of(root) for root in roots])


def place_of(path: Path) -> str:
    """Return how a document remembers its file: the built-in handbook stays the same wherever it is installed."""
    if path.is_relative_to(HANDBOOK):
        return f"{BUILT_IN}{path.relative_to(HANDBOOK).as_posix()}".removesuffix("/.")
    return str(path)


def _files(root: Path) -> Iterator[Path]:
    if not root.is_dir():
        yield root
        return
    yield from sorted(path for path in root.rglob("[!.]*") if path.is_file())


def _read(path: Path, place: str) -> Source:
    if not path.exists():
        raise DocumentRefusedError(path, "there is no such file")
    if path.suffix != SUFFIX:
        raise DocumentRefusedError(path, f"only Markdown ({SUFFIX}) is read")
    return read_document(path, place)
