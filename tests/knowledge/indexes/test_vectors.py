"""A passage may have several vectors: the nearest counts, and they come and go together."""

from pathlib import Path

import numpy as np

from knowledge.index import Entry, HandbookIndex
from knowledge.indexes.chroma import open_folder
from knowledge.indexes.embed import OfflineEmbedder, Vectors
from knowledge.indexes.vectors import VectorIndex


def rows(*angles: float) -> Vectors:
    return np.array([[np.cos(angle), np.sin(angle)] for angle in angles], dtype=np.float32)


def test_the_nearest_vector_of_a_passage_counts_and_each_passage_is_found_once(tmp_path: Path) -> None:
    index = VectorIndex(open_folder(tmp_path), "passages-")
    many = rows(*np.linspace(0.0, 0.2, 20))
    index.add(["many", "one", "far"], [many, rows(0.5), rows(1.5)], ["en", "en", "en"])

    hits = index.nearest(rows(0.0), "en", 3)

    assert [hit.passage_id for hit in hits] == ["many", "one", "far"]
    assert np.allclose([hit.score for hit in hits], np.cos([0.0, 0.5, 1.5]), atol=1e-3)
    assert (index.count, index.ids()) == (22, {"many", "one", "far"})


def test_a_passage_goes_with_all_of_its_vectors(tmp_path: Path) -> None:
    index = VectorIndex(open_folder(tmp_path), "passages-")
    index.add(["many", "one"], [rows(0.0, 0.1, 0.2), rows(0.5)], ["en", "ko"])

    index.remove({"many"})

    assert (index.count, index.ids()) == (1, {"one"})
    assert [hit.passage_id for hit in index.nearest(rows(0.0), "en", 3, others=True)] == ["one"]


async def test_a_passage_has_a_vector_for_each_question_and_one_of_its_own_where_none_is_asked(tmp_path: Path) -> None:
    index = HandbookIndex(tmp_path, OfflineEmbedder())
    text = "It stands in the shade."
    entries = [
        Entry("plain", "en", "Plants", "Light", text, ""),
        Entry("asked", "en", "Plants", "Water", text, "how often\nhow much water"),
    ]

    index.add(prepared := await index.prepare(entries))
    index.commit()

    assert [len(some) for some in prepared.vectors] == [1, 2]
    assert all(np.allclose(np.linalg.norm(some, axis=1), 1, atol=1e-5) for some in prepared.vectors)
    assert index.holds(passages=2, vectors=3)
    assert not index.holds(passages=2, vectors=4)
