"""`shopdesk mcp --bundle` writes what a desktop client installs: small, read-only by default, without data."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any, get_args

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from scripts.clients.bundle import ENVIRONMENT, USER_CONFIG, manifest, packed_sources
from storage.db import Sessions
from storage.settings import REPOSITORY, Settings, Toolset
from tests.node.programs import node_programs
from tests.scripts.command import shopdesk
from tests.test_layout import tracked

SERVER_JSON: dict[str, Any] = json.loads((REPOSITORY / "mcp_servers" / "server.json").read_text())


def unpacked(folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(packed_sources())) as archive:
        archive.extractall(folder)
    return folder


def configured(home: Path, **chosen: str) -> dict[str, str]:
    """The environment a client makes of its user's choices, the defaults among them."""
    values = {key: str(option.get("default", "")) for key, option in USER_CONFIG.items()} | {"home": str(home)}
    lowered = {key: value.lower() if value in {"True", "False"} else value for key, value in (values | chosen).items()}
    return dict(os.environ) | {name: lowered[key] for name, key in ENVIRONMENT.items()}


async def tools_of(command: str, *arguments: str, folder: Path, environment: dict[str, str]) -> dict[str, bool]:
    """Start the bundle's server; return its tools, and whether each only reads."""
    parameters = StdioServerParameters(command=command, args=list(arguments), env=environment, cwd=str(folder))
    async with Client(stdio_client(parameters)) as client:
        tools = (await client.list_tools()).tools
    return {tool.name: bool(tool.annotations and tool.annotations.read_only_hint) for tool in tools}


def test_the_same_sources_are_the_same_bundle_and_hold_nothing_else(tmp_path: Path) -> None:
    folder = unpacked(tmp_path)

    packed = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    ours = {path.relative_to(REPOSITORY) for path in tracked("*")}
    assert packed - ours == {Path("manifest.json")}
    assert packed_sources() == packed_sources()
    assert len(packed_sources()) < 2_500_000


@pytest.mark.slow
async def test_the_unpacked_bundle_serves_reads_alone_until_its_user_says_otherwise(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    folder = unpacked(tmp_path / "bundle")
    command = (sys.executable, "-m", "mcp_servers")

    usual = await tools_of(*command, folder=folder, environment=configured(settings.shopdesk_home))
    writing = configured(settings.shopdesk_home, read_only="false", toolset="support")
    chosen = await tools_of(*command, folder=folder, environment=writing)

    assert usual
    assert all(usual.values())
    assert "cancel_order" in chosen
    assert "recommend_products" not in chosen


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not installed, which runs the bundle")
async def test_uv_installs_the_bundle_and_starts_it(settings: Settings, sessions: Sessions, tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "bundle")
    started = manifest()["server"]["mcp_config"]
    arguments = [argument.replace("${__dirname}", str(folder)) for argument in started["args"]]
    environment = configured(settings.shopdesk_home)
    environment.pop("VIRTUAL_ENV", None)

    tools = await tools_of(started["command"], *arguments, folder=tmp_path, environment=environment)

    assert tools
    assert all(tools.values())


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_clients_own_program_finds_the_manifest_valid(tmp_path: Path) -> None:
    programs = node_programs()

    subprocess.run([sys.executable, "-m", "scripts", "mcp", "--bundle"], cwd=tmp_path, check=True, timeout=60)
    path = tmp_path / f"shopdesk-{version('shopdesk')}.mcpb"
    for arguments in (["unpack", str(path), str(tmp_path / "u")], ["validate", str(tmp_path / "u" / "manifest.json")]):
        subprocess.run(programs.command("mcpb", *arguments), check=True, timeout=60)

    assert sorted(file.name for file in tmp_path.iterdir()) == [path.name, "u"]


def test_secrets_are_marked_and_every_option_reaches_the_server() -> None:
    assert set(ENVIRONMENT.values()) == set(USER_CONFIG)
    assert {key for key, option in USER_CONFIG.items() if option.get("sensitive")} == {"token", "database_url"}
    assert USER_CONFIG["read_only"]["default"] is True
    assert [name for name in ENVIRONMENT if name.lower() not in Settings.model_fields] == []
    assert (REPOSITORY / manifest()["icon"]).exists()
    assert (REPOSITORY / manifest()["server"]["entry_point"]).exists()


async def test_a_folder_that_cannot_be_written_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/proc")

    outcome = await shopdesk("mcp", "--bundle")

    assert outcome.code == 2
    assert re.fullmatch(r"shopdesk: /proc/shopdesk-.*\.mcpb was not written: .*\n", outcome.complained)


def test_the_registry_entry_says_what_the_project_says() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    [package] = SERVER_JSON["packages"]
    variables = {variable["name"]: variable for variable in package["environmentVariables"]}

    assert (SERVER_JSON["version"], package["version"], package["identifier"]) == (
        project["version"],
        project["version"],
        project["name"],
    )
    assert f"mcp-name: {SERVER_JSON['name']}" in (REPOSITORY / "README.md").read_text()
    assert set(variables) == set(ENVIRONMENT)
    assert variables["SHOPDESK_TOOLSET"]["choices"] == list(get_args(Toolset))
    assert {name for name, variable in variables.items() if variable.get("isSecret")} == {
        "SHOPDESK_TOKEN",
        "DATABASE_URL",
    }


def test_the_registry_entry_keeps_the_registrys_rules() -> None:
    """Schema 2025-12-11: https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json."""
    [package] = SERVER_JSON["packages"]

    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", SERVER_JSON["name"])
    assert 1 <= len(SERVER_JSON["description"]) <= 100
    assert set(package) >= {"registryType", "identifier", "transport"}
    assert package["transport"] == {"type": "stdio"}
    assert {argument["type"] for argument in package["packageArguments"]} <= {"positional", "named"}
