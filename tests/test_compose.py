"""The containers: what they are told agrees with the settings, the models and the ports the code knows."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # its types are not installed, and few documents are read
from dotenv import dotenv_values

from scripts.sizing.lines import TEMPLATES
from storage.presets import load_presets
from storage.settings import REPOSITORY, Settings
from team.standin.__main__ import MODELS

TEXT = (REPOSITORY / "docker-compose.yaml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
CONTAINERS = REPOSITORY / "scripts" / "containers"
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text()
OPERATIONS = (REPOSITORY / "docs" / "operations.md").read_text()
PINNED = dict(line.split("==") for line in (REPOSITORY / "constraints.txt").read_text().split())
VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)(?::-((?:[^{}]|\{[^{}]*\})*))?\}")
PROFILES = ("", "gpu", "scale", "observability")
PINNED_IN_THE_IMAGE = {"SHOPDESK_HOME", "HOST"}
BESIDE_SETTINGS = {"MODEL1_API_KEY", "MODEL2_API_KEY", "OTEL_EXPORTER_OTLP_HEADERS"}
SMALLEST_CARD_GIB = 22.5
"""An L4's memory."""


def resolved(value: Any, environment: dict[str, str | None]) -> Any:  # noqa: ANN401 - YAML
    """Put variables in as Compose does: `${NAME:-default}`, where a default may have one more."""
    if isinstance(value, dict):
        return {key: resolved(one, environment) for key, one in value.items()}
    if isinstance(value, list):
        return [resolved(one, environment) for one in value]
    if not isinstance(value, str):
        return value
    text = value.replace("$$", "\0")
    text = VARIABLE.sub(lambda found: environment.get(found[1]) or resolved(found[2] or "", environment), text)
    assert "$" not in text
    return text.replace("\0", "$")


def env_of(profile: str) -> dict[str, str | None]:
    file = CONTAINERS / f"{profile}.env"
    return dict(dotenv_values(file)) if file.exists() else {"COMPOSE_PROFILES": profile}


def started(profile: str) -> dict[str, Any]:
    """The services of a profile, with its own variables put in."""
    environment = env_of(profile)
    assert environment["COMPOSE_PROFILES"] == profile
    found = {name: one for name, one in SERVICES.items() if profile in one.get("profiles", [profile])}
    return {name: resolved(one, environment) for name, one in found.items()}


def variables(text: str) -> set[str]:
    return set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", text))


def flags(service: str) -> dict[str, str]:
    """What a model's container is told, by flag."""
    told = resolved(SERVICES[service]["command"], {})
    return {name: value for name, _, value in (flag.partition("=") for flag in told if flag.startswith("--"))}


def volumes_of(service: dict[str, Any]) -> Iterator[str]:
    yield from (one.partition(":")[0] for one in service.get("volumes", []) if one[0] not in "./")


def test_one_shop_has_no_profile_and_is_in_every_one() -> None:
    by_profile = {profile: list(started(profile)) for profile in PROFILES}

    assert by_profile == {
        "": ["shop"],
        "gpu": ["shop", "model1", "model2"],
        "scale": ["shop", "shop2", "proxy", "postgres", "chroma", "router1", "router2"],
        "observability": ["shop", "prometheus", "grafana", "collector"],
    }


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_names_nothing_that_is_not_there_and_publishes_each_port_once_to_this_machine(profile: str) -> None:
    services = started(profile)

    needed = [
        other
        for one in services.values()
        for other, how in one.get("depends_on", {}).items()
        if how.get("required", True)
    ]
    assert [other for other in needed if other not in services] == []
    published = [port for one in services.values() for port in one.get("ports", [])]
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []
    assert len({port.split(":")[1] for port in published}) == len(published)
    assert {volume for one in services.values() for volume in volumes_of(one)} <= set(COMPOSE["volumes"])
    configs = [config["source"] for one in services.values() for config in one.get("configs", [])]
    assert set(configs) <= set(COMPOSE["configs"])
    mounted = [one.split(":")[0] for service in services.values() for one in service.get("volumes", [])]
    files = [*(name for name in mounted if name[0] == "."), *(COMPOSE["configs"][name]["file"] for name in configs)]
    assert [name for name in files if not (REPOSITORY / name).exists()] == []


