"""The handbook's index: vectors and words side by side, and the stamp that says what they cover."""

import json
import os
import shutil
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from knowledge.bm25 import WordIndex
from knowledge.embed import Embedder, Vectors, unit
from knowledge.vectors import VectorIndex
from knowledge.words import search_words
from storage.errors import ShopError

STAMP = "stamp.json"
ASKED_WEIGHT = 2.0
"""Of what customers ask about a passage, beside its own words."""


class IndexUnusableError(ShopError):
    """The index cannot answer: half an index would be a quieter search, not an error."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"Policies cannot be searched: {problem}. Run `shopdesk ingest`.")


@dataclass(frozen=True)
class Stamp:
    """What an index covers: the handbook's generation, with nothing missing; `complete` if nothing is left over."""

    generation: int
    complete: bool


@dataclass(frozen=True)
class Entry:
    """A passage as the index takes it in."""

    passage_id: str
    language: str
    title: str
    section: str
    text: str
    asked: str

    @property
    def spoken(self) -> str:
        """The text that is searched: title and section count twice, for they name the subject."""
        return f"{self.title}. {self.title}. {self.section}. {self.section}. {self.text}"

    @property
    def questions(self) -> list[str]:
        """What customers ask about it."""
        return self.asked.split("\n") if self.asked else []


@dataclass(frozen=True)
class Prepared:
    """Passages as both halves of the index keep them."""

    ids: Sequence[str]
    languages: Sequence[str]
    vectors: Vectors
    words: Sequence[Sequence[str]]


class HandbookIndex:
    """Both halves of one embedder's index in one folder."""

    def __init__(self, path: Path, embedder: Embedder) -> None:
        self.embedder = embedder
        self.vectors = VectorIndex(path / "chroma")
        self.words = WordIndex(path / "bm25")

    @property
    def count(self) -> int:
        """How many passages the smaller half holds."""
        return min(self.vectors.count, self.words.count)

    def ids(self) -> tuple[set[str], set[str]]:
        """Return the ids of the passages in both halves, and of those in one half or both."""
        vectors, words = self.vectors.ids(), self.words.ids()
        return vectors & words, vectors | words

    def prepare(self, entries: Sequence[Entry]) -> Prepared:
        """Return what both halves keep of these passages."""
        return Prepared(
            [entry.passage_id for entry in entries],
            [entry.language for entry in entries],
            self._vectors_of(entries),
            [search_words(f"{entry.spoken}\n{entry.asked}") for entry in entries],
        )

    def _vectors_of(self, entries: Sequence[Entry]) -> Vectors:
        questions = [question for entry in entries for question in entry.questions]
        texts = self.embedder.embed([*(entry.spoken for entry in entries), *questions])
        vectors, asked = texts[: len(entries)], texts[len(entries) :]
        asker = [row for row, entry in enumerate(entries) for _ in entry.questions]
        sums = np.zeros_like(vectors)
        np.add.at(sums, asker, asked)
        return unit(vectors + ASKED_WEIGHT * unit(sums))

    def add(self, batch: Prepared) -> None:
        """Add passages to both halves; the words are lasting when they are committed."""
        self.vectors.add(batch.ids, batch.vectors, batch.languages)
        self.words.add(zip(batch.ids, batch.languages, batch.words, strict=True))

    def remove(self, passage_ids: Collection[str]) -> None:
        """Remove passages from both halves."""
        if passage_ids:
            self.vectors.remove(list(passage_ids))
            self.words.remove(passage_ids)
            self.words.commit()


def index_path(home: Path, embedder: Embedder) -> Path:
    """Return the folder of this embedder's index; another embedder's is another folder."""
    return home / "index" / embedder.name


def read_stamp(path: Path) -> Stamp | None:
    """Return what the index in a folder covers, or None where either half or the stamp is missing."""
    if not all((path / part).exists() for part in (STAMP, "chroma/chroma.sqlite3", "bm25/meta.json")):
        return None
    return Stamp(**json.loads((path / STAMP).read_text()))


def write_stamp(path: Path, stamp: Stamp) -> None:
    """Write what the index in a folder covers, all at once."""
    path.mkdir(parents=True, exist_ok=True)
    draft = path / f"{STAMP}.{os.getpid()}"
    draft.write_text(json.dumps(asdict(stamp)))
    draft.replace(path / STAMP)


def open_index(path: Path, embedder: Embedder, generation: int, passages: int) -> HandbookIndex:
    """Open an index to search in it.

    Args:
        path: its folder.
        embedder: what its vectors were made with.
        generation: the handbook's generation that it must cover.
        passages: how many passages that generation has.

    Raises:
        IndexUnusableError: a half is missing or does not cover the generation.
    """
    stamp = read_stamp(path)
    if stamp is None:
        raise IndexUnusableError("their index is missing")
    if stamp.generation < generation:
        raise IndexUnusableError("their index is older than the handbook")
    index = HandbookIndex(path, embedder)
    if index.count < passages:
        raise IndexUnusableError("a part of their index is missing")
    return index


def remove_other_indexes(home: Path, keep: Path) -> None:
    """Remove the indexes of other embedders, which no search opens any more."""
    for folder in _folders(home / "index"):
        if folder != keep:
            shutil.rmtree(folder)


def _folders(path: Path) -> Iterable[Path]:
    return [folder for folder in path.iterdir() if folder.is_dir()]
