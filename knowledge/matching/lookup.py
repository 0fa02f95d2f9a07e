"""What the index offers for a question: four ranked lists, and what they say of an answer."""

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

VECTORS_WEIGHT = 0.3
"""Of the offline embedder's, beside the words, which find more in both languages."""
UNMEASURED_WEIGHT = 1.0
"""Of the vectors of a model that nobody measured here: one that is made for search finds about as much as words do."""
OTHER_LANGUAGES_WEIGHT = 0.3


@dataclass(frozen=True)
class Asked:
    """A question with its slips mended, and its vector."""

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
    """What the index offers for a question, and what the question speaks of."""

    asked: Asked
    own: Lists
    others: Lists
    subjects: Sequence[Subject]
    rarest: float
    """What a word would weigh that no passage has."""
    vectors_weight: float
    """How much vectors count beside words."""

    @property
    def passage_ids(self) -> set[str]:
        """Every passage in any list."""
        return {hit.passage_id for lists in self._all for hits in (lists.words, lists.vectors) for hit in hits}

    def rankings(self, *, words: bool = True, vectors: bool = True) -> Iterable[Ranking]:
        """Yield the lists with their weights: of both halves, or of one alone."""
        for lists in self._all:
            if words:
                yield Ranking(lists.words, lists.weight)
            if vectors:
                yield nearness(lists.vectors, lists.weight * self.vectors_weight)

    def cosine(self, shown: Iterable[str]) -> float:
        """Return how near the nearest of these passages is."""
        near = {hit.passage_id: hit.score for lists in self._all for hit in lists.vectors}
        return max((near.get(passage_id, 0.0) for passage_id in shown), default=0.0)

    @property
    def score(self) -> float:
        """What the best passage by words scores, reckoned in words that no passage has."""
        best = max((hit.score for lists in self._all for hit in lists.words[:1]), default=0.0)
        return best / self.rarest

    @property
    def _all(self) -> tuple[Lists, Lists]:
        return self.own, self.others


def mended(index: HandbookIndex, question: str) -> str:
    """Return a question with the slips in a shop's words mended."""
    return corrected(question, partial(_is_known, index))


def nearness(hits: Sequence[Hit], weight: float) -> Ranking:
    """Return a list of hits by vectors: no two texts have a cosine of 0, so the last of the list says nothing."""
    return Ranking(hits, weight, floor=hits[-1].score if hits else 0.0)


async def look_up(index: HandbookIndex, asked: Asked, limit: int) -> Candidates:
    """Look a question up in both halves, in its own language and in the others: this many hits of each list."""
    words = search_words(asked.text)

    def lists(weight: float, *, others: bool) -> Lists:
        near = index.nearest(asked.vector, asked.language, limit, others=others) if asked.vector.any() else []
        return Lists(index.words.best(words, asked.language, limit, others=others), near, weight)

    # Both halves of the index are searched outside of Python's lock, so two searches take as long as one.
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
        vectors_weight=VECTORS_WEIGHT if index.embedder.cosines_are_known else UNMEASURED_WEIGHT,
    )


def _is_known(index: HandbookIndex, word: str) -> bool:
    return all(index.words.frequency(part) for part in search_words(word))
