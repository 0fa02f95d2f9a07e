"""Looking a question up in the index: four ranked lists, and what they say about an answer."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from anyio import to_thread

from knowledge.index import HandbookIndex
from knowledge.indexes.embed import Vectors
from knowledge.indexes.vectors import Hit
from knowledge.language.spelling import corrected
from knowledge.language.words import search_words
from knowledge.matching.evidence import Subject, rarity, subjects_of
from knowledge.matching.fusing import Ranking

OTHER_LANGUAGES_WEIGHT = 0.3


@dataclass(frozen=True)
class Asked:
    """A question as it was written, with its typos corrected, and its vector."""

    written: str
    text: str
    language: str
    vector: Vectors


@dataclass(frozen=True)
class Lists:
    """The hits by words and by vectors, in one language or in all others."""

    words: Sequence[Hit]
    vectors: Sequence[Hit]
    weight: float


@dataclass(frozen=True)
class Candidates:
    """The index's hits for a question, and the question's topics."""

    asked: Asked
    own: Lists
    others: Lists
    subjects: Sequence[Subject]
    rarest: float
    """The weight of a word that no passage contains."""
    vectors_weight: float
    """The weight of vectors relative to words."""

    @property
    def passage_ids(self) -> set[str]:
        """All passages in any list."""
        return {hit.passage_id for lists in self._all for hits in (lists.words, lists.vectors) for hit in hits}

    def rankings(self, *, words: bool = True, vectors: bool = True) -> Iterable[Ranking]:
        """Yield the lists with their weights, from both halves or from one."""
        for lists in self._all:
            if words:
                yield Ranking(lists.words, lists.weight)
            if vectors:
                yield nearness(lists.vectors, lists.weight * self.vectors_weight)

    @property
    def score(self) -> float:
        """The best passage's BM25 score, in units of the weight of a word that no passage contains."""
        best = max((hit.score for lists in self._all for hit in lists.words[:1]), default=0.0)
        return best / self.rarest

    @property
    def _all(self) -> tuple[Lists, Lists]:
        return self.own, self.others


def mended(index: HandbookIndex, question: str) -> str:
    """Return a question with typos in shop words corrected."""
    return corrected(question, partial(_is_known, index))


def nearness(hits: Sequence[Hit], weight: float) -> Ranking:
    """Return a ranking by vectors: no two texts have a cosine of 0, so the last hit's score is the floor."""
    return Ranking(hits, weight, floor=hits[-1].score if hits else 0.0)


async def look_up(index: HandbookIndex, asked: Asked, limit: int) -> Candidates:
    """Look a question up in both halves, in its own language and in the others, with this many hits per list."""
    words = search_words(asked.text)

    def lists(weight: float, *, others: bool) -> Lists:
        near = index.nearest(asked.vector, asked.language, limit, others=others) if asked.vector.any() else []
        return Lists(index.words.best(words, asked.language, limit, others=others), near, weight)

    # Both halves release the GIL while searching, so two searches take as long as one.
    own, others = await asyncio.gather(
        to_thread.run_sync(partial(lists, 1.0, others=False)),
        to_thread.run_sync(partial(lists, OTHER_LANGUAGES_WEIGHT, others=True)),
    )
    return Candidates(
        asked=asked,
        own=own,
        others=others,
        subjects=subjects_of(asked.text, index.words),
        rarest=rarity(0, index.words.count),
        vectors_weight=index.embedder.weight,
    )


def _is_known(index: HandbookIndex, word: str) -> bool:
    return all(index.words.frequency(part) for part in search_words(word))
