"""`shopdesk doctor` says what is well and what to do about the rest."""

import asyncio

import pytest
from typer.testing import CliRunner

from knowledge.taking_in.ingest import ingest_handbook
from scripts.cli import build
from scripts.running.one_at_a_time import alone
from storage.db import Sessions
from storage.settings import Settings
from team.standin.server import build_app
from tests.knowledge.model_endpoint import MODEL, EmbeddingModel, Failure, embedding_by, status
from tests.processes import free_port
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import MODELS as SLICES
from tests.tools_process import tools_process

RUNNER = CliRunner()


def doctor() -> tuple[int, str]:
    told = RUNNER.invoke(build(["doctor", "seed"]), ["doctor"])
    return told.exit_code, told.output


@pytest.mark.usefixtures("settings")
def test_of_a_shop_that_was_never_started_it_says_so_and_nothing_else() -> None:
    code, told = doctor()

    assert code == 1
    assert told.splitlines()[1:] == ["✗ shop: not started yet: run `scripts/start` or `shopdesk up`"]


@pytest.mark.usefixtures("demo_sessions")
async def test_where_up_runs_it_does_not_advise_to_start_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.shopdesk_home / "models.toml").write_text(SLICES.read_text())
    for port in ("MCP_PORT", "UI_PORT"):
        monkeypatch.setenv(port, str(free_port()))
    monkeypatch.setenv("MODEL1_BASE_URL", f"http://127.0.0.1:{free_port()}/v1")

    _, before = await _in_thread()
    with alone(settings):
        _, meanwhile = await _in_thread()

    assert before.count("start it with `shopdesk up`") >= 2
    assert "start that model's server, or correct its address in MODEL1_BASE_URL" in before
    assert "start it with `shopdesk up`" not in meanwhile


@pytest.mark.usefixtures("demo_sessions")
async def test_of_a_shop_without_a_handbook_it_names_the_command(settings: Settings) -> None:
    code, told = await _in_thread()

    assert code == 1
    assert "✓ database: demo data" in told
    assert "✗ handbook: " in told
    assert "shopdesk ingest" in told


async def test_what_runs_is_told_by_its_address(
    settings: Settings, demo_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tools_process(settings, "orders") as (running, _):
        monkeypatch.setenv("PUBLIC_MCP_URL", running.public_mcp_url)

        _, told = await _in_thread()

    assert f"✓ tool servers: running at {running.public_mcp_url}" in told


async def test_a_model_that_does_not_answer_is_named(
    settings: Settings, demo_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.shopdesk_home / "models.toml").write_text(SLICES.read_text())
    monkeypatch.setenv("MODEL1_BASE_URL", f"http://127.0.0.1:{free_port()}/v1")

    code, told = await _in_thread()

    assert code == 1
    assert "✗ model slice1: nothing answers at http://127.0.0.1:" in told


async def test_a_model_under_another_name_is_told_with_the_setting_that_mends_it(
    settings: Settings, demo_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.shopdesk_home / "models.toml").write_text(SLICES.read_text())
    listener = listening()
    monkeypatch.setenv("MODEL1_BASE_URL", f"{address(listener)}/v1")

    async with serving((build_app("some/model"), listener)):
        code, told = await _in_thread()

    assert code == 1
    assert "✗ model slice1: it serves some/model, and not Qwen/Qwen3-VL-8B-Instruct: set model in " in told


@pytest.mark.parametrize(("model", "told"), [(MODEL, "✓ embeddings: "), ("other", "✗ embeddings: ")])
async def test_the_endpoint_for_embeddings_is_asked_for_a_vector(
    settings: Settings, demo_sessions: Sessions, monkeypatch: pytest.MonkeyPatch, model: str, told: str
) -> None:
    async with embedding_by(EmbeddingModel(), settings) as shop:
        monkeypatch.setenv("EMBEDDINGS_BASE_URL", shop.embeddings_base_url)
        monkeypatch.setenv("EMBEDDINGS_MODEL", model)

        _, printed = await _in_thread()

    assert told in printed
    assert "re-ranking" not in printed
    assert ("The model `other` does not exist." in printed) == (model == "other")


@pytest.mark.parametrize(
    ("failures", "told"), [([], "✓ re-ranking: "), ([status(404)], "✗ re-ranking: Policies are not")]
)
async def test_the_endpoint_for_re_ranking_is_asked_for_a_score(
    settings: Settings, demo_sessions: Sessions, monkeypatch: pytest.MonkeyPatch, failures: list[Failure], told: str
) -> None:
    model = EmbeddingModel()
    model.failures.extend(failures)
    async with embedding_by(model, settings) as shop:
        monkeypatch.setenv("RERANK_BASE_URL", shop.embeddings_base_url)
        monkeypatch.setenv("RERANK_MODEL", MODEL)

        _, printed = await _in_thread()

    assert told in printed


@pytest.mark.slow
async def test_of_an_endpoint_for_re_ranking_that_is_away_it_says_so_once(
    settings: Settings, demo_sessions: Sessions, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await ingest_handbook(settings, demo_sessions)
    monkeypatch.setenv("RERANK_BASE_URL", f"http://127.0.0.1:{free_port()}/v1")
    monkeypatch.setenv("RERANK_MODEL", MODEL)

    _, printed = await _in_thread()

    assert "✓ handbook: can be searched" in printed
    assert printed.count("Policies are not re-ranked") == 1
    assert "re-ranked" not in caplog.text


async def _in_thread() -> tuple[int, str]:
    return await asyncio.to_thread(doctor)
