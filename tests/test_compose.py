"""The containers: that what they are told agrees with the settings, the models and the ports the code knows."""

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml  # type: ignore[import-untyped]  # its types are not installed, and one document is read

from storage.endpoints import Endpoint, Endpoints
from storage.settings import REPOSITORY, Settings

COMPOSE: dict[str, Any] = yaml.safe_load((REPOSITORY / "docker-compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text()
SLICES = [1, 2]


def of_slice(number: int) -> Endpoint:
    models = Endpoints.model_validate(tomllib.loads((REPOSITORY / "team" / "models.toml").read_text()))
    return next(endpoint for endpoint in models.endpoints.values() if endpoint.slice == number)


def flags(service: str) -> dict[str, str]:
    """What `vllm serve` is told, without the model's name, by flag."""
    return {name: value for name, _, value in (flag.partition("=") for flag in SERVICES[service]["command"][1:])}


def test_each_profile_starts_one_shop_and_only_the_gpu_profile_starts_models() -> None:
    started = {name: service["profiles"] for name, service in SERVICES.items()}

    assert started == {"shop": ["default"], "shop-gpu": ["gpu"], "model1": ["gpu"], "model2": ["gpu"]}


def test_ports_are_published_to_this_machine_alone(settings: Settings) -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    ours = [f"127.0.0.1:{port}:{port}" for port in (settings.ui_port, settings.mcp_port)]
    assert published == {"shop": ours, "shop-gpu": ours}


@pytest.mark.parametrize("number", SLICES)
def test_a_model_server_serves_what_models_toml_expects_of_its_slice(number: int) -> None:
    endpoint, service = of_slice(number), f"model{number}"
    told = flags(service)

    assert SERVICES[service]["command"][0] == endpoint.model
    assert told["--port"] == str(urlsplit(endpoint.base_url).port)
    assert told["--max-model-len"] == str(endpoint.context_tokens)
    assert (told["--enable-auto-tool-choice"], told["--tool-call-parser"]) == ("", "hermes")
    assert f":{told['--port']}/health" in SERVICES[service]["healthcheck"]["test"][-1]
    assert SERVICES["shop-gpu"]["environment"][f"MODEL{number}_BASE_URL"] == f"http://{service}:{told['--port']}/v1"


def test_the_models_fit_on_one_gpu_and_start_one_after_the_other() -> None:
    after = {name: list(service.get("depends_on", {})) for name, service in SERVICES.items()}
    conditions = [wait for service in SERVICES.values() for wait in service.get("depends_on", {}).values()]

    assert sum(float(flags(f"model{number}")["--gpu-memory-utilization"]) for number in SLICES) <= 0.95
    assert after == {"shop": [], "shop-gpu": ["model1", "model2"], "model1": [], "model2": ["model1"]}
    assert all(wait == {"condition": "service_healthy"} for wait in conditions)


def test_the_vllm_image_is_of_the_version_the_gpu_extra_allows() -> None:
    [extra] = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["optional-dependencies"]["gpu"]

    assert extra.startswith("vllm>=0.32,<0.33")
    assert {SERVICES[f"model{number}"]["image"] for number in SLICES} == {"vllm/vllm-openai:v0.32.0"}


def test_the_second_model_gets_a_template_that_knows_tools() -> None:
    [config] = SERVICES["model2"]["configs"]
    template = COMPOSE["configs"][config["source"]]["content"]

    assert flags("model2")["--chat-template"] == config["target"]
    for part in ("for tool in tools", "<tool_call>", "<tool_response>", "<|image_pad|>", "add_generation_prompt"):
        assert part in template
    assert "$" not in template, "Compose would take it for a variable"


def test_the_image_runs_the_shop_as_a_user_without_rights_on_its_own_data() -> None:
    lines = DOCKERFILE.splitlines()
    environment = next(line for line in lines if line.startswith("ENV "))

    assert lines.index("USER shopdesk") < lines.index('CMD ["shopdesk", "up"]')
    assert "SHOPDESK_HOME=/data HOST=0.0.0.0" in environment
    assert all(volume == "shop:/data" for name in ("shop", "shop-gpu") for volume in SERVICES[name]["volumes"])
    assert "pip install --no-cache-dir -c constraints.txt ." in DOCKERFILE


@pytest.mark.parametrize("kept_out", [".git", ".venv", "var", ".env*"])
def test_the_image_holds_no_history_no_data_and_no_secrets(kept_out: str) -> None:
    assert kept_out in Path(REPOSITORY / ".dockerignore").read_text().splitlines()
