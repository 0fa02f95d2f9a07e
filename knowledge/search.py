"""Searching the handbook: vectors and words fused by their scores, answered in the language asked for.

A question is searched among the passages of its own language and among those of the others. A policy that has as many
passages in each of its languages is one text told twice: its passages share their ranks by number, and the one in the
language asked for is offered.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.damage import IndexBusyError, IndexUnusableError
from knowledge.index import HandbookIndex, index_lock, index_path, open_index
from knowledge.indexes.chroma import told_where_away
from knowledge.indexes.embed import Embedder
from knowledge.indexes.lock import is_held
from knowledge.language.words import language_of
from knowledge.matching.answered import Result, is_answered
from knowledge.matching.fusing import Unit, fused
from knowledge.matching.lookup import Asked, Candidates, look_up, mended
from knowledge.reading.text import normalise
from storage.handbook.found_passages import Extent, Place, Row, find_extent, list_places, list_rows, list_same_numbered
from storage.handbook.passages import Document, Passage, find_generation

if TYPE_CHECKING:
    from knowledge.matching.rerank import Reranker

MOST_RERANKED = 20
"""So many of the best passages a re-ranking model puts in order anew; the right one is seldom further down."""
CANDIDATES = (40, 400)
"""Hits of each list; more of them where most belong to policies that are not in force."""


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
    reranked: bool | None = None
    """Whether the order is that of the re-ranking model; None where there is none."""


@dataclass(frozen=True)
class Wanted:
    """What may answer: passages of policies in force on a day."""

    language: str
    limit: int
    today: date


class Handbook:
    """The shop's handbook, open for searching in one process; opened anew when a newer generation was taken in."""

    def __init__(
        self, home: Path, embedder: Embedder, chroma_url: str = "", reranker: "Reranker | None" = None
    ) -> None:
        self._path = index_path(home, embedder, chroma_url)
        self._lock = index_lock(home)
        self._embedder = embedder
        self._chroma_url = chroma_url
        self._reranker = reranker
        self._opening = anyio.Lock()
        self._opened: Opened | None = None

    async def search(
        self,
        session: AsyncSession,
        question: str,
        *,
        language: str | None,
        limit: int,
        today: date,
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
            IndexBusyError: the same, while an ingest is mending it.
            ChromaAwayError: the server with the vectors does not answer.
            EndpointAwayError: nor does the endpoint of an embedder that has one.
        """
        asked = normalise(question)
        own = language_of(asked)
        candidates, places = await self.look_up(session, asked, own, Wanted(language or own, limit, today))
        units = units_of(places)
        best = fused(candidates.rankings(), units)[: limit if self._reranker is None else max(limit, MOST_RERANKED)]
        rows = await rows_of(session, best, units)
        found = await _shown(session, best, rows, units, Wanted(language or own, limit, today))
        result = Result(candidates, units, best, rows)
        answer = Answer(found, is_answered(result, is_measured=self._embedder.cosines_are_known))
        if self._reranker is None or not found:
            return answer
        # Nothing more is read: waiting for an endpoint would keep a connection from others.
        await session.commit()
        return await reranked(self._reranker, asked, answer, limit)

    async def look_up(
        self, session: AsyncSession, question: str, language: str, wanted: Wanted
    ) -> tuple[Candidates, Sequence[Place]]:
        """Return what the index offers for a question, and where what of it may answer stands."""
        # What is open knows enough words to mend a question before anything is read: waiting for an endpoint's vector
        # would keep a connection from others.
        index = (self._opened or await self._open(session)).index
        text = await anyio.to_thread.run_sync(mended, index, question)
        asked = Asked(text, language, await self._embedder.embed_question(text))
        opened = await self._open(session)
        if asked.vector.any():
            opened.index.require_size(asked.vector)
        for limit in CANDIDATES:
            with told_where_away(self._chroma_url):
                candidates = await look_up(opened.index, asked, limit)
            paired = opened.extent.paired
            places = await list_places(session, candidates.passage_ids, wanted.today, paired)
            if len(places) >= wanted.limit or len(candidates.passage_ids) < limit:
                break
        return candidates, places

    async def _open(self, session: AsyncSession) -> "Opened":
        generation = await find_generation(session)
        if generation is None:
            raise IndexUnusableError("the handbook was not taken in yet")
        if generation.embedder != self._embedder.name:
            raise IndexUnusableError(f"their index was made by {generation.embedder}, not {self._embedder.name}")
        async with self._opening:
            if self._opened is None or self._opened.generation != generation.number:
                extent = await find_extent(session)
                index = await self._opened_anew(generation.number, extent.passages)
                self._opened = Opened(generation.number, index, extent)
            return self._opened

    async def _opened_anew(self, generation: int, passages: int) -> HandbookIndex:
        place = (self._path, self._embedder, generation, passages, self._chroma_url)
        try:
            with told_where_away(self._chroma_url):
                return await anyio.to_thread.run_sync(open_index, *place)
        except IndexUnusableError as error:
            if is_held(self._lock):
                raise IndexBusyError from error
            raise


@dataclass(frozen=True)
class Opened:
    """An index that is open, and what is known of the handbook as long as its generation lasts."""

    generation: int
    index: HandbookIndex
    extent: Extent


async def reranked(reranker: "Reranker", question: str, answer: Answer, limit: int) -> Answer:
    """Return the best of an answer in the order of a re-ranking model, or in its own where the model cannot say."""
    texts = [f"{one.document.title}\n{one.passage.section}\n{one.passage.text}" for one in answer.found]
    scores = await reranker.find_scores(question, texts)
    if scores is None:
        return replace(answer, found=answer.found[:limit], reranked=False)
    scored = [replace(one, score=score) for one, score in zip(answer.found, scores, strict=True)]
    return replace(answer, found=sorted(scored, key=lambda one: -one.score)[:limit], reranked=True)


def units_of(places: Iterable[Place]) -> dict[str, Unit]:
    """Return what counts as one text, by passage id: a passage, with those that tell the same in other languages."""
    return {place.passage_id: (place.policy_id, place.number) if place.paired else place.passage_id for place in places}


async def rows_of(
    session: AsyncSession, best: Iterable[tuple[Unit, float]], units: Mapping[str, Unit]
) -> Sequence[Row]:
    """Return the passages that were found of the best units, with their documents."""
    chosen = {unit for unit, _ in best}
    return await list_rows(session, [passage_id for passage_id, unit in units.items() if unit in chosen])


async def _shown(
    session: AsyncSession,
    best: Sequence[tuple[Unit, float]],
    rows: Sequence[Row],
    units: Mapping[str, Unit],
    wanted: Wanted,
) -> list[Found]:
    # Where a policy is not told in the language asked for, what was found stands as it is.
    shown: dict[Unit, Row] = {
        units[row[0].id]: row for row in sorted(rows, key=lambda row: row[1].language == wanted.language)
    }
    others = [unit for unit, _ in best if isinstance(unit, tuple) and shown[unit][1].language != wanted.language]
    if others:
        for row in await list_same_numbered(session, others, wanted.language, wanted.today):
            shown[row[1].policy_id, row[0].number] = row
    return [Found(*shown[unit], score=score) for unit, score in best]
