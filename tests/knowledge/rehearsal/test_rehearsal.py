"""`shopdesk ingest --rehearse` says what would be answered otherwise, and changes nothing."""

from functools import partial
from pathlib import Path

import anyio
from typer.testing import CliRunner

from scripts.cli import build
from storage.chats.events import add_event
from storage.db import Sessions, writing
from storage.settings import Settings
from tests.factories import add_conversation, add_customer
from tests.knowledge.handbook import ask, open_handbook, places, take_in, write_policy

POSTAGE = "How much is the return postage for shoes?"
BEANS = "Where do you roast the coffee beans?"


async def asked_before(sessions: Sessions, question: str) -> None:
    customer = await add_customer(sessions)
    chat = await add_conversation(sessions, customer_id=customer.id)
    data = {"agent": "PolicyGuide", "server": "policies", "tool": "search_policies", "arguments": {"query": question}}
    async with writing(sessions) as session:
        await add_event(session, chat.id, "tool_call", data)


async def test_a_rehearsal_names_the_questions_that_are_answered_otherwise_and_leaves_the_handbook_alone(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    pages = tmp_path / "pages"
    write_policy(pages, "## Return postage\n\nReturn postage for shoes is 4 dollars.", id="returns")
    write_policy(pages, "## Coffee beans\n\nWe roast our coffee beans in Naples.", id="coffee", title="Coffee")
    await take_in(settings, sessions, pages)
    await asked_before(sessions, POSTAGE)
    await asked_before(sessions, BEANS)
    write_policy(pages, "## Return postage\n\nReturn postage for shoes is 6 dollars.", id="returns")
    (pages / "coffee.en.md").unlink()
    write_policy(pages, "## Postage\n\nReturn postage for shoes costs 5 dollars.", id="postage", title="Postage")

    env = {"SHOPDESK_HOME": str(settings.shopdesk_home)}
    run = partial(CliRunner().invoke, build(["ingest"]), ["ingest", str(pages), "--rehearse"], env=env)
    tried = await anyio.to_thread.run_sync(run)

    lines = tried.stdout.splitlines()
    assert tried.exit_code == 1, tried.output
    assert lines[:3] == ["added: postage:en", "changed: returns:en", "removed: coffee:en"]
    assert f"  no longer answered: “{BEANS}” (asked 1 ×)" in lines
    assert any(POSTAGE in line and line.startswith("  answered") for line in lines)
    assert "  - postage:en, Postage: “Return postage for shoes costs 5 dollars.”" in lines
    assert "    returns:en, Return postage: “Return postage for shoes is 6 dollars.”" in lines
    assert lines[-1] == "This was a rehearsal: nothing has changed."
    assert places(await ask(open_handbook(settings), sessions, BEANS))[0] == "coffee:en Coffee beans"
