"""Documents waiting to be ingested, spooled to disk so that a handbook of any size needs little memory."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from knowledge.index import Entry
from knowledge.reading.documents import Source


class Spool:
    """Documents in the order they were added; the file is unnamed, so it disappears with its process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by leaving the spool
        self.passage_ids = list[str]()
        self.keys = list[str]()

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._file.close()

    def put(self, source: Source) -> None:
        """Add a document."""
        self._file.write(source.model_dump_json().encode() + b"\n")
        self.keys.append(source.key)
        self.passage_ids += [piece.id for piece in source.pieces]

    def sources(self) -> Iterator[Source]:
        """Yield every document."""
        self._file.seek(0)
        for line in self._file:
            yield Source.model_validate_json(line)

    def entries(self) -> Iterator[Entry]:
        """Yield every passage, ready for the index."""
        for source in self.sources():
            heading = source.heading
            for piece in source.pieces:
                yield Entry(piece.id, heading.language, heading.title, piece.section, piece.text, piece.asked)
