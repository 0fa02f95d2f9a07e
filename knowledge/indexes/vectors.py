"""Dense vectors of passages, in Chroma collections."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.indexes.embed import Vectors

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api import ClientAPI

IDS_AT_ONCE = 5000
"""Chroma rejects larger batches."""
LOOKED_AT = 200
"""Candidates per query: at 50,000 passages this finds 91% of the 40 nearest; Chroma's default of 100 finds 86%."""


@dataclass(frozen=True)
class Hit:
    """A passage found by one half of the index, with that half's own score."""

    passage_id: str
    score: float


class VectorIndex:
    """The passages' vectors. Reopen a folder to see what another process wrote to it.

    Each language has its own collection: filtering by language within one collection made searches 25 times slower
    at ten thousand passages.
    """

    def __init__(self, client: "ClientAPI", prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        names = [collection.name for collection in client.list_collections()]
        own = [name for name in names if name.startswith(prefix)]
        self._languages = {name.removeprefix(prefix): self._collection(name) for name in own}

    def _collection(self, name: str) -> "Collection":
        return self._client.get_or_create_collection(
            name, configuration={"hnsw": {"space": "cosine", "ef_search": LOOKED_AT}}, embedding_function=None
        )

    @property
    def count(self) -> int:
        """The number of passages."""
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
        return {key for passages in self._languages.values() for key in passages.get(include=[])["ids"]}

    def add(self, ids: Sequence[str], vectors: Vectors, languages: Sequence[str]) -> None:
        """Add passages; existing ones stay as they are, since the id depends on the text."""
        for language in set(languages):
            rows = [row for row, spoken in enumerate(languages) if spoken == language]
            if language not in self._languages:
                self._languages[language] = self._collection(f"{self._prefix}{language}")
            self._languages[language].upsert(ids=[ids[row] for row in rows], embeddings=vectors[rows])

    def remove(self, ids: Sequence[str]) -> None:
        """Remove passages."""
        for passages in self._languages.values():
            known = set(passages.get(include=[])["ids"])
            held = [key for key in ids if key in known]
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
                found = passages.query(query_embeddings=vectors, n_results=limit, include=["distances"])
                pairs = zip(found["ids"][0], (found["distances"] or [[]])[0], strict=True)
                hits += [Hit(key, 1 - distance) for key, distance in pairs]
        return sorted(hits, key=lambda hit: -hit.score)[:limit]
