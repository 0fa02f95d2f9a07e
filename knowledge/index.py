"""The handbook's index: vectors and words, and a stamp that says what they cover."""

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import anyio
import numpy as np

from knowledge.damage import (
    ASIDE,
    IndexDamagedError,
    IndexUnusableError,
    digests_of,
    made_with,
    require_whole,
    told_where_damaged,
)
from knowledge.indexes.bm25 import WordIndex
from knowledge.indexes.chroma import open_folder, open_server
from knowledge.indexes.embed import Embedder, Vectors, unit
from knowledge.indexes.vectors import Hit, VectorIndex
from knowledge.language.words import search_words

STAMP = "stamp.json"
ON_SERVER = "shopdesk-"
"""Prefix of the shop's collections on a Chroma server, which may be shared."""
PART_MISSING = "part of their index is missing"


@dataclass(frozen=True)
class Stamp:
    """What an index covers: the handbook's generation, with nothing missing; `complete` if nothing is left over.

    For a complete one it also records the library versions that wrote it, how many vectors it has, and the digests of
    its files.
    """

    generation: int
    complete: bool
    made_with: str = ""
    vectors: int = 0
    digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A passage to be indexed."""

    passage_id: str
    language: str
    title: str
    section: str
    text: str
    asked: str

    @property
    def spoken(self) -> str:
        """The text to search: title and section count twice because they name the subject."""
        return f"{self.title}. {self.title}. {self.section}. {self.section}. {self.text}"

    @property
    def questions(self) -> list[str]:
        """What customers ask about it."""
        return self.asked.split("\n") if self.asked else []


@dataclass(frozen=True)
class Prepared:
    """Passages as stored in both halves of the index; `vectors` has the rows of each passage."""

    ids: Sequence[str]
    languages: Sequence[str]
    vectors: Sequence[Vectors]
    words: Sequence[Sequence[str]]


class HandbookIndex:
    """Both halves of one embedder's index: in one folder, or with the vectors on a Chroma server."""

    def __init__(self, path: Path, embedder: Embedder, chroma_url: str = "") -> None:
        self.embedder = embedder
        with told_where_damaged():
            self.vectors = _vectors(path, embedder, chroma_url)
            self.size = self.vectors.size
            self.words = WordIndex(path / "bm25")

    def holds(self, passages: int, vectors: int) -> bool:
        """Return whether it has at least this many passages and vectors."""
        with told_where_damaged():
            return self.words.count >= passages and self.vectors.count >= max(passages, vectors)

    def ids(self) -> tuple[set[str], set[str]]:
        """Return the ids of the passages in both halves, and of those in either."""
        with told_where_damaged():
            vectors, words = self.vectors.ids(), self.words.ids()
        return vectors & words, vectors | words

    async def prepare(self, entries: Sequence[Entry]) -> Prepared:
        """Return what both halves store for these passages."""
        return Prepared(
            [entry.passage_id for entry in entries],
            [entry.language for entry in entries],
            await self._vectors_of(entries),
            await anyio.to_thread.run_sync(_words_of, entries),
        )

    async def _vectors_of(self, entries: Sequence[Entry]) -> list[Vectors]:
        questions = [question for entry in entries for question in entry.questions]
        texts = await self.embedder.embed_passages([*(entry.spoken for entry in entries), *questions])
        self.require_size(texts)
        ends = np.cumsum([len(entry.questions) for entry in entries])
        asked = np.split(texts[len(entries) :], ends[:-1])
        own = texts[: len(entries), None]
        # One for each question, half of it the passage itself.
        return [unit(one + some) if len(some) else one for one, some in zip(own, asked, strict=True)]

    def add(self, batch: Prepared) -> None:
        """Add passages to both halves; the words are durable only after `commit`."""
        with told_where_damaged():
            self.vectors.add(batch.ids, batch.vectors, batch.languages)
            self.words.add(zip(batch.ids, batch.languages, batch.words, strict=True))

    def commit(self) -> None:
        """Make the added words durable."""
        with told_where_damaged():
            self.words.commit()

    def require_size(self, vectors: Vectors) -> None:
        """Check that vectors have the same size as the index's own.

        Raises:
            IndexUnusableError: their size differs, because the model behind the endpoint has changed.
        """
        if self.size not in {0, vectors.shape[1]}:
            now = f"{self.embedder.name} now returns {vectors.shape[1]}"
            raise IndexUnusableError(f"their index has vectors of {self.size} numbers, but {now}")

    def nearest(self, vector: Vectors, language: str, limit: int, *, others: bool) -> list[Hit]:
        """Return the passages nearest to a question's vector.

        Raises:
            IndexUnusableError: they are damaged, or were removed from the Chroma server after this index was opened.
        """
        from chromadb.errors import NotFoundError

        try:
            with told_where_damaged():
                return self.vectors.nearest(vector, language, limit, others=others)
        except NotFoundError as error:
            raise IndexUnusableError(PART_MISSING) from error

    def remove(self, passage_ids: Collection[str]) -> None:
        """Remove passages from both halves."""
        if passage_ids:
            with told_where_damaged():
                self.vectors.remove(passage_ids)
                self.words.remove(passage_ids)
                self.words.commit()


