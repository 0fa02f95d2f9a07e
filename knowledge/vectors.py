"""Dense vectors of passages, in an embedded Chroma collection."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.embed import Vectors

if TYPE_CHECKING:
    from chromadb import Collection

PREFIX = "passages-"
IDS_AT_ONCE = 5000
"""Chroma refuses larger batches."""


@dataclass(frozen=True)
class Hit:
    """A passage found by one half of the index, and how near it is in that half's own measure."""

    passage_id: str
    score: float


class VectorIndex:
    """The passages' vectors on disk. What another process writes is seen after opening anew.

    Each language is a collection of its own: a filter by language inside one collection made a search 25 times slower
    at ten thousand passages.
    """

    def __init__(self, path: Path) -> None:
        # Slow to import, and a server that never searches does not need it.
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        path.mkdir(parents=True, exist_ok=True)
        self._client = chromadb.PersistentClient(str(path), settings=ChromaSettings(anonymized_telemetry=False))
        # Chroma would hand the same, by then stale, system to whoever opens this path next in this process.
        self._client.clear_system_cache()
        names = [collection.name for collection in self._client.list_collections()]
        self._languages = {name.removeprefix(PREFIX): self._collection(name) for name in names}

    def _collection(self, name: str) -> "Collection":
        return self._client.get_or_create_collection(
            name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )

    @property
    def count(self) -> int:
        """How many passages it holds."""
        return sum(passages.count() for passages in self._languages.values())

    def ids(self) -> set[str]:
        """Return the ids of all passages."""
        return {key for passages in self._languages.values() for key in passages.get(include=[])["ids"]}

    def add(self, ids: Sequence[str], vectors: Vectors, languages: Sequence[str]) -> None:
        """Add passages; one that is there already stays as it is, since its id is its text."""
        for language in set(languages):
            rows = [row for row, spoken in enumerate(languages) if spoken == language]
            if language not in self._languages:
                self._languages[language] = self._collection(f"{PREFIX}{language}")
            self._languages[language].upsert(ids=[ids[row] for row in rows], embeddings=vectors[rows])

    def remove(self, ids: Sequence[str]) -> None:
        """Remove passages."""
        for passages in self._languages.values():
            known = set(passages.get(include=[])["ids"])
            held = [key for key in ids if key in known]
            for start in range(0, len(held), IDS_AT_ONCE):
                passages.delete(ids=held[start : start + IDS_AT_ONCE])

    def nearest(self, vectors: Vectors, language: str, limit: int, *, others: bool = False) -> list[Hit]:
        """Return the passages nearest to one vector, the cosine as score; of all other languages if `others`."""
        hits: list[Hit] = []
        for spoken, passages in self._languages.items():
            if (spoken == language) != others:
                found = passages.query(query_embeddings=vectors, n_results=limit, include=["distances"])
                pairs = zip(found["ids"][0], (found["distances"] or [[]])[0], strict=True)
                hits += [Hit(key, 1 - distance) for key, distance in pairs]
        return sorted(hits, key=lambda hit: -hit.score)[:limit]