def test_every_setting_and_every_key_passes_through() -> None:
    told = SERVICES["shop"]["environment"]
    keys = {one.key_env for one in load_presets().values() if one.key_env}
    wanted = ({name.upper() for name in Settings.model_fields} | keys | BESIDE_SETTINGS) - PINNED_IN_THE_IMAGE

    assert set(told) == wanted
    fixed = {name for name, value in told.items() if f"${{{name}:-" not in value}
    assert fixed == {"SHOPDESK_CONTAINER"}
    given = dict.fromkeys(wanted - fixed, "given")
    assert resolved({name: told[name] for name in given}, {**given}) == given


def test_the_page_names_every_variable_of_the_file_that_is_no_setting() -> None:
    others = variables(TEXT) - set(SERVICES["shop"]["environment"])

    assert [name for name in sorted(others) if f"`{name}`" not in OPERATIONS] == []
    files = {name for file in CONTAINERS.glob("*.env") for name in dotenv_values(file)}
    assert files - variables(TEXT) == {"COMPOSE_PROFILES"}


def test_alone_the_stand_in_answers_until_a_model_does_and_nothing_is_waited_for(settings: Settings) -> None:
    shop = started("")["shop"]

    assert (shop["environment"]["MOCK_LLM"], shop["environment"]["MODEL1_BASE_URL"]) == (
        "bridge",
        "http://model1:8081/v1",
    )
    assert shop["ports"] == [f"127.0.0.1:{port}:{port}" for port in (settings.ui_port, settings.mcp_port)]
    assert {name: how["required"] for name, how in shop["depends_on"].items()} == {"postgres": False, "chroma": False}


@pytest.mark.parametrize("number", [1, 2])
def test_a_model_server_serves_what_the_shop_expects_of_its_slice(number: int) -> None:
    services, told = started("gpu"), flags(f"model{number}")
    shop, service = services["shop"]["environment"], services[f"model{number}"]

    assert service["command"][service["command"].index("serve") + 1] == shop[f"MODEL{number}_NAME"]
    assert shop[f"MODEL{number}_BASE_URL"] == f"http://model{number}:{told['--port']}/v1"
    assert service["ports"] == [f"127.0.0.1:{told['--port']}:{told['--port']}"]
    assert (told["--max-model-len"], told["--tool-call-parser"]) == ("16384", "hermes")
    assert f":{told['--port']}/health" in service["healthcheck"]["test"][-1]
    assert told["--share"] == told["--gpu-memory-utilization"]
    # Where vLLM looks for what `shopdesk models download` stored as the hub's library does.
    assert service["volumes"] == ["weights:/root/.cache/huggingface/hub"]
    assert (service["restart"], service["entrypoint"]) == ("on-failure:3", ["python3", "/start_model.py"])


def test_the_models_fit_on_the_smallest_card_the_page_says_and_start_one_after_the_other() -> None:
    told = [flags(f"model{number}") for number in (1, 2)]
    known = tomllib.loads((REPOSITORY / "scripts" / "sizing" / "known.toml").read_text())["model"]
    weights = {one["name"]: one["total"] / 2**30 for one in known}
    names = [started("gpu")["shop"]["environment"][f"MODEL{number}_NAME"] for number in (1, 2)]

    assert sum(float(one["--share"]) for one in told) <= 0.98
    for one, name in zip(told, names, strict=True):
        assert weights[name] + 2 < float(one["--needs"]) <= float(one["--share"]) * SMALLEST_CARD_GIB
    assert ("--after" in told[0], told[1]["--after"]) == (False, "http://model1:8081/health")


def test_the_vllm_image_and_the_pins_are_those_the_gpu_extra_allows() -> None:
    [extra] = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["optional-dependencies"]["gpu"]

    assert extra.startswith("vllm>=0.32,<0.33")
    assert {SERVICES[f"model{number}"]["image"] for number in (1, 2)} == {"vllm/vllm-openai:v0.32.0"}
    # vLLM 0.32 wants mistral-common, and that a numpy before 2.4 where Python is older than 3.13.
    assert tuple(map(int, PINNED["numpy"].split(".")[:2])) < (2, 4)
    # vLLM 0.32 wants a FastAPI before 0.137; its router takes any.
    assert tuple(map(int, PINNED["fastapi"].split(".")[:2])) < (0, 137)


