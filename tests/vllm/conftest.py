"""A vLLM server for all tests here, and a shop in front of it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.serve import build_app as build_tools
from storage.db import Sessions
from storage.settings import Settings
from team.desk.desk import open_desk
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import MODELS, Shopfloor
from tests.vllm.environment import CannotMakeError, make_environment, make_model
from tests.vllm.served import Served, serve


@pytest.fixture(scope="session")
def vllm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A real server; the tests are skipped, with one line, where it cannot be had."""
    if request.config.getoption("markexpr") != "vllm":
        pytest.skip("runs with scripts/test --vllm alone")
    try:
        environment, model = make_environment(), make_model()
    except CannotMakeError as error:
        pytest.skip(str(error))
    free = listening()
    port = int(free.getsockname()[1])
    free.close()
    with serve(environment, model, port, tmp_path_factory.mktemp("vllm")) as served:
        yield served


@pytest.fixture
async def floor(settings: Settings, sessions: Sessions, vllm: Served) -> AsyncIterator[Shopfloor]:
    """A shop whose models are both the real server's."""
    tools = listening()
    update = {"public_mcp_url": address(tools), "model1_base_url": vllm.url, "model2_base_url": vllm.url}
    settings = settings.model_copy(update=update)
    (settings.shopdesk_home / "models.toml").write_text(MODELS.read_text())
    async with (
        serving((build_tools(server_names(), settings, sessions), tools)),
        open_desk(settings, sessions) as desk,
    ):
        yield Shopfloor(settings, sessions, desk)
