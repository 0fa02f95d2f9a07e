"""vLLM servers for all tests here, and a shop in front of them."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
import tomlkit

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.serve import build_app as build_tools
from storage.db import Sessions
from storage.endpoints import FILE
from storage.settings import Settings
from team.desk.desk import open_desk
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import MODELS, NAMES, Shopfloor
from tests.vllm.environment import CannotMakeError, make_environment, make_model, make_real_model
from tests.vllm.served import REAL, REAL_THREADS, Served, serve

DEADLINE_S = 100
"""The longest that a shop can set for a turn: a machine without a GPU may be busy with other things, too."""

ALONE = ("vllm", "vllm_real")
"""What pytest is asked for by `scripts/test --vllm` and `--vllm-real`: never beside other tests."""


@pytest.fixture(scope="session")
def environment(request: pytest.FixtureRequest) -> Path:
    """An environment with vLLM; all tests are skipped, with one line, where there can be none."""
    if request.config.getoption("markexpr") not in ALONE:
        pytest.skip("runs with scripts/test --vllm or --vllm-real alone")
    return made(make_environment)


@pytest.fixture(scope="session")
def vllm(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A real server of a model that says what its script says, under the names of both slices."""
    with serve(environment, made(make_model), tmp_path_factory.mktemp("vllm")) as served:
        yield served


@pytest.fixture(scope="session")
def real(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sequence[Served]]:
    """Two real servers of SmolLM2-135M-Instruct, one a slice, started one after the other."""
    model, folder = made(make_real_model), tmp_path_factory.mktemp("vllm")
    with ExitStack() as servers:
        yield [servers.enter_context(serve(environment, model, folder, [name], REAL, REAL_THREADS)) for name in NAMES]


def write_models(
    settings: Settings, *, endpoints: Mapping[str, object] = {}, specialists: Mapping[str, object] = {}
) -> None:
    """Write a models.toml whose roles wait as long as the turn does, with these values for each endpoint and role."""
    document = tomlkit.parse(MODELS.read_text(encoding="utf-8"))
    for endpoint in document["endpoints"].values():
        endpoint.update(endpoints)
    for name, role in document["roles"].items():
        role.update({"timeout_s": DEADLINE_S, **(specialists if name != "router" else {})})
    (settings.shopdesk_home / FILE).write_text(tomlkit.dumps(document), encoding="utf-8")


def made(make: Callable[[], Path]) -> Path:
    """Return what this makes; all tests are skipped, with one line, where it cannot be made."""
    try:
        return make()
    except CannotMakeError as error:
        # Said once, and not for every test.
        pytest.exit(f"All of these are skipped. {error}", returncode=0)


@pytest.fixture
async def floor(settings: Settings, sessions: Sessions, vllm: Served) -> AsyncIterator[Shopfloor]:
    """A shop whose models are both the real server's."""
    tools = listening()
    urls = {"public_mcp_url": address(tools), "model1_base_url": vllm.url, "model2_base_url": vllm.url}
    settings = settings.model_copy(update={**urls, "turn_deadline_s": DEADLINE_S})
    write_models(settings)
    async with (
        serving((build_tools(server_names(), settings, sessions), tools)),
        open_desk(settings, sessions) as desk,
    ):
        yield Shopfloor(settings, sessions, desk, patience_s=DEADLINE_S + 10)
