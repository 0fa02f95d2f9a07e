"""`shopdesk handbook gaps`: what customers asked and no policy answers, and drafts of the sections that are missing."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from knowledge.gaps.drafts import write_drafts
from knowledge.gaps.subjects import Subject, subjects_of
from knowledge.handbook import handbook_of
from storage.characters import cleaned
from storage.db import now, open_sessions
from storage.handbook.in_vain import list_gaps
from storage.migrate import require_shop
from storage.owners import Staff
from storage.settings import Settings, load_settings

MOST_QUESTIONS = 2_000
SHOWN_EACH = 5

app = typer.Typer(no_args_is_help=True, help="See what the handbook lacks.")


@app.callback()
def _handbook() -> None:
    """See what the handbook lacks."""


@app.command()
def gaps(
    drafts: Annotated[
        Path | None,
        typer.Option(
            "--drafts", help="Write a draft of each missing section into this folder, for a person to complete."
        ),
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many subjects to show.")] = 20,
) -> None:
    """List what customers asked and no policy answers, by subject, both languages together, the most frequent first.

    A draft has a heading and the customers' questions. Write the answer under the heading, then take the file in with
    `shopdesk ingest`; until then it is refused. Drafts that are there already are left alone.

    Examples: `shopdesk handbook gaps`, `shopdesk handbook gaps --drafts missing/`.
    """
    subjects = asyncio.run(_find(load_settings()))
    for line in lines_of(subjects[:most], drafts):
        typer.echo(cleaned(line))


async def _find(settings: Settings) -> list[Subject]:
    await require_shop(settings.database)
    async with open_sessions(settings.database) as sessions, sessions() as session:
        found = await list_gaps(session, Staff(), limit=MOST_QUESTIONS)
        if not found:
            return []
        return await subjects_of(session, handbook_of(settings), found, today=now().date())


def lines_of(subjects: Sequence[Subject], drafts: Path | None) -> Iterator[str]:
    """Yield the subjects as lines to print, and write their drafts if a folder is given."""
    if not subjects:
        yield "No question has gone unanswered by the handbook so far."
    for number, subject in enumerate(subjects, start=1):
        yield f"{number}. asked {_times(subject.times)}"
        for gap in subject.gaps[:SHOWN_EACH]:
            yield f"     {gap.times} × “{gap.question}”"
        if len(subject.gaps) > SHOWN_EACH:
            yield f"     and {len(subject.gaps) - SHOWN_EACH} more questions"
        if subject.nearest is not None:
            document, passage = subject.nearest.document, subject.nearest.passage
            yield f"   nearest: {document.key}, {passage.section}"
        for path in write_drafts(subject, drafts) if drafts is not None else []:
            yield f"   draft: {path}"


def _times(times: int) -> str:
    return "once" if times == 1 else f"{times} times"
