"""Dense vectors of passages, in an embedded Chroma collection."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.embed import Vectors

if TYPE_CHECKING:
    from chromadb.api.types import Where

COLLECTION = "passages"
IDS_AT_ONCE = 5000
"""Chroma refuses larger batches."""


@dataclass(frozen=True)
class Hit:
    """A passage found by one half of the index, and how near it is in that half's own measure."""

    passage_id: str
    score: float


class VectorIndex:
    """The passages' vectors on disk. What another process writes is seen after opening anew."""

    def __init__(self, path: Path) -> None:
        # Slow to import, and a server that never searches does not need it.
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        path.mkdir(parents=True, exist_ok=True)
        client = chromadb.PersistentClient(str(path), settings=ChromaSettings(anonymized_telemetry=False))
        # Chroma would hand the same, by then stale, system to whoever opens this path next in this process.
        client.clear_system_cache()
        self._passages = client.get_or_create_collection(
            COLLECTION, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )

    @property
    def count(self) -> int:
        """How many passages it holds."""
        return self._passages.count()

    def ids(self) -> set[str]:
        """Return the ids of all passages."""
        return set(self._passages.get(include=[])["ids"])

    def add(self, ids: Sequence[str], vectors: Vectors, languages: Sequence[str]) -> None:
        """Add passages; one that is there already stays as it is, since its id is its text."""
        self._passages.upsert(
            ids=list(ids), embeddings=vectors, metadatas=[{"language": language} for language in languages]
        )

    def remove(self, ids: Sequence[str]) -> None:
        """Remove passages."""
        for start in range(0, len(ids), IDS_AT_ONCE):
            self._passages.delete(ids=list(ids[start : start + IDS_AT_ONCE]))

    def nearest(self, vectors: Vectors, language: str, limit: int, *, others: bool = False) -> list[Hit]:
        """Return the passages nearest to one vector, the cosine as score; of all other languages if `others`."""
        where: Where = {"language": {"$ne": language}} if others else {"language": language}  # type: ignore[dict-item]  # its type mixes literals and strings in one key
        found = self._passages.query(query_embeddings=vectors, n_results=limit, where=where, include=["distances"])
        distances = found["distances"] or [[]]
        return [Hit(key, 1 - distance) for key, distance in zip(found["ids"][0], distances[0], strict=True)]
