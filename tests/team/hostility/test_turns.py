"""Customers who talk with a shop whose models misbehave: every turn is right, or honestly failed."""

from pathlib import Path

import pytest

from scripts.bench.hostility.play import play
from scripts.evaluation.temporary_shop import make_shop
from storage.settings import Settings
from team.standin.hostility.hostile import Hostile

TURNS = 60


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore::UserWarning")
async def test_nothing_that_a_model_spoils_reaches_a_customer_or_their_orders(
    settings: Settings, tmp_path: Path
) -> None:
    made = await make_shop(settings, settings.shopdesk_home)

    tally = await play(made, tmp_path / "shop", Hostile("1"), TURNS)

    assert tally.wrong == {}
    assert tally.spoilt > TURNS / 2
    assert sum(tally.statuses.values()) == TURNS
