"""A handbook for tests: policies written as files, taken in, and searched."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from knowledge.handbook import handbook_of
from knowledge.search import Answer, Handbook
from knowledge.taking_in.ingest import ingest
from knowledge.taking_in.report import Report
from storage.db import Sessions
from storage.settings import Settings

TODAY = date(2026, 3, 2)


def write_policy(
    folder: Path,
    text: str,
    *,
    id: str = "returns",
    language: str = "en",
    title: str = "Returns",
    effective_date: str = "2025-01-01",
    expires: str = "",
    category: str = "",
) -> Path:
    """Write a policy's file, in force unless its dates say otherwise."""
    until = f"expires: {expires}\n" if expires else ""
    path = folder / f"{id}.{language}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    dates = f"effective_date: {effective_date}\n{until}"
    kind = f"category: {category}\n" if category else ""
    path.write_text(f"---\nid: {id}\ntitle: {title}\nlanguage: {language}\n{kind}{dates}---\n\n{text}\n")
    return path


async def take_in(settings: Settings, sessions: Sessions, *paths: Path) -> Report:
    return await ingest(settings, sessions, paths)


def open_handbook(settings: Settings) -> Handbook:
    return handbook_of(settings)


async def ask(
    handbook: Handbook,
    sessions: Sessions,
    question: str,
    *,
    language: str | None = None,
    today: date = TODAY,
) -> Answer:
    async with sessions() as session:
        return await handbook.search(session, question, language=language, limit=5, today=today)


def places(answer: Answer) -> Sequence[str]:
    """Where the answer stands: policy, section and language."""
    return [f"{found.document.key} {found.passage.section}" for found in answer.found]


def today() -> date:
    return datetime.now(UTC).date()
