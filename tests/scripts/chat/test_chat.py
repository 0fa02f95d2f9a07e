"""`shopdesk chat` from a pipe: a line is a message, the answers are the output, and what goes wrong is one line."""

from pathlib import Path

import pytest
from PIL import Image as Pillow
from sqlalchemy import select

from storage.db import Sessions
from storage.pictures.images import Image
from storage.settings import Settings
from storage.shop.orders import Order, OrderStatus
from tests.processes import free_port
from tests.scripts.command import shopdesk
from tests.scripts.open_shop import open_page

OLIVIA = ("chat", "--email", "olivia.brown@example.com")


async def cancelled(sessions: Sessions) -> list[str]:
    async with sessions() as session:
        query = select(Order.id).where(Order.status == OrderStatus.CANCELLED, Order.customer_id.like("olivia_brown%"))
        return list((await session.scalars(query)).all())


async def test_a_change_is_asked_and_confirmed_line_by_line(
    settings: Settings, demo_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await cancelled(demo_sessions)
    async with open_page(settings, demo_sessions, monkeypatch):
        outcome = await shopdesk(*OLIVIA, "--trace", stdin=b"Cancel my order\ny\n")

    asked, done = outcome.said.splitlines()
    assert asked.startswith("Cancel order #")
    assert done.startswith("Order #")
    assert " is cancelled. " in done
    assert outcome.code == 0
    assert "orders.cancel_order" in outcome.complained
    assert "yes, by button" in outcome.complained
    assert "Stand-in model" in outcome.complained
    assert len(await cancelled(demo_sessions)) == len(before) + 1


@pytest.mark.slow
async def test_an_empty_line_is_no_yes(
    settings: Settings, demo_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await cancelled(demo_sessions)
    async with open_page(settings, demo_sessions, monkeypatch):
        outcome = await shopdesk(*OLIVIA, stdin=b"Cancel my order\n\n\n")

    assert len(outcome.said.splitlines()) == 1
    assert await cancelled(demo_sessions) == before


@pytest.mark.slow
async def test_a_picture_in_a_message_is_sent_with_it(
    settings: Settings, demo_sessions: Sessions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    picture = tmp_path / "my mug.png"
    Pillow.new("RGB", (64, 64), "red").save(picture)
    async with open_page(settings, demo_sessions, monkeypatch):
        outcome = await shopdesk(*OLIVIA, stdin=f"What is this? '{picture}'\n".encode())

    async with demo_sessions() as session:
        sent = (await session.scalars(select(Image).where(Image.customer_id.like("olivia_brown%")))).all()
    assert (outcome.code, len(sent)) == (0, 1)
    assert str(picture) not in outcome.said


@pytest.mark.slow
async def test_a_visitor_is_answered_in_korean(
    settings: Settings, demo_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_page(settings, demo_sessions, monkeypatch):
        outcome = await shopdesk("chat", "--language", "ko", stdin="/이상한\n책상 스탠드 있나요?\n".encode())

    assert "/이상한 명령은 없습니다" in outcome.complained
    assert "찾은 상품입니다" in outcome.said


async def test_without_a_shop_one_line_says_what_to_start(
    settings: Settings, demo_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UI_PORT", str(free_port()))

    outcome = await shopdesk("chat")

    assert outcome.code == 2
    assert len(outcome.complained.splitlines()) == 1
    assert "Start it with `shopdesk up`" in outcome.complained


@pytest.mark.slow
async def test_an_account_that_is_not_there_is_said_in_one_line(
    settings: Settings, demo_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_page(settings, demo_sessions, monkeypatch):
        outcome = await shopdesk("chat", "--email", "nobody@shop.example")

    assert outcome.code == 2
    assert outcome.complained.startswith("shopdesk: No account in this shop has the email nobody@shop.example.")
