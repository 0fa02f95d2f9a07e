"""`shopdesk ingest --rehearse`: what an ingest would change, before it takes effect."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from knowledge.rehearsal.contradictions import Contradiction
from knowledge.rehearsal.differences import Change, Difference
from knowledge.rehearsal.rehearse import Rehearsal, rehearse
from knowledge.taking_in.report import Progress
from scripts.commands.eval import SCRIPTS
from scripts.evaluation.script import find_scripts, load_script
from scripts.handbook.rules import kept_rules
from storage.db import Sessions
from storage.handbook.in_vain import SEARCH, AskedBefore, list_asked
from storage.owners import Staff
from storage.settings import Settings

LATEST = 5_000
"""Searches of the team that are looked through for questions."""
MOST_ASKED = 500
SHOWN = 40


async def rehearsal_of(
    settings: Settings, sessions: Sessions, roots: Sequence[Path], progress: Progress, *, as_faq: bool, only: bool
) -> Rehearsal:
    """Rehearse an ingest with the questions that customers asked and those of the scripted conversations."""
    async with sessions() as session:
        asked = list(await list_asked(session, Staff(), limit=LATEST))[:MOST_ASKED]
    known = {one.question.casefold() for one in asked}
    asked += [AskedBefore(text, 0) for text in scripted_questions() if text.casefold() not in known]
    kept = list(kept_rules())
    return await rehearse(settings, sessions, roots, progress, as_faq=as_faq, only=only, asked=asked, kept=kept)


def scripted_questions() -> Iterator[str]:
    """Yield what is said in the scripted conversations where the handbook is to be asked."""
    for path in find_scripts(SCRIPTS):
        for step in load_script(path).steps:
            if step.say and any(call.endswith(f".{SEARCH}") for call, _ in step.expected_calls()):
                yield step.say


def lines_of_rehearsal(rehearsal: Rehearsal) -> Iterator[str]:
    """Yield what an ingest would do as lines to print, without its report."""
    yield f"questions that would be answered otherwise: {len(rehearsal.differences)} of {rehearsal.asked}"
    for one in rehearsal.differences[:SHOWN]:
        yield from _difference(one)
    if len(rehearsal.differences) > SHOWN:
        yield f"  and {len(rehearsal.differences) - SHOWN} more"
    yield f"possible contradictions: {len(rehearsal.contradictions)}"
    for contradiction in rehearsal.contradictions[:SHOWN]:
        yield from _contradiction(contradiction)
    if len(rehearsal.contradictions) > SHOWN:
        yield f"  and {len(rehearsal.contradictions) - SHOWN} more"
    yield "This was a rehearsal: nothing has changed."


def is_safe(rehearsal: Rehearsal) -> bool:
    """Return whether no question loses its answer and nothing seems to contradict itself."""
    lost = any(one.change is Change.LOST for one in rehearsal.differences)
    return not lost and not rehearsal.contradictions


def _difference(one: Difference) -> Iterator[str]:
    asked = f"asked {one.asked.times} ×" if one.asked.times else "from a scripted conversation"
    yield f"  {one.change}: “{one.asked.question}” ({asked})"
    if one.before.key:
        yield f"    now:  {one.before}"
    if one.after.key:
        yield f"    then: {one.after}"


def _contradiction(one: Contradiction) -> Iterator[str]:
    for sentence in (one.one, one.other):
        yield f"  {'- ' if sentence is one.one else '  '}{sentence.place}: “{sentence.text}”"
