"""Dense vectors of passages, in Chroma collections."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from knowledge.indexes.embed import Vectors

if TYPE_CHECKING:
    from chromadb import Collection as Collected
    from chromadb.api import ClientAPI

IDS_AT_ONCE = 5000
"""Chroma rejects larger batches."""
MARK = "#"
"""Stands between a passage's id and the number of a further vector of it."""
MORE = 8
"""How many times as many vectors are looked at where the nearest are of too few passages."""
LOOKED_AT = 200
"""Candidates per query: at 50,000 passages this finds 91% of the 40 nearest; Chroma's default of 100 finds 86%."""


@dataclass(frozen=True)
class Hit:
    """A passage found by one half of the index, with that half's own score."""

    passage_id: str
    score: float


class VectorIndex:
    """The passages' vectors, one or several of each: the nearest counts.

    Reopen a folder to see what another process wrote to it.

    Each language has its own collection: filtering by language within one collection made searches 25 times slower
    at ten thousand passages.
    """

    def __init__(self, client: "ClientAPI", prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        names = [collection.name for collection in client.list_collections()]
        own = [name for name in names if name.startswith(prefix)]
        self._languages = {name.removeprefix(prefix): self._collection(name) for name in own}

    def _collection(self, name: str) -> "Collected":
        return self._client.get_or_create_collection(
            name, configuration={"hnsw": {"space": "cosine", "ef_search": LOOKED_AT}}, embedding_function=None
        )

    @property
    def count(self) -> int:
        """The number of vectors."""
        return sum(passages.count() for passages in self._languages.values())

    @property
    def size(self) -> int:
        """The size of its vectors; 0 if it has none."""
        for passages in self._languages.values():
            found = passages.get(limit=1, include=["embeddings"])["embeddings"]
            if found is not None and len(found):
                return len(found[0])
        return 0

    def ids(self) -> set[str]:
        """Return the ids of all passages."""
        keys = (key for passages in self._languages.values() for key in passages.get(include=[])["ids"])
        return {key for key in keys if MARK not in key}

    def add(self, ids: Sequence[str], vectors: Sequence[Vectors], languages: Sequence[str]) -> None:
        """Add passages with their vectors; existing ones stay as they are, since the id depends on the text."""
        for language in set(languages):
            rows = [row for row, spoken in enumerate(languages) if spoken == language]
            if language not in self._languages:
                self._languages[language] = self._collection(f"{self._prefix}{language}")
            # A passage's first vector has its own id and comes last, so that a passage that is there is there whole.
            first = np.array([vectors[row][0] for row in rows])
            more = [
                (f"{ids[row]}{MARK}{number}", one) for row in rows for number, one in enumerate(vectors[row][1:], 1)
            ]
            self._upsert(language, [key for key, _ in more], np.array([one for _, one in more]))
            self._upsert(language, [ids[row] for row in rows], first)

    def _upsert(self, language: str, keys: Sequence[str], rows: Vectors) -> None:
        for start in range(0, len(keys), IDS_AT_ONCE):
            part = slice(start, start + IDS_AT_ONCE)
            self._languages[language].upsert(ids=list(keys[part]), embeddings=rows[part])

    def remove(self, ids: Collection[str]) -> None:
        """Remove passages."""
        for passages in self._languages.values():
            held = [key for key in passages.get(include=[])["ids"] if _passage_of(key) in ids]
            for start in range(0, len(held), IDS_AT_ONCE):
                passages.delete(ids=held[start : start + IDS_AT_ONCE])

    def clear(self) -> None:
        """Remove all passages, whatever the size of their vectors."""
        for passages in self._languages.values():
            self._client.delete_collection(passages.name)
        self._languages.clear()

    def remove_others(self, prefix: str) -> None:
        """Remove the collections with this prefix, except its own."""
        for collection in self._client.list_collections():
            if collection.name.startswith(prefix) and not collection.name.startswith(self._prefix):
                self._client.delete_collection(collection.name)

    def nearest(self, vectors: Vectors, language: str, limit: int, *, others: bool = False) -> list[Hit]:
        """Return the passages nearest to a vector, scored by cosine; in all other languages if `others`."""
        hits: list[Hit] = []
        for spoken, passages in self._languages.items():
            if (spoken == language) != others:
                hits += _nearest_in(passages, vectors, limit)
        return sorted(hits, key=lambda hit: -hit.score)[:limit]


def _nearest_in(passages: "Collected", vectors: Vectors, limit: int) -> list[Hit]:
    best: dict[str, float] = {}
    for wanted in (limit, limit * MORE):
        found = passages.query(query_embeddings=vectors, n_results=wanted, include=["distances"])
        for key, distance in zip(found["ids"][0], (found["distances"] or [[]])[0], strict=True):
            best.setdefault(_passage_of(key), 1 - distance)
        if len(best) >= limit or len(found["ids"][0]) < wanted:
            break
    return [Hit(key, score) for key, score in best.items()]


def _passage_of(key: str) -> str:
    return key.partition(MARK)[0]
