"""Taking documents in: files into rows and both halves of the index, only what changed, all of it or nothing.

The order makes an interruption harmless. New passages enter the index first, where no search shows them, since it shows
only what has a row; then one transaction changes the rows and raises the generation; then what is no longer needed
leaves the index. The next ingest compares the index with the rows and does what was left.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import anyio

from knowledge.documents import HANDBOOK, Source
from knowledge.embed import Embedder, OfflineEmbedder
from knowledge.files import Files, read_files
from knowledge.index import Entry, HandbookIndex, Stamp, index_path, read_stamp, remove_other_indexes, write_stamp
from knowledge.lock import locked
from storage.db import Sessions, writing
from storage.passages import (
    Digest,
    Document,
    Generation,
    Passage,
    delete_document,
    find_generation,
    list_digests,
    list_entries,
)
from storage.settings import Settings

BATCH = 500

Progress = Callable[[int, int], None]
"""Told after each batch how many passages are indexed, of how many."""


def unwatched(_done: int, _total: int) -> None:
    """Watch an ingest's progress without showing it."""


@dataclass(frozen=True)
class Report:
    """What an ingest did, by document."""

    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]
    refused: Sequence[str]
    unchanged: int
    indexed: int


@dataclass(frozen=True)
class Plan:
    """What is to be done with the documents: `taken` come in anew, `gone` leave, the others stay as they are."""

    taken: Sequence[Source]
    gone: Sequence[str]
    held: Mapping[str, Digest]
    refused: Sequence[str]

    @property
    def is_empty(self) -> bool:
        """Whether the documents are already as the files have them."""
        return not self.taken and not self.gone

    def report(self, indexed: int) -> Report:
        """Return what this plan did, with the number of passages that were indexed."""
        added = sorted(source.key for source in self.taken if source.key not in self.held)
        changed = sorted(source.key for source in self.taken if source.key in self.held)
        unchanged = len(self.held) - len(changed) - len(self.gone)
        return Report(added, changed, sorted(self.gone), self.refused, unchanged, indexed)


def plan_of(files: Files, held: Mapping[str, Digest]) -> Plan:
    """Compare the files with the documents the shop holds."""
    taken = [source for source in files.sources if held.get(source.key) != Digest(source.sha256, source.place)]
    read = {source.key for source in files.sources}
    gone = [key for key, digest in held.items() if key not in read and files.has_gone(digest.place)]
    return Plan(taken, gone, held, files.refused)


async def ingest(
    settings: Settings, sessions: Sessions, paths: Sequence[Path], progress: Progress, embedder: Embedder | None = None
) -> Report:
    """Take in the documents of these files and folders, and mend the index where anything of it is missing."""
    files = await anyio.to_thread.run_sync(read_files, paths)
    intake = Intake(settings.shopdesk_home, sessions, embedder or OfflineEmbedder(), progress)
    return await intake.take_in(files)


async def ingest_handbook(settings: Settings, sessions: Sessions, progress: Progress = unwatched) -> Report:
    """Take in the built-in handbook where it changed; a policy the shop replaced by one of its own stays the shop's."""
    files = await anyio.to_thread.run_sync(read_files, [HANDBOOK])
    intake = Intake(settings.shopdesk_home, sessions, OfflineEmbedder(), progress)
    return await intake.take_in(files, trusting=True, own_first=True)


class Intake:
    """One ingest into one shop."""

    def __init__(self, home: Path, sessions: Sessions, embedder: Embedder, progress: Progress) -> None:
        self._home = home
        self._path = index_path(home, embedder)
        self._sessions = sessions
        self._embedder = embedder
        self._progress = progress

    async def take_in(self, files: Files, *, trusting: bool = False, own_first: bool = False) -> Report:
        """Bring rows and index to what the files say.

        Args:
            files: what was read.
            trusting: an index that says it is complete is not opened to make sure, which takes a second or two.
            own_first: leave alone what another source already holds.
        """
        async with locked(self._home / "index" / "lock"):
            async with self._sessions() as session:
                held = await list_digests(session)
                generation = await find_generation(session)
            plan = plan_of(_without_foreign(files, held) if own_first else files, held)
            current = self._is_current(generation)
            if trusting and plan.is_empty and current:
                return plan.report(0)
            return await self._carry_out(plan, generation, current=current)

    def _is_current(self, generation: Generation | None) -> bool:
        if generation is None or generation.embedder != self._embedder.name:
            return False
        return read_stamp(self._path) == Stamp(generation.number, complete=True)

    async def _carry_out(self, plan: Plan, generation: Generation | None, *, current: bool) -> Report:
        index = await anyio.to_thread.run_sync(HandbookIndex, self._path, self._embedder)
        wanted = await self._wanted(plan)
        whole, partly = await anyio.to_thread.run_sync(index.ids)
        missing = [entry for passage_id, entry in wanted.items() if passage_id not in whole]
        strays = partly - wanted.keys()
        if current and plan.is_empty and not missing and not strays:
            return plan.report(0)
        stamp = read_stamp(self._path) or Stamp(0, complete=False)
        number = max(stamp.generation, generation.number if generation else 0) + 1
        write_stamp(self._path, Stamp(stamp.generation, complete=False))
        await self._add(index, missing)
        write_stamp(self._path, Stamp(number, complete=False))
        await self._write_rows(plan, number)
        await anyio.to_thread.run_sync(index.remove, strays)
        write_stamp(self._path, Stamp(number, complete=True))
        remove_other_indexes(self._home, self._path)
        return plan.report(len(missing))

    async def _wanted(self, plan: Plan) -> dict[str, Entry]:
        replaced = {source.key for source in plan.taken} | set(plan.gone)
        async with self._sessions() as session:
            rows = await list_entries(session, except_keys=replaced)
        entries = [Entry(*row) for row in rows]
        for source in plan.taken:
            heading = source.heading
            entries += [
                Entry(piece.id, heading.language, heading.title, piece.section, piece.text) for piece in source.pieces
            ]
        return {entry.passage_id: entry for entry in entries}

    async def _add(self, index: HandbookIndex, missing: Sequence[Entry]) -> None:
        for start in range(0, len(missing), BATCH):
            await anyio.to_thread.run_sync(index.add, missing[start : start + BATCH])
            self._progress(min(start + BATCH, len(missing)), len(missing))

    async def _write_rows(self, plan: Plan, number: int) -> None:
        async with writing(self._sessions) as session:
            for key in [*plan.gone, *(source.key for source in plan.taken)]:
                await delete_document(session, key)
            session.add_all(_row(source) for source in plan.taken)
            await session.merge(Generation(id=1, number=number, embedder=self._embedder.name))


def _without_foreign(files: Files, held: Mapping[str, Digest]) -> Files:
    own = [source for source in files.sources if source.key not in held or held[source.key].is_built_in]
    return Files(own, files.refused, files.refused_places, files.looked_through)


def _row(source: Source) -> Document:
    heading = source.heading
    return Document(
        key=source.key,
        policy_id=heading.id,
        language=heading.language,
        title=heading.title,
        category=heading.category,
        effective_date=heading.effective_date,
        replaced_date=heading.replaced_date,
        source=source.place,
        sha256=source.sha256,
        text=source.text,
        passages=[
            Passage(id=piece.id, number=piece.number, section=piece.section, text=piece.text) for piece in source.pieces
        ],
    )
