"""Copying a shop's handbook into another database, row by row: to try something on it that changes nothing here."""

from typing import cast

from sqlalchemy import Table, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import without_haste
from storage.handbook.passages import Document, Generation, Passage, Replacement

ROWS_AT_ONCE = 500
TABLES = (Document, Passage, Replacement, Generation)
"""In the order in which they refer to each other."""


async def copy_handbook(source: AsyncSession, target: AsyncSession) -> None:
    """Copy every document, passage and replacement, and the generation, into a database that has none."""
    await without_haste(source)
    for model in TABLES:
        table = cast(Table, model.__table__)
        stream = await source.stream(select(table))
        async for rows in stream.mappings().partitions(ROWS_AT_ONCE):
            await target.execute(insert(table), [dict(row) for row in rows])
