"""Searching the handbook: vectors and words fused by score, with results in the requested language.

A question is searched among the passages of its own language and among those of the others. A policy with the same
number of passages in each language counts as one text: passages with the same number share their rank, and the one in
the requested language is returned.
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
from knowledge.language.requests import without_request
from knowledge.language.words import language_of
from knowledge.matching.answered import Nearness, Result, nearness_of
from knowledge.matching.fusing import Unit, fused
from knowledge.matching.lookup import Asked, Candidates, look_up, mended
from knowledge.matching.whole_policy import names_all, subjects_of_policy
from knowledge.reading.text import normalise
from storage.handbook.found_passages import Extent, Place, Row, find_extent, list_places, list_rows, list_same_numbered
from storage.handbook.passages import Document, Passage, find_generation

if TYPE_CHECKING:
    from knowledge.matching.rerank import Reranker

FIRST_SECTIONS = 3
"""How many sections of a policy come first where it was asked for by its name: its beginning says what it is about."""
SECTIONS_READ = 10
"""How many sections of each policy are looked through to tell which one is meant."""
MOST_RERANKED = 20
"""How many of the best passages are re-ranked; the right one is seldom further down."""
CANDIDATES = (40, 400)
"""Hits per list; more if most of them belong to policies that are not in force."""


@dataclass(frozen=True)
class Found:
    """A candidate passage, with its policy. The score is 1 if every list ranks it first."""

    passage: Passage
    document: Document
    score: float


@dataclass(frozen=True)
class Answer:
    """A search's results, best first, and how near they seem to come to an answer."""

    found: Sequence[Found]
    nearness: Nearness
    reranked: bool | None = None
    """Whether a re-ranking model decided the order; None if there is none."""

    @property
    def answered(self) -> bool:
        """Whether the handbook seems to answer the question at all."""
        return self.nearness.answered


@dataclass(frozen=True)
class Wanted:
    """The candidates: passages of policies in force on a day."""

    language: str
    limit: int
    today: date


class Handbook:
    """The shop's handbook, open for searching in one process; reopened when a newer generation was ingested."""

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
            limit: the maximum number of passages.
            today: only policies in force on this day are returned.

        Raises:
            IndexUnusableError: nothing was ingested yet, or the index does not match; the message says what to run.
            IndexBusyError: the same, while an ingest is rebuilding it.
            ChromaAwayError: the server with the vectors does not answer.
            EndpointAwayError: the embedder's endpoint does not answer.
        """
        asked = without_request(normalise(question))
        own = language_of(asked)
        candidates, places = await self.look_up(session, asked, own, Wanted(language or own, limit, today))
        units = units_of(places)
        best = fused(candidates.rankings(), units)[: limit if self._reranker is None else max(limit, MOST_RERANKED)]
        rows = await rows_of(session, best, units)
        found = await _shown(session, best, rows, units, Wanted(language or own, limit, today))
        result = Result(candidates, units, best, rows)
        if result.policies_asked_for:
            found = await _begun_with_policy(session, result, found, Wanted(language or own, limit, today))
        # It takes milliseconds, and with an endpoint's vectors the first time loads the offline embedder.
        answer = Answer(found, await anyio.to_thread.run_sync(nearness_of, result))
        if self._reranker is None or not found:
            return answer
        # The database connection is released first: waiting for an endpoint would keep it from others.
        await session.commit()
        return await reranked(self._reranker, asked, answer, limit)

    async def look_up(
        self, session: AsyncSession, question: str, language: str, wanted: Wanted
    ) -> tuple[Candidates, Sequence[Place]]:
        """Return the index's hits for a question, and the positions of the candidates among them."""
        # The open index suffices to correct a question's spelling before the database is read: waiting for an
        # endpoint's vector would keep a connection from others.
        index = (self._opened or await self._open(session)).index
        text = await anyio.to_thread.run_sync(mended, index, question)
        asked = Asked(question, text, language, await self._embedder.embed_question(text))
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
            raise IndexUnusableError("the handbook has not been ingested yet")
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
    """An open index, and what is known about the handbook's current generation."""

    generation: int
    index: HandbookIndex
    extent: Extent


async def reranked(reranker: "Reranker", question: str, answer: Answer, limit: int) -> Answer:
    """Return the best candidates in a re-ranking model's order, or in their own if the model fails."""
    texts = [f"{one.document.title}\n{one.passage.section}\n{one.passage.text}" for one in answer.found]
    scores = await reranker.find_scores(question, texts)
    if scores is None:
        return replace(answer, found=answer.found[:limit], reranked=False)
    scored = [replace(one, score=score) for one, score in zip(answer.found, scores, strict=True)]
    return replace(answer, found=sorted(scored, key=lambda one: -one.score)[:limit], reranked=True)


def units_of(places: Iterable[Place]) -> dict[str, Unit]:
    """Return units by passage id: a passage together with its counterparts in other languages."""
    return {place.passage_id: (place.policy_id, place.number) if place.paired else place.passage_id for place in places}


async def rows_of(
    session: AsyncSession, best: Iterable[tuple[Unit, float]], units: Mapping[str, Unit]
) -> Sequence[Row]:
    """Return the passages found in the best units, with their documents."""
    chosen = {unit for unit, _ in best}
    return await list_rows(session, [passage_id for passage_id, unit in units.items() if unit in chosen])


async def _begun_with_policy(session: AsyncSession, result: Result, found: list[Found], wanted: Wanted) -> list[Found]:
    """Return the first sections of the policy that was asked for by its name, then what else was found."""
    numbers = {(policy_id, number) for policy_id in result.policies_asked_for for number in range(1, SECTIONS_READ + 1)}
    by_policy: dict[str, list[Row]] = {}
    for row in await list_same_numbered(session, numbers, wanted.language, wanted.today):
        by_policy.setdefault(row[1].policy_id, []).append(row)
    named = subjects_of_policy(result.candidates.asked.text)

    def meant(rows: list[Row]) -> tuple[int, bool, int]:
        # Several titles may name it: most headings about it count, then a title that begins with it.
        headings = sum(names_all(passage.section, named) for passage, _ in rows)
        begins = names_all(rows[0][1].title.split()[0], named)
        return headings, begins, sum(names_all(f"{passage.section}\n{passage.text}", named) for passage, _ in rows)

    rows = max(by_policy.values(), key=meant, default=[])
    first = [Found(*row, score=1.0) for row in sorted(rows, key=lambda row: row[0].number)[:FIRST_SECTIONS]]
    known = {one.passage.id for one in first}
    return [*first, *(one for one in found if one.passage.id not in known)][: max(wanted.limit, len(found))]


async def _shown(
    session: AsyncSession,
    best: Sequence[tuple[Unit, float]],
    rows: Sequence[Row],
    units: Mapping[str, Unit],
    wanted: Wanted,
) -> list[Found]:
    # A policy that does not exist in the requested language is returned in the one that was found.
    shown: dict[Unit, Row] = {
        units[row[0].id]: row for row in sorted(rows, key=lambda row: row[1].language == wanted.language)
    }
    others = [unit for unit, _ in best if isinstance(unit, tuple) and shown[unit][1].language != wanted.language]
    if others:
        for row in await list_same_numbered(session, others, wanted.language, wanted.today):
            shown[row[1].policy_id, row[0].number] = row
    return [Found(*shown[unit], score=score) for unit, score in best]
