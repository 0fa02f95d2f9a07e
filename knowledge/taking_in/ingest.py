"""Ingesting documents: from files to rows and both halves of the index, only what changed, all or nothing.

The order makes an interruption harmless. First, new passages are added to the index, where no search shows them because
they have no row yet; then one transaction changes the rows and raises the generation; then passages that are no longer
needed are removed from the index. The next ingest compares the index with the rows and finishes the job.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import anyio

from knowledge.damage import IndexDamagedError, made_with, set_aside
from knowledge.handbook import embedder_of
from knowledge.index import (
    HandbookIndex,
    Stamp,
    index_lock,
    index_path,
    read_stamp,
    remove_other_indexes,
    require_undamaged,
    stamp_of,
    write_stamp,
)
from knowledge.indexes.batches import batched
from knowledge.indexes.chroma import told_where_away
from knowledge.indexes.embed import Embedder
from knowledge.indexes.lock import locked
from knowledge.questions.writing import with_questions
from knowledge.reading.bounded import BoundedReader
from knowledge.reading.documents import HANDBOOK
from knowledge.reading.reader import read_source
from knowledge.taking_in.collect import Collection, ReadSource, Wish, collect
from knowledge.taking_in.files import roots_of
from knowledge.taking_in.indexing import add_entries
from knowledge.taking_in.report import Progress, Report, unwatched
from knowledge.taking_in.rows import rows_of
from knowledge.taking_in.spool import Spool
from storage.db import Sessions, without_haste, writing
from storage.handbook.intake import add_documents, delete_documents, list_digests, list_passage_ids
from storage.handbook.passages import Generation, find_generation
from storage.settings import Settings

DOCUMENTS_AT_ONCE = 200


async def ingest(
    settings: Settings,
    sessions: Sessions,
    paths: Sequence[Path],
    progress: Progress = unwatched,
    *,
    as_faq: bool = False,
    only: bool = False,
) -> Report:
    """Ingest the documents in these files and folders, and repair the index if anything is missing.

    Args:
        settings: the shop's.
        sessions: the shop's database.
        paths: files and folders.
        progress: called with the progress.
        as_faq: the files are saved FAQ pages.
        only: remove everything that is not in these files and folders, including the built-in handbook.
    """
    with BoundedReader() as reader:
        intake = Intake(settings, sessions, embedder_of(settings), progress)
        roots = roots_of(paths)
        return await intake.take_in(Wish(roots, as_faq=as_faq, only=only), with_questions(reader.read, roots))


async def ingest_handbook(settings: Settings, sessions: Sessions, progress: Progress = unwatched) -> Report:
    """Ingest the built-in handbook if it has changed.

    Policies that the shop replaced with its own stay replaced, and a shop that removed them all gets none.
    """
    intake = Intake(settings, sessions, embedder_of(settings), progress)
    async with sessions() as session:
        held = await list_digests(session)
    left = held and not any(digest.is_built_in for digest in held.values())
    # It is trusted, so it is read in this process, which is faster.
    return await intake.take_in(Wish([] if left else [HANDBOOK], own_first=True), read_source, trusting=True)


class Intake:
    """One ingest into one shop."""

    def __init__(self, settings: Settings, sessions: Sessions, embedder: Embedder, progress: Progress) -> None:
        self._home = settings.shopdesk_home
        self._chroma_url = settings.chroma_url
        self._path = index_path(self._home, embedder, self._chroma_url)
        self._sessions = sessions
        self._embedder = embedder
        self._progress = progress
        self._mended = ""

    async def take_in(self, wish: Wish, read: ReadSource, *, trusting: bool = False) -> Report:
        """Update rows and index to match the files.

        Args:
            wish: which files, and how to treat them.
            read: reads one of them.
            trusting: do not open an index that says it is complete to make sure, which takes a second or two.

        Raises:
            ChromaAwayError: the server for the vectors does not answer.
            EndpointAwayError: the embedder's endpoint does not answer.
            IndexDamagedError: the index that replaced a damaged one cannot be used either.
        """
        async with locked(index_lock(self._home)):
            await self._set_aside_damaged()
            async with self._sessions() as session:
                held = await list_digests(session)
                generation = await find_generation(session)
            with Spool(self._home / "index") as spool:
                found = Collection(wish, held, spool)
                await anyio.to_thread.run_sync(collect, found, read, self._progress)
                current = self._is_current(generation)
                if trusting and found.is_empty and current:
                    return found.report(0)
                with told_where_away(self._chroma_url):
                    return replace(await self._mending(found, generation, current=current), mended=self._mended)

    async def _set_aside_damaged(self) -> None:
        try:
            await anyio.to_thread.run_sync(require_undamaged, self._path)
        except IndexDamagedError as error:
            await self._set_aside(error)

    async def _set_aside(self, error: IndexDamagedError) -> None:
        aside = await anyio.to_thread.run_sync(set_aside, self._path)
        self._mended = (
            f"The handbook's index was damaged ({error.damage}). It was rebuilt from the database; "
            f"the damaged one is kept as {aside}."
        )

    async def _mending(self, found: Collection, generation: Generation | None, *, current: bool) -> Report:
        try:
            return await self._carry_out(found, generation, current=current)
        except IndexDamagedError as error:
            # No ingest finished this index, or another library version did, so the damage could not be detected before.
            await self._set_aside(error)
            return await self._carry_out(found, generation, current=False)

    def _is_current(self, generation: Generation | None) -> bool:
        if generation is None or generation.embedder != self._embedder.name:
            return False
        stamp = read_stamp(self._path, self._chroma_url)
        wanted = generation.number, True, made_with()
        return stamp is not None and (stamp.generation, stamp.complete, stamp.made_with) == wanted

    async def _carry_out(self, found: Collection, generation: Generation | None, *, current: bool) -> Report:
        stored = await self._stored(found)
        index = await self._index()
        whole, partly = await anyio.to_thread.run_sync(index.ids)
        wanted = {*stored, *found.taken.passage_ids}
        strays, missing = partly - wanted, wanted - whole
        if current and found.is_empty and not missing and not strays:
            return found.report(0)
        stamp = read_stamp(self._path, self._chroma_url) or Stamp(0, complete=False)
        number = max(stamp.generation, generation.number if generation else 0) + 1
        write_stamp(self._path, Stamp(stamp.generation, complete=False))
        await add_entries(index, found.taken, self._sessions, missing, self._progress)
        write_stamp(self._path, Stamp(number, complete=False))
        await self._write_rows(found, number)
        await anyio.to_thread.run_sync(index.remove, strays)
        # Chroma's files do not change once nobody has them open for writing.
        stamp = await anyio.to_thread.run_sync(stamp_of, self._path, number, index)
        write_stamp(self._path, stamp)
        await anyio.to_thread.run_sync(remove_other_indexes, self._home, self._path, index, self._chroma_url)
        return found.report(len(missing))

    async def _index(self) -> HandbookIndex:
        index = await anyio.to_thread.run_sync(HandbookIndex, self._path, self._embedder, self._chroma_url)
        size = await self._embedder.size()
        if index.size not in {0, size}:
            # The model behind the endpoint has changed, and its questions do not match these vectors.
            await anyio.to_thread.run_sync(index.vectors.clear)
        index.size = size
        return index

    async def _stored(self, found: Collection) -> list[str]:
        async with self._sessions() as session:
            await without_haste(session)
            return await list_passage_ids(session, except_keys={*found.taken.keys, *found.gone})

    async def _write_rows(self, found: Collection, number: int) -> None:
        async with writing(self._sessions) as session:
            await without_haste(session)
            await delete_documents(session, [*found.gone, *found.taken.keys])
            for some in batched(found.taken.sources(), DOCUMENTS_AT_ONCE):
                await add_documents(session, rows_of(some))
            await session.merge(Generation(id=1, number=number, embedder=self._embedder.name))
