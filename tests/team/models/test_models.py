"""Models are data: endpoints and roles from models.toml, read again when it changes."""

import os

import pytest

from storage.settings import Settings
from team.models.models import Models
from team.pool import open_pool
from tests.team.shopfloor import MODELS, Shopfloor


async def test_a_changed_file_is_read_again_and_a_broken_one_is_not(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    path = settings.shopdesk_home / "models.toml"
    path.write_text(MODELS.read_text())
    async with open_pool() as pool:
        models = Models(settings, pool)
        before = models.for_role("orders").key
        path.write_text(
            MODELS.read_text().replace('[roles.orders]\nendpoint = "slice2"', '[roles.orders]\nendpoint = "slice1"')
        )
        os.utime(path, ns=(1, 1))
        after = models.for_role("orders").key
        path.write_text("[roles")
        os.utime(path, ns=(2, 2))
        broken = models.for_role("orders").key
        await models.close()

    assert (before, after, broken) == ("slice2", "slice1", "slice1")
    assert "models.toml was changed and cannot be used" in caplog.text


async def test_a_file_with_a_byte_order_mark_is_read_as_one_without(settings: Settings) -> None:
    (settings.shopdesk_home / "models.toml").write_text(MODELS.read_text(), encoding="utf-8-sig")
    async with open_pool() as pool:
        models = Models(settings, pool)
        key = models.for_role("orders").key
        await models.close()

    assert key == "slice2"


async def test_a_stand_in_is_known_by_what_it_says_of_itself(floor: Shopfloor) -> None:
    models = floor.desk.answering.models

    assert await models.is_stand_in(models.for_role("orders").endpoint)
