"""A policy that an answer links to."""

from pathlib import Path

from starlette.applications import Starlette

from knowledge.taking_in.ingest import ingest
from storage.db import Sessions
from storage.settings import REPOSITORY, Settings
from tests.ui.visitor import logged_in, visitor

HANDBOOK: Path = REPOSITORY / "knowledge" / "policies"


async def test_a_policy_is_shown_as_text_in_the_language_asked_for(
    app: Starlette, settings: Settings, sessions: Sessions
) -> None:
    await ingest(settings, sessions, [HANDBOOK / "en" / "refunds.md", HANDBOOK / "ko" / "refunds.md"])

    async with logged_in(app, sessions) as client:
        english = await client.get("/api/policies/refunds")
        korean = await client.get("/api/policies/refunds?language=ko")
        unknown = await client.get("/api/policies/nothing")

    assert english.headers["content-type"] == "text/plain; charset=utf-8"
    assert english.text.startswith("Refunds and how long they take\n\n")
    assert korean.text.startswith("환불과 처리 기간\n\n")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "policy_not_found")


async def test_a_policy_is_for_those_who_may_chat(app: Starlette) -> None:
    async with visitor(app) as stranger:
        refused = await stranger.get("/api/policies/refunds")

    assert refused.status_code == 401


async def test_a_browser_gets_the_page_of_a_policy_and_a_program_its_data(
    app: Starlette, settings: Settings, sessions: Sessions
) -> None:
    await ingest(settings, sessions, [HANDBOOK / "en" / "refunds.md"])

    async with logged_in(app, sessions) as client:
        read = await client.get("/policies/refunds", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        program = await client.get("/policies/refunds", headers={"Accept": "application/json"})
        anything = await client.get("/policies/refunds")

    assert (read.status_code, read.headers["content-type"], read.headers["vary"]) == (
        200,
        "text/html; charset=utf-8",
        "Accept",
    )
    for answer in (program, anything):
        assert not answer.headers["content-type"].startswith("text/html")
