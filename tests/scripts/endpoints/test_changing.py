"""`shopdesk models add`, `preset`, `default`, `remove`, `undo`: the file changes as told, and nothing else does."""

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from scripts.commands.models import app
from storage.settings import CannotStartError, Settings
from tests.scripts.command import shopdesk
from tests.team.faulty import Faulty
from tests.team.shopfloor import MODELS, NAMES

SHIPPED = MODELS.read_text()
COMMENTS = [line for line in SHIPPED.splitlines() if line.startswith("#")]


def file_of(settings: Settings) -> Path:
    return settings.shopdesk_home / "models.toml"


def found(settings: Settings) -> dict[str, Any]:
    return tomllib.loads(file_of(settings).read_text())


def endpoints_of_roles(settings: Settings) -> dict[str, Any]:
    return {name: role["endpoint"] for name, role in found(settings)["roles"].items()}


async def test_a_preset_for_every_role_is_one_line_and_undone_with_one(settings: Settings) -> None:
    added = await shopdesk("models", "preset", "openai", "--roles", "all")
    written, roles = file_of(settings).read_text(), endpoints_of_roles(settings)
    undone = await shopdesk("models", "undo")

    assert (added.code, undone.code) == (0, 0)
    assert "Added openai: gpt-4.1-mini at https://api.openai.com/v1" in added.said
    assert "router: slice1 → openai" in added.said
    assert "OPENAI_API_KEY is not set yet" in added.said
    assert "Undo: shopdesk models undo" in added.said
    assert set(roles.values()) == {"openai"}
    assert [line for line in written.splitlines() if line.startswith("#")] == COMMENTS
    assert file_of(settings).read_text() == SHIPPED


async def test_an_endpoint_is_added_with_the_one_model_its_server_has(settings: Settings, slices: list[Faulty]) -> None:
    url = os.environ["MODEL1_BASE_URL"]

    added = await shopdesk("models", "add", "fast", "--base-url", f"{url}/chat/completions", "--roles", "router")

    assert added.code == 0
    assert found(settings)["endpoints"]["fast"] == {"base_url": url, "model": NAMES[0]}
    assert endpoints_of_roles(settings)["router"] == "fast"
    assert list(found(settings)["endpoints"]) == ["slice1", "slice2", "fast"]


async def test_default_gives_every_role_several_and_removing_one_leaves_the_other(settings: Settings) -> None:
    await shopdesk("models", "preset", "deepseek", "--model", "a-model")
    both = await shopdesk("models", "default", "slice1", "deepseek")
    roles = endpoints_of_roles(settings)
    removed = await shopdesk("models", "remove", "slice1", "--instead", "slice2")

    assert "vision: left alone, since slice1, deepseek does not see pictures" in both.said
    assert (roles["orders"], roles["vision"]) == (["slice1", "deepseek"], "slice1")
    assert "vision: slice1 → slice2" in removed.said
    assert (endpoints_of_roles(settings)["orders"], endpoints_of_roles(settings)["vision"]) == ("deepseek", "slice2")
    assert "slice1" not in found(settings)["endpoints"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("add", "a/b", "--base-url", "http://h/v1", "--model", "m"), "'a/b' cannot be an endpoint's name"),
        (("add", "slice1", "--base-url", "http://h/v1", "--model", "m"), "already has an endpoint slice1"),
        (("add", "x", "--base-url", "localhost:8000", "--model", "m"), "it is not an http:// or https:// address"),
        (("add", "x", "--base-url", "http://h:port/v1", "--model", "m"), "cannot be an endpoint's address"),
        (("add", "x", "--base-url", "http://me:sk-very@h/v1", "--model", "m"), "a key belongs into the variable"),
        (("add", "x", "--base-url", "http://127.0.0.1:9/v1"), "with --model: nothing answers there"),
        (("add", "x", "--base-url", "http://h/v1", "--model", "m", "--key-env", "sk-very"), "not the key itself"),
        (("add", "x", "--base-url", "http://h/v1", "--model", "m", "--roles", "ordrs"), "has no role ordrs"),
        (("add", "x", "--base-url", "http://h/v1", "--model", "m", "--no-vision", "--roles", "vision"), "not see"),
        (("preset", "opnai"), "There is no preset opnai; there are: openai, anthropic"),
        (("preset", "azure"), "Azure OpenAI needs --base-url and --model"),
        (("default", "nope"), "has no endpoint nope; it has: slice1, slice2."),
        (("remove", "slice2"), "slice2 is the only endpoint of orders, returns, policies, tickets."),
        (("undo",), "There is nothing to undo"),
    ],
)
def test_what_cannot_be_is_said_in_one_line_and_changes_nothing(
    settings: Settings, arguments: tuple[str, ...], complaint: str
) -> None:
    file_of(settings).write_text(SHIPPED)

    refused = CliRunner().invoke(app, arguments).exception

    assert isinstance(refused, CannotStartError)
    assert complaint in str(refused)
    assert "\n" not in str(refused)
    assert "sk-very" not in str(refused)
    assert file_of(settings).read_text() == SHIPPED


async def test_a_broken_file_is_not_made_worse(settings: Settings) -> None:
    file_of(settings).write_text("[endpoints\n")

    refused = await shopdesk("models", "preset", "openai")

    assert (refused.code, file_of(settings).read_text()) == (2, "[endpoints\n")
    assert "models.toml cannot be used" in refused.complained
