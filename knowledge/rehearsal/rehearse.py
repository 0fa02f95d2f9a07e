"""A rehearsal of an ingest: its report, the questions that would be answered otherwise, and what contradicts itself."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import anyio

from knowledge.handbook import handbook_of
from knowledge.rehearsal.contradictions import Contradiction, contradictions, mistranslations
from knowledge.rehearsal.copy import Copy, rehearsed
from knowledge.rehearsal.differences import Difference, Place, differences, place_of
from knowledge.rehearsal.figures import Sentence, figures_in, sentences
from knowledge.search import Handbook
from knowledge.taking_in.report import Progress, Report
from storage.db import Sessions, now, reading
from storage.handbook.found_passages import Row, list_in_force, list_later
from storage.handbook.in_vain import AskedBefore
from storage.settings import Settings


@dataclass(frozen=True)
class Rehearsal:
    """What an ingest would do."""

    report: Report
    asked: int
    differences: Sequence[Difference]
    contradictions: Sequence[Contradiction]


async def rehearse(
    settings: Settings,
    sessions: Sessions,
    paths: Sequence[Path],
    progress: Progress,
    *,
    as_faq: bool,
    only: bool,
    asked: Sequence[AskedBefore],
    kept: Iterable[Sentence],
) -> Rehearsal:
    """Try an ingest on a copy of the handbook.

    Args:
        settings: the shop's.
        sessions: the shop's database, which is only read.
        paths: files and folders.
        progress: called with the progress.
        as_faq: the files are saved FAQ pages.
        only: remove everything that is not in these files and folders, including the built-in handbook.
        asked: the questions to ask of both handbooks.
        kept: rules that the code keeps, to hold the handbook against.
    """
    today = now().date()
    async with rehearsed(settings, sessions, paths, progress, as_faq=as_faq, only=only) as copy:
        day = await _first_day(copy, today)
        before = await _places(handbook_of(settings), sessions, asked, today, progress)
        after = await _places(copy.handbook, copy.sessions, asked, day, progress)
        async with reading(copy.sessions) as session:
            rows = await list_in_force(session, day)
        changed = {*copy.report.added, *copy.report.changed}
        found = await anyio.to_thread.run_sync(_contradictions, rows, changed, list(kept))
        return Rehearsal(copy.report, len(asked), differences(asked, before, after), found)


async def _first_day(copy: Copy, today: date) -> date:
    """Return the first day on which every new or changed policy holds, today at the earliest."""
    async with reading(copy.sessions) as session:
        later = await list_later(session, today)
    return max([today, *(day for key, day in later.items() if key in {*copy.report.added, *copy.report.changed})])


async def _places(
    handbook: Handbook, sessions: Sessions, asked: Sequence[AskedBefore], day: date, progress: Progress
) -> list[Place]:
    places = list[Place]()
    for number, one in enumerate(asked, start=1):
        async with sessions() as session:
            places.append(await place_of(session, handbook, one.question, day))
        progress("questions", number, len(asked))
    return places


def _contradictions(rows: Sequence[Row], changed: Collection[str], kept: Sequence[Sentence]) -> list[Contradiction]:
    new, old = list[Sentence](), list(kept)
    for passage, document in rows:
        for text in sentences(passage.text):
            if figures_in(text, document.language):
                (new if document.key in changed else old).append(_sentence((passage, document), text))
    return [*mistranslations(_translated(rows, changed)), *contradictions(new, old)]


def _translated(rows: Sequence[Row], changed: Collection[str]) -> Iterator[tuple[Sentence, Sentence]]:
    """Yield each section of a changed policy with its translation, where the policy has as many of them in both."""
    by_policy: dict[str, dict[str, list[Row]]] = {}
    for row in rows:
        by_policy.setdefault(row[1].policy_id, {}).setdefault(row[1].language, []).append(row)
    for languages in by_policy.values():
        first, *others = languages.values()
        for other in others:
            if len(first) == len(other) and {first[0][1].key, other[0][1].key} & {*changed}:
                yield from (
                    (_sentence(one, one[0].text), _sentence(two, two[0].text))
                    for one, two in zip(first, other, strict=True)
                )


def _sentence(row: Row, text: str) -> Sentence:
    passage, document = row
    return Sentence(f"{document.key}, {passage.section}", document.policy_id, document.language, passage.section, text)