def test_the_second_model_gets_a_template_that_knows_tools() -> None:
    file = REPOSITORY / COMPOSE["configs"]["qwen2_5_vl_tools"]["file"]

    assert (file.parent, "for tool in tools" in file.read_text()) == (TEMPLATES, True)
    assert flags("model2")["--chat-template"] in [one["target"] for one in SERVICES["model2"]["configs"]]


def test_two_shops_share_database_handbook_key_and_models_behind_one_proxy() -> None:
    services = started("scale")
    told = services["shop2"]["environment"]
    proxy = (REPOSITORY / COMPOSE["configs"]["haproxy"]["file"]).read_text()

    assert told == services["shop"]["environment"]
    assert told["DATABASE_URL"] == "postgresql+asyncpg://shopdesk:shopdesk@postgres:5432/shopdesk"
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"] == "shopdesk"
    assert services["chroma"]["image"] == f"chromadb/chroma:{PINNED['chromadb']}"
    assert told["CHROMA_URL"] == "http://chroma:8000"
    assert [name in services["shop2"]["command"][-1] for name in ("/shop/secret.key", "/shop/models.toml")] == [
        True
    ] * 2
    assert services["proxy"]["ports"] == ["127.0.0.1:3000:3000", "127.0.0.1:8100:8100"]
    assert services["shop"]["ports"] == ["127.0.0.1:3011:3000", "127.0.0.1:8111:8100"]
    addresses = services["proxy"]["environment"]
    assert set(re.findall(r'"\$\{(\w+)\}"', proxy)) == set(addresses)
    assert [addresses[f"{part}{number}"] for part in ("PAGE", "TOOLS") for number in (1, 2)] == [
        *("shop:3000", "shop2:3000"),
        *("shop:8100", "shop2:8100"),
    ]
    assert "ports" not in services["shop2"]


@pytest.mark.parametrize("number", [1, 2])
def test_vllms_router_stands_in_front_of_the_replicas_of_a_model(number: int) -> None:
    services = started("scale")
    port = 8080 + number

    assert services["shop"]["environment"][f"MODEL{number}_BASE_URL"] == f"http://router{number}:{port}/v1"
    assert f"--port {port} " in services[f"router{number}"]["command"]
    assert services[f"router{number}"]["command"].endswith(f'http://shop:{port} http://shop2:{port}"')
    assert services["shop"]["environment"][f"MODEL{number}_NAME"] == MODELS[number - 1]


def test_prometheus_has_the_jobs_and_rules_of_the_monitoring_page_and_traces_have_a_collector() -> None:
    ours = yaml.safe_load((CONTAINERS / "prometheus.yml").read_text())
    page = yaml.safe_load((REPOSITORY / "docs" / "monitoring" / "prometheus.yml").read_text())
    services = started("observability")

    assert ours["rule_files"] == page["rule_files"]
    assert [one["job_name"] for one in ours["scrape_configs"]] == [one["job_name"] for one in page["scrape_configs"]]
    assert [one["dns_sd_configs"][0]["port"] for one in ours["scrape_configs"]] == [3000, 8100]
    assert services["shop"]["environment"]["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://collector:4318"
    assert services["grafana"]["network_mode"] == "service:prometheus"
    assert "127.0.0.1:3001:3001" in services["prometheus"]["ports"]


def test_the_image_runs_the_shop_as_a_user_without_rights_on_its_own_data() -> None:
    lines = DOCKERFILE.splitlines()
    environment = next(line for line in lines if line.startswith("ENV "))

    assert lines.index("USER shopdesk") < lines.index('CMD ["shopdesk", "up"]')
    assert "SHOPDESK_HOME=/data HOST=0.0.0.0" in environment
    assert SERVICES["shop"]["volumes"] == ["shop:/data"]
    assert SERVICES["shop"]["container_name"] == SERVICES["shop"]["environment"]["SHOPDESK_CONTAINER"]
    assert "pip install --no-cache-dir -c constraints.txt ." in DOCKERFILE


@pytest.mark.parametrize("kept_out", [".git", ".venv", "var", ".env*"])
def test_the_image_holds_no_history_no_data_and_no_secrets(kept_out: str) -> None:
    assert kept_out in (REPOSITORY / ".dockerignore").read_text().splitlines()