def _words_of(entries: Sequence[Entry]) -> list[list[str]]:
    return [search_words(f"{entry.spoken}\n{entry.asked}") for entry in entries]


def _vectors(path: Path, embedder: Embedder, chroma_url: str) -> VectorIndex:
    if not chroma_url:
        return VectorIndex(open_folder(path / "chroma"), "passages-")
    return VectorIndex(open_server(chroma_url), _server_prefix(embedder))


def _server_prefix(embedder: Embedder) -> str:
    return f"{ON_SERVER}{embedder.name}-passages-"


def index_lock(home: Path) -> Path:
    """Return the lock file that is held while an index of this shop is being changed."""
    return home / "index" / "lock"


def index_path(home: Path, embedder: Embedder, chroma_url: str = "") -> Path:
    """Return the folder of this embedder's index; each embedder and each Chroma server has its own."""
    place = f"-{hashlib.sha256(chroma_url.encode()).hexdigest()[:8]}" if chroma_url else ""
    return home / "index" / f"{embedder.name}{place}"


def read_stamp(path: Path, chroma_url: str = "") -> Stamp | None:
    """Return what the index in a folder covers, or None if the stamp or the files are missing.

    Raises:
        IndexDamagedError: the stamp cannot be read.
    """
    parts = (STAMP, "bm25/meta.json", *([] if chroma_url else ["chroma/chroma.sqlite3"]))
    if not all((path / part).exists() for part in parts):
        return None
    return _stamp_in(path)


def _stamp_in(path: Path) -> Stamp:
    try:
        return Stamp(**json.loads((path / STAMP).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise IndexDamagedError(f"{STAMP} cannot be read") from error


def require_undamaged(path: Path) -> None:
    """Check that a folder has no complete index, or one whose files are unchanged.

    Raises:
        IndexDamagedError: they are not.
    """
    if not (path / STAMP).exists():
        return
    stamp = _stamp_in(path)
    if not stamp.complete:
        return
    try:
        require_whole(path, stamp.digests)
    except IndexDamagedError:
        # An ingest that started meanwhile first says so, and only then changes files.
        if _stamp_in(path) == stamp:
            raise


def stamp_of(path: Path, generation: int, index: HandbookIndex) -> Stamp:
    """Return the stamp of an index that has just been completed."""
    vectors = index.vectors.count
    return Stamp(generation, complete=True, made_with=made_with(), vectors=vectors, digests=digests_of(path))


def write_stamp(path: Path, stamp: Stamp) -> None:
    """Write what the index in a folder covers, atomically."""
    path.mkdir(parents=True, exist_ok=True)
    draft = path / f"{STAMP}.{os.getpid()}"
    draft.write_text(json.dumps(asdict(stamp)))
    draft.replace(path / STAMP)


def open_index(path: Path, embedder: Embedder, generation: int, passages: int, chroma_url: str = "") -> HandbookIndex:
    """Open an index to search in it.

    Args:
        path: its folder.
        embedder: the embedder of its vectors.
        generation: the handbook generation that it must cover.
        passages: the number of passages in that generation.
        chroma_url: the Chroma server with its vectors; empty if they are in the folder.

    Raises:
        IndexUnusableError: a half is missing or damaged, or does not cover the generation.
    """
    require_undamaged(path)
    stamp = read_stamp(path, chroma_url)
    if stamp is None:
        raise IndexUnusableError("their index is missing")
    if stamp.generation < generation:
        raise IndexUnusableError("their index is older than the handbook")
    index = HandbookIndex(path, embedder, chroma_url)
    if not index.holds(passages, stamp.vectors):
        raise IndexUnusableError(PART_MISSING)
    return index


def remove_other_indexes(home: Path, keep: Path, index: HandbookIndex, chroma_url: str = "") -> None:
    """Remove other embedders' indexes, which are no longer searched, on the Chroma server too."""
    for folder in _folders(home / "index"):
        if folder != keep:
            shutil.rmtree(folder)
    if chroma_url:
        index.vectors.remove_others(ON_SERVER)


def _folders(path: Path) -> Iterable[Path]:
    return [folder for folder in path.iterdir() if folder.is_dir() and not folder.name.startswith(ASIDE)]
