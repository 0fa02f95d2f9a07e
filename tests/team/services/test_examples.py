"""The example client, as its reader would run it."""

import pytest

from knowledge.reading.documents import HANDBOOK
from knowledge.taking_in.ingest import ingest
from scripts.examples import CHOSEN, Example, run
from storage.db import Sessions
from storage.settings import Settings
from tests.team.services.scripted import scripted


@pytest.mark.parametrize("example", [Example.QUERY, Example.SERVICES, Example.COOPERATION])
async def test_every_example_is_answered(
    example: Example, settings: Settings, demo_sessions: Sessions, capsys: pytest.CaptureFixture[str]
) -> None:
    await ingest(settings, demo_sessions, [HANDBOOK / "en" / "returns.md"])
    sql = "SELECT count(*) AS n FROM orders WHERE status = 'cancelled'"
    async with scripted(settings, demo_sessions, lambda _: sql) as client:
        refused = await run(client, example)

    shown = capsys.readouterr().out
    assert (refused, [title for title, _, _ in CHOSEN[example] if title not in shown]) == (0, [])
    assert "(4" not in shown
    assert "(5" not in shown
