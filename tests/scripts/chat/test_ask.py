"""`shopdesk ask`: a question of staff to several models, in a terminal or a pipe."""

import json

import pytest

from scripts.chat.asking import NoStaffError, NotAskedError, Question, ask
from storage.db import Sessions
from storage.settings import Settings, load_settings
from storage.shop.orders import Order, OrderStatus
from tests.factories import add_account, add_order
from tests.scripts.open_shop import open_page

MODELS = ["slice1", "slice2"]


async def test_the_answer_goes_to_standard_output_and_the_steps_to_standard_error(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await add_account(sessions)
    order = await add_order(sessions)
    question = Question(f"Where is order {order.id}?", "sequential", MODELS)
    async with open_page(settings, sessions, monkeypatch):
        code = await ask(load_settings(None), question, None, trace=True, as_json=False)

    told = capsys.readouterr()
    assert code == 0
    assert order.id.lstrip("#") in told.out
    lines = told.err.splitlines()
    assert lines[0] == "task_started: sequential"
    assert "→ step1_slice1 (slice1)" in lines
    assert "→ step2_slice2 (slice2) after step1_slice1" in lines
    assert any(line.startswith("✓ step2_slice2 (slice2), ") for line in lines)


async def test_a_change_is_not_made_without_a_terminal_to_say_yes_in(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await add_account(sessions)
    order = await add_order(sessions, status=OrderStatus.PENDING)
    question = Question(f"Cancel order {order.id}, it was ordered by mistake.", "select")
    async with open_page(settings, sessions, monkeypatch):
        await ask(load_settings(None), question, None, trace=False, as_json=False)

    assert "(not done: answer it in a terminal)" in capsys.readouterr().err
    async with sessions() as session:
        assert (await session.get_one(Order, order.id)).status is OrderStatus.PENDING


async def test_as_json_the_whole_task_is_told(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await add_account(sessions)
    question = Question("How long do refunds take?", "vote", MODELS, ["3 days", "30 days"], [])
    async with open_page(settings, sessions, monkeypatch):
        await ask(load_settings(None), question, None, trace=False, as_json=True)

    task = json.loads(capsys.readouterr().out)
    assert (task["mode"], task["models"], len(task["result"]["vote"]["ballots"])) == ("vote", MODELS, 2)


async def test_what_the_shop_refuses_and_who_is_missing_is_said_in_one_line(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_page(settings, sessions, monkeypatch):
        with pytest.raises(NoStaffError, match="shopdesk user add"):
            await ask(load_settings(None), Question("?", "select"), None, trace=False, as_json=False)
        await add_account(sessions)
        with pytest.raises(NotAskedError, match=r"no endpoint slcie1 in models\.toml; it has: slice1, slice2"):
            await ask(load_settings(None), Question("?", "select", ["slcie1"]), None, trace=False, as_json=False)
