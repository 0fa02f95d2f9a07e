"""Every mode through the whole shop, with models that answer, and with one of two that does not."""

import pytest

from storage.db import Sessions
from storage.settings import Settings
from tests.factories import add_order
from tests.team.cooperation.honesty import MODES, assert_honest, play_mode
from tests.team.faulty import Pair, status
from tests.team.shopfloor import open_shopfloor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

DEADLINE_S = 300.0
"""For a task: longer than any takes here."""


async def test_each_mode_ends_in_time_and_leaves_nothing_out(
    settings: Settings, sessions: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    order = await add_order(sessions)
    async with open_shopfloor(settings, sessions) as floor:
        played = [await play_mode(floor, mode, order, DEADLINE_S) for mode in MODES]

    for one in played:
        assert_honest(one)
        assert not any(answer.get("error") for answer in one.task["result"]["answers"]), one
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_with_one_model_that_fails_each_mode_says_so(settings: Settings, sessions: Sessions) -> None:
    pair, order = Pair(), await add_order(sessions)
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        pair.slices[2].fault = status(500)
        played = [await play_mode(floor, mode, order, DEADLINE_S) for mode in MODES]

    for one in played:
        assert_honest(one)
    failed = {one.mode for one in played if one.task["result"]["notes"]}
    replaced = {one.mode for one in played if any(a.get("in_place_of") for a in one.task["result"]["answers"])}
    assert {"parallel", "vote"} <= failed
    assert {"sequential", "pipeline"} <= replaced
