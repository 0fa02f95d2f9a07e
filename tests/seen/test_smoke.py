"""`scripts/smoke`: a line for each thing a running shop can do, and an exit code."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from storage.db import Sessions, writing
from storage.people.api_keys import make_key
from storage.settings import REPOSITORY, Settings
from tests.knowledge.handbook import take_in, write_policy
from tests.processes import free_port
from tests.scripts.command import Outcome
from tests.ui.rest.served_shop import open_served_shop

LEFT_OUT = "left out: set SHOPDESK_KEY (shopdesk token --api-key --customer ID)"
POLICY = "# Returns\n\nUnused items can be returned. The refund goes back to the card you paid with."


async def smoke(*arguments: str, key: str = "") -> Outcome:
    command = [sys.executable, str(REPOSITORY / "scripts" / "smoke"), *arguments]
    process = await asyncio.create_subprocess_exec(
        *command, env=os.environ | {"SHOPDESK_KEY": key}, stdout=PIPE, stderr=PIPE
    )
    said, complained = await process.communicate()
    return Outcome(process.returncode or 0, said.decode(), complained.decode())


def marks(outcome: Outcome) -> dict[str, str]:
    """Each check's name and its mark."""
    return {line.split()[1]: line[0] for line in outcome.said.splitlines()}


async def test_a_shop_that_works_passes_every_check(
    settings: Settings, demo_sessions: Sessions, tmp_path: Path
) -> None:
    await take_in(settings, demo_sessions, write_policy(tmp_path, POLICY))
    async with open_served_shop(settings, demo_sessions) as shop:
        async with writing(demo_sessions) as session:
            _, key = await make_key(session, shop.customer.customer_id)

        told = await smoke(f"{shop.settings.public_ui_url}/", "returns", key=key)
        nobody = await smoke(shop.settings.public_ui_url)
        wrong = await smoke(shop.settings.public_ui_url, key="sk-shopdesk-wrong")

    assert (told.code, told.complained) == (0, ""), told.said
    assert marks(told) == dict.fromkeys(("alive", "ready", "policies", "models", "chat"), "✓")
    assert "1 passage found for 'returns'" in told.said
    assert nobody.code == 0
    assert [line.endswith(LEFT_OUT) for line in nobody.said.splitlines()] == [False, False, True, True, True]
    assert wrong.code == 1
    assert [marks(wrong)[name] for name in ("ready", "policies", "models", "chat")] == ["✓", "✗", "✗", "✗"]


async def test_a_shop_that_is_not_there_fails_each_check_in_one_line() -> None:
    told = await smoke(f"http://127.0.0.1:{free_port()}")

    assert told.code == 1
    assert [mark for name, mark in marks(told).items() if name in {"alive", "ready"}] == ["✗", "✗"]
    assert "Traceback" not in told.said + told.complained


@pytest.mark.parametrize("arguments", [("localhost:3000",), ("http://127.0.0.1:1", "a", "b")])
async def test_a_typo_is_answered_with_how_to_use_it(arguments: tuple[str, ...]) -> None:
    told = await smoke(*arguments)

    assert (told.code, told.said) == (2, "")
    assert "Usage: scripts/smoke [URL] [WORD]" in told.complained
