"""Asks the search alone: what a team that quotes the best passage wherever the search says `answered` would say."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from knowledge.handbook import handbook_of
from knowledge.taking_in.ingest import ingest_handbook
from scripts.bench.answering.judging import Question, Said
from storage.db import now, open_sessions
from storage.migrate import migrate
from storage.settings import Settings


async def search_all(questions: Sequence[Question]) -> list[Said]:
    """Return the best passage for each question from the built-in handbook, or nothing where none answers."""
    with tempfile.TemporaryDirectory(prefix="shopdesk-answers-") as folder:
        settings = Settings(shopdesk_home=Path(folder), database_url="", chroma_url="", embeddings_base_url="")
        await migrate(settings.database)
        async with open_sessions(settings.database) as sessions:
            await ingest_handbook(settings, sessions)
            handbook, said = handbook_of(settings), list[Said]()
            for question in questions:
                async with sessions() as session:
                    today = now().date()
                    answer = await handbook.search(session, question.text, language=None, limit=5, today=today)
                best = answer.found[0].passage if answer.answered else None
                said.append(Said(f"{best.section}\n{best.text}" if best else "", cites=best is not None))
    return said
