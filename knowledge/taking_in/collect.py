"""Collecting changes: files are read one by one and compared with the documents the shop has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from knowledge.reading.documents import DocumentRefusedError, Left, Source
from knowledge.reading.reader import Request
from knowledge.taking_in.files import Found, find_files, is_within, place_of
from knowledge.taking_in.left_out import lines_of, of_the_site
from knowledge.taking_in.report import Progress, Report
from knowledge.taking_in.spool import Spool
from storage.handbook.intake import Digest

NOTHING = "no file could be taken in, so no policy was removed"

ReadSource = Callable[[Request], Source]


@dataclass(frozen=True)
class Wish:
    """What an ingest is asked to do.

    `as_faq`: the files are FAQ pages. `only`: remove everything that is not in these files. `own_first`: leave
    documents alone that another source already provides.
    """

    roots: Sequence[Path]
    as_faq: bool = False
    only: bool = False
    own_first: bool = False


@dataclass
class Collection:
    """What was found: documents to ingest, documents to remove, and rejected files with reasons."""

    wish: Wish
    held: Mapping[str, Digest]
    taken: Spool
    places: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    left: dict[str, Sequence[Left]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def gone(self) -> list[str]:
        """The documents whose files no longer exist; none where no file could be taken in for the whole handbook."""
        if self._would_empty:
            return []
        return [key for key, digest in self.held.items() if key not in self.places and self._has_gone(digest.place)]

    @property
    def _would_empty(self) -> bool:
        return self.wish.only and not self.places

    @property
    def is_empty(self) -> bool:
        """Whether the documents already match the files."""
        return not self.taken.keys and not self.gone

    def report(self, indexed: int) -> Report:
        """Return a report, with the number of passages that were indexed."""
        added = sorted(key for key in self.taken.keys if key not in self.held)
        changed = sorted(key for key in self.taken.keys if key in self.held)
        gone = sorted(self.gone)
        own, shared = of_the_site(self.left)
        return Report(
            added,
            changed,
            gone,
            [*self.refused.values(), *([NOTHING] if self._would_empty else [])],
            len(self.held) - len(changed) - len(gone),
            indexed,
            left_out=(*shared, *(f"{name}: {line}" for name, left in own.items() for line in lines_of(left))),
            notes=tuple(self.notes),
            lost=any(one.lost for left in own.values() for one in left),
        )

    def look_at(self, found: Found, read: ReadSource) -> None:
        """Read a file, and collect its document if it is new or changed."""
        if found.why_not:
            self.refused[found.place] = f"{found.name}: {found.why_not}"
            return
        try:
            self._keep(found, read(Request(found.path, found.place, self.wish.as_faq)))
        except DocumentRefusedError as error:
            self.refused[found.place] = f"{found.name}: {error}"

    def _keep(self, found: Found, source: Source) -> None:
        digest = self.held.get(source.key)
        if self.wish.own_first and digest is not None and not digest.is_built_in:
            return
        first = self.places.setdefault(source.key, found.place)
        if first != found.place:
            raise DocumentRefusedError(f"{source.key} is already in {first}")
        self._note(found, source)
        if digest != Digest(source.sha256, source.place):
            self.taken.put(source)

    def _note(self, found: Found, source: Source) -> None:
        if source.left:
            self.left[found.name] = source.left
        self.notes += [f"{found.name}: {note}" for note in notes_of(source, _today())]

    def _has_gone(self, place: str) -> bool:
        looked_through = self.wish.only or is_within(place, [place_of(root) for root in self.wish.roots])
        return looked_through and not is_within(place, self.refused)


def notes_of(source: Source, today: date) -> list[str]:
    """Return what a shop should know of how a document was read, and of when it holds."""
    heading, notes = source.heading, list(source.notes)
    if heading.effective_date is not None and heading.effective_date > today:
        notes.append(f"it holds only from {heading.effective_date} on; until then no search finds it")
    if heading.expires is not None and heading.expires < today:
        notes.append(f"it held until {heading.expires}; no search finds it")
    return notes


def _today() -> date:
    return datetime.now(UTC).date()


def collect(collection: Collection, read: ReadSource, progress: Progress) -> None:
    """Read every requested file; unreadable ones are rejected, and the rest continue."""
    for number, found in enumerate(find_files(collection.wish.roots), start=1):
        collection.look_at(found, read)
        progress("files", number, None)
