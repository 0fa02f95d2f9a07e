"""`shopdesk chat` in a terminal: streaming, a question with its keys, and Ctrl-C."""

import asyncio

import pytest

from storage.db import Sessions
from storage.settings import Settings
from tests.scripts.open_shop import open_page
from tests.scripts.terminal import terminal

# Each starts the shop and the command.
pytestmark = pytest.mark.slow

OLIVIA = ("chat", "--email", "olivia.brown@example.com")


async def test_enter_is_no_yes_and_n_declines(
    settings: Settings, demo_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_page(settings, demo_sessions, monkeypatch), terminal(*OLIVIA) as screen:
        await screen.until("Olivia Brown.*you:")
        screen.type("Cancel my order\r")
        asked = await screen.until("Nothing happens until you confirm.*y/n:")
        screen.type("\r")
        await screen.until("Nothing happens until you confirm.*y/n:")
        screen.type("n\r")
        told = await screen.until("you:")
        screen.type("/quit\r")
        await screen.until("This conversation is kept")
        code = await screen.process.wait()

    assert asked.count("Cancel order #") == 1
    assert ": Cancel order #" in asked
    assert "not" in told.lower()
    assert code == 0


async def test_ctrl_c_stops_an_answer_and_the_chat_goes_on(
    settings: Settings, demo_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = open_page(settings, demo_sessions, monkeypatch, delay_ms=3_000)
    async with slow, terminal(*OLIVIA, "--trace") as screen:
        await screen.until("you:")
        screen.type("How long do refunds take?\r")
        await screen.until("working on it")
        screen.type("\x03")
        await screen.until("turn_ended +stopped")
        await screen.until("you:")
        screen.type("\x04")
        await screen.until("This conversation is kept")
        code = await screen.process.wait()

    assert code == 0


async def test_ctrl_c_for_the_second_time_leaves(
    settings: Settings, demo_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = open_page(settings, demo_sessions, monkeypatch, delay_ms=3_000)
    async with slow, terminal(*OLIVIA) as screen:
        await screen.until("you:")
        screen.type("How long do refunds take?\r")
        await screen.until("working on it")
        screen.type("\x03")
        await screen.until("stopping")
        screen.type("\x03")
        async with asyncio.timeout(15):
            code = await screen.process.wait()

    # 0 where the turn had stopped before, and the key was pressed at the prompt.
    assert code in {0, 130}
