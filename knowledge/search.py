"""Searching the handbook: vectors and words fused by reciprocal rank, answered in the language asked for.

A question is searched among the passages of its own language and among those of the others. A policy that has as many
passages in each of its languages is one text told twice: its passages share their ranks by number, and the one in the
language asked for is offered.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import anyio
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.embed import Embedder
from knowledge.index import HandbookIndex, IndexUnusableError, index_path, open_index
from knowledge.text import normalise
from knowledge.vectors import Hit
from knowledge.words import MEANING_MARK, language_of, search_words
from storage.passages import (
    Document,
    Passage,
    count_all_passages,
    count_passages,
    find_generation,
    list_passages,
    list_same_numbered,
)

CANDIDATES = 40
RANK_OFFSET = 10
"""Of reciprocal rank fusion: small, since a handbook has few right passages and the first ranks say most."""
OTHER_LANGUAGES_WEIGHT = 0.3

Unit = tuple[str, int] | str
Row = tuple[Passage, Document]


@dataclass(frozen=True)
class Found:
    """A passage that may answer, with its policy. The score is 1 where every list puts it first."""

    passage: Passage
    document: Document
    score: float


@dataclass(frozen=True)
class Answer:
    """What a search found, best first, and whether the handbook seems to answer the question at all."""

    found: Sequence[Found]
    answered: bool


@dataclass(frozen=True)
class Ranking:
    """One list of hits and how much its ranks weigh."""

    hits: Sequence[Hit]
    weight: float


@dataclass(frozen=True)
class Candidates:
    """What the index offers for a question: ranked lists, the cosines in them, and whether its subject is known."""

    rankings: Sequence[Ranking]
    cosines: dict[str, float]
    on_known_subject: bool

    @property
    def passage_ids(self) -> set[str]:
        """Every passage in any list."""
        return {hit.passage_id for ranking in self.rankings for hit in ranking.hits}


class Handbook:
    """The shop's handbook, open for searching in one process; opened anew when a newer generation was taken in."""

    def __init__(self, home: Path, embedder: Embedder) -> None:
        self._path = index_path(home, embedder)
        self._embedder = embedder
        self._opening = anyio.Lock()
        self._opened: tuple[int, HandbookIndex] | None = None

    async def search(
        self, session: AsyncSession, question: str, *, language: str | None, limit: int, today: date
    ) -> Answer:
        """Find the passages that answer a question.

        Args:
            session: an open session.
            question: as the customer wrote it.
            language: the language to answer in; None for the question's own.
            limit: how many passages at most.
            today: only policies in force on this day are answers.

        Raises:
            IndexUnusableError: nothing was taken in yet, or the index is not the handbook's; it says what to run.
        """
        index = await self._index(session)
        asked = normalise(question)
        own = language_of(asked)
        candidates = await anyio.to_thread.run_sync(_look_up, index, asked, own)
        rows = await list_passages(session, candidates.passage_ids, today)
        found = await _fuse(session, candidates.rankings, rows, language or own, limit, today)
        nearest = max((candidates.cosines.get(passage.id, 0.0) for passage, _ in rows), default=0.0)
        return Answer(found, candidates.on_known_subject and nearest >= self._embedder.answer_cosine)

    async def _index(self, session: AsyncSession) -> HandbookIndex:
        generation = await find_generation(session)
        if generation is None:
            raise IndexUnusableError("the handbook was not taken in yet")
        if generation.embedder != self._embedder.name:
            raise IndexUnusableError(f"their index was made by {generation.embedder}, not {self._embedder.name}")
        async with self._opening:
            if self._opened is None or self._opened[0] != generation.number:
                passages = await count_all_passages(session)
                index = await anyio.to_thread.run_sync(
                    open_index, self._path, self._embedder, generation.number, passages
                )
                self._opened = generation.number, index
            return self._opened[1]


def _look_up(index: HandbookIndex, question: str, language: str) -> Candidates:
    vector = index.embedder.embed([question])
    words = search_words(question)
    rankings, cosines = [], dict[str, float]()
    for others, weight in ((False, 1.0), (True, OTHER_LANGUAGES_WEIGHT)):
        near = index.vectors.nearest(vector, language, CANDIDATES, others=others) if vector.any() else []
        rankings.append(Ranking(near, weight))
        rankings.append(Ranking(index.words.best(words, language, CANDIDATES, others=others), weight))
        cosines.update((hit.passage_id, hit.score) for hit in near)
    # A shop word that no passage says, such as price matching, is a subject on which the handbook is silent, however
    # near some passage lies.
    known = all(index.words.holds(word) for word in words if word.startswith(MEANING_MARK))
    return Candidates(rankings, cosines, known)


async def _fuse(
    session: AsyncSession, rankings: Iterable[Ranking], rows: Sequence[Row], language: str, limit: int, today: date
) -> list[Found]:
    counts = await count_passages(session, {document.policy_id for _, document in rows})
    paired = {policy_id for policy_id, lengths in counts.items() if len(set(lengths)) == 1}
    units: dict[str, Unit] = {
        passage.id: (document.policy_id, passage.number) if document.policy_id in paired else passage.id
        for passage, document in rows
    }
    best = fused(rankings, units)[:limit]
    in_language = await list_same_numbered(
        session, [unit for unit, _ in best if isinstance(unit, tuple)], language, today
    )
    # Where a policy is not told in the language asked for, what was found stands as it is.
    shown: dict[Unit, Row] = {
        units[row[0].id]: row for row in sorted(rows, key=lambda row: row[1].language == language)
    }
    shown |= {(document.policy_id, passage.number): (passage, document) for passage, document in in_language}
    return [Found(*shown[unit], score=score) for unit, score in best]


def fused(rankings: Iterable[Ranking], units: dict[str, Unit]) -> list[tuple[Unit, float]]:
    """Fuse lists by reciprocal rank: units and scores, best first, 1 for what every list puts first."""
    scores: defaultdict[Unit, float] = defaultdict(float)
    most = 0.0
    for ranking in rankings:
        most += ranking.weight / (RANK_OFFSET + 1)
        known = [units[hit.passage_id] for hit in ranking.hits if hit.passage_id in units]
        for rank, unit in enumerate(dict.fromkeys(known), start=1):
            scores[unit] += ranking.weight / (RANK_OFFSET + rank)
    return sorted(((unit, score / most) for unit, score in scores.items()), key=lambda pair: -pair[1])
