"""An ingest into a copy of the shop's handbook, which is gone afterwards."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio

from knowledge.handbook import embedder_of, handbook_of
from knowledge.index import index_lock, index_path
from knowledge.indexes.lock import locked
from knowledge.search import Handbook
from knowledge.taking_in.ingest import ingest
from knowledge.taking_in.report import Progress, Report
from storage.db import Sessions, open_sessions, reading, writing
from storage.handbook.copying import copy_handbook
from storage.migrate import migrate
from storage.settings import Settings


@dataclass(frozen=True)
class Copy:
    """The handbook as it would be, and what the ingest into it did."""

    handbook: Handbook
    sessions: Sessions
    report: Report


@asynccontextmanager
async def rehearsed(
    settings: Settings, sessions: Sessions, paths: Sequence[Path], progress: Progress, *, as_faq: bool, only: bool
) -> AsyncIterator[Copy]:
    """Ingest documents into a copy of the handbook; the shop's own is only read.

    Args:
        settings: the shop's.
        sessions: the shop's database.
        paths: files and folders.
        progress: called with the progress.
        as_faq: the files are saved FAQ pages.
        only: remove everything that is not in these files and folders, including the built-in handbook.
    """
    with tempfile.TemporaryDirectory(prefix="shopdesk-rehearsal-") as folder:
        copied = settings.model_copy(update={"shopdesk_home": Path(folder), "database_url": "", "chroma_url": ""})
        await migrate(copied.database)
        async with open_sessions(copied.database) as copies:
            async with locked(index_lock(settings.shopdesk_home)):
                async with reading(sessions) as source, writing(copies) as target:
                    await copy_handbook(source, target)
                await anyio.to_thread.run_sync(_copy_index, settings, copied)
            report = await ingest(copied, copies, paths, progress, as_faq=as_faq, only=only)
            yield Copy(handbook_of(copied), copies, report)


def _copy_index(settings: Settings, copied: Settings) -> None:
    """Copy the index, so that only what changes is indexed anew; vectors on a Chroma server are made again."""
    index = index_path(settings.shopdesk_home, embedder_of(settings))
    if not settings.chroma_url and index.exists():
        shutil.copytree(index, index_path(copied.shopdesk_home, embedder_of(copied)))
