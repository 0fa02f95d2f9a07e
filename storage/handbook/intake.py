"""How an ingest reads and writes the handbook's rows."""

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.handbook.passages import BUILT_IN, Document, Passage, Replacement

KEYS_AT_ONCE = 500
"""Rows per statement: databases limit the number of values in one."""

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Digest:
    """A digest of a document's source, to tell whether its file has changed."""

    sha256: str
    place: str

    @property
    def is_built_in(self) -> bool:
        """Whether it is built in."""
        return self.place.startswith(BUILT_IN)


@dataclass(frozen=True)
class Written:
    """Documents as rows of their tables."""

    documents: Rows
    passages: Rows
    replacements: Rows


async def list_digests(session: AsyncSession) -> dict[str, Digest]:
    """Return every document's digest, by its key."""
    query = select(Document.key, Document.sha256, Document.source).order_by(Document.key)
    return {key: Digest(sha256, source) for key, sha256, source in await session.execute(query)}


async def list_passage_ids(session: AsyncSession, *, except_keys: Collection[str]) -> list[str]:
    """Return every passage's id, except those of some documents."""
    rows = await session.execute(select(Passage.id, Passage.document_key))
    return [passage_id for passage_id, key in rows if key not in except_keys]


async def list_entries(session: AsyncSession, ids: Iterable[str]) -> AsyncIterator[tuple[str, str, str, str, str, str]]:
    """Yield the id, language, title, section, text and asked questions of these passages."""
    columns = (Passage.id, Document.language, Document.title, Passage.section, Passage.text, Passage.asked)
    query = select(*columns).join(Document)
    for some in _batched(ids):
        for row in await session.execute(query.where(Passage.id.in_(some))):
            yield row[0], row[1], row[2], row[3], row[4], row[5]


async def delete_documents(session: AsyncSession, keys: Iterable[str]) -> None:
    """Remove documents and their passages."""
    for some in _batched(keys):
        await session.execute(delete(Document).where(Document.key.in_(some)))


async def add_documents(session: AsyncSession, written: Written) -> None:
    """Write documents and their passages."""
    for table, rows in (
        (Document, written.documents),
        (Passage, written.passages),
        (Replacement, written.replacements),
    ):
        if rows:
            await session.execute(insert(table), rows)


def _batched(values: Iterable[str]) -> Iterator[list[str]]:
    left = iter(values)
    while some := list(islice(left, KEYS_AT_ONCE)):
        yield some
