"""Adding passages to both halves of the index in batches; one batch is embedded while another is written."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import aclosing

import anyio

from knowledge.index import Entry, HandbookIndex, Prepared
from knowledge.indexes.batches import batched, one_ahead
from knowledge.taking_in.report import Progress
from knowledge.taking_in.spool import Spool
from storage.db import Sessions, without_haste
from storage.handbook.intake import list_entries


async def add_entries(
    index: HandbookIndex, taken: Spool, sessions: Sessions, missing: Collection[str], progress: Progress
) -> None:
    """Add the passages an index lacks: those of new documents, and those it has lost.

    Args:
        index: the index to add to.
        taken: the new documents.
        sessions: the database with the text of other passages.
        missing: ids of the passages to add.
        progress: called after each batch.
    """
    on_their_way = set(taken.passage_ids)
    new = (entry for entry in taken.entries() if entry.passage_id in missing)
    lost = [passage_id for passage_id in missing if passage_id not in on_their_way]
    done = 0
    try:
        async with aclosing(one_ahead(index.prepare, _batches(index, new, lost, sessions))) as prepared:
            async for batch in prepared:
                await _add(index, batch)
                done += len(batch.ids)
                progress("passages", done, len(missing))
    finally:
        # What is indexed by now need not be indexed again, even if the rest is interrupted.
        index.commit()


async def _add(index: HandbookIndex, batch: Prepared) -> None:
    adding = asyncio.ensure_future(anyio.to_thread.run_sync(index.add, batch))
    try:
        await asyncio.shield(adding)
    finally:
        # Otherwise cancelling the ingest would leave the thread running, and its additions would not be committed.
        await adding


async def _batches(
    index: HandbookIndex, new: Iterable[Entry], lost: Collection[str], sessions: Sessions
) -> AsyncIterator[list[Entry]]:
    size = index.embedder.passages_at_once
    batches = batched(new, size)
    while (batch := await anyio.to_thread.run_sync(next, batches, None)) is not None:
        yield batch
    for some in batched(lost, size):
        async with sessions() as session:
            await without_haste(session)
            yield [Entry(*row) async for row in list_entries(session, some)]
