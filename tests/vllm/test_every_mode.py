"""Each mode of cooperation on two real servers with a small model's real weights: `scripts/test --vllm-real`."""

from collections.abc import AsyncIterator, Sequence

import pytest

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.serve import build_app as build_tools
from storage.db import Sessions
from storage.settings import Settings
from team.desk.desk import open_desk
from tests.factories import add_order
from tests.team.cooperation.honesty import LATE_S, MODES, assert_honest, play_mode
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import Shopfloor
from tests.vllm.conftest import write_models
from tests.vllm.served import REAL_CONTEXT, Served
from tests.vllm.test_real_weights import write_what_it_takes

DEADLINE_S = 180.0
"""For a task; two processors write some ten tokens a second."""

pytestmark = [pytest.mark.vllm_real, pytest.mark.timeout(len(MODES) * (DEADLINE_S + LATE_S) + 2_400)]


@pytest.fixture
async def real_floor(settings: Settings, sessions: Sessions, real: Sequence[Served]) -> AsyncIterator[Shopfloor]:
    """A shop with a real server of real weights for each slice."""
    first, second = real
    tools = listening()
    urls = {"public_mcp_url": address(tools), "model1_base_url": first.url, "model2_base_url": second.url}
    settings = settings.model_copy(update=urls)
    write_models(settings, endpoints={"context_tokens": REAL_CONTEXT, "vision": False})
    await write_what_it_takes(settings)
    async with (
        serving((build_tools(server_names(), settings, sessions), tools)),
        open_desk(settings, sessions) as desk,
    ):
        yield Shopfloor(settings, sessions, desk)


@pytest.mark.filterwarnings("ignore::UserWarning")
async def test_each_mode_ends_in_time_and_says_what_failed(
    real_floor: Shopfloor, sessions: Sessions, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    order = await add_order(sessions)
    played = []
    for mode in MODES:
        played.append(await play_mode(real_floor, mode, order, DEADLINE_S))
        with capsys.disabled():
            print(f"\n{played[-1]}", flush=True)  # noqa: T201 - its result goes into docs/cooperation.md by hand

    for one in played:
        assert_honest(one)
        assert one.seconds < DEADLINE_S + LATE_S
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
