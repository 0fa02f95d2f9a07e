"""`shopdesk models`: what is in use, whether it works, and who speaks for a role."""

import os
import tomllib
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from storage.settings import Settings
from tests.scripts.command import shopdesk
from tests.team.faulty import Fault, Faulty, says, status
from tests.team.shopfloor import MODELS, NAMES

KEY = "sk-very-secret"


def file_of(settings: Settings) -> Path:
    return settings.shopdesk_home / "models.toml"


async def test_list_shows_every_endpoint_and_never_a_key(slices: list[Faulty], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL1_API_KEY", KEY)

    listed = await shopdesk("models", "list")

    first, second = [line for line in listed.said.splitlines() if line.startswith("slice")]
    assert ("MODEL1_API_KEY set" in first, "MODEL2_API_KEY not set" in second) == (True, True)
    assert all(part in first for part in (NAMES[0], "stand-in", "0 running, 0 waiting, KV cache 0%", "router"))
    assert KEY not in listed.said + listed.complained


async def test_test_asks_for_everything_the_team_needs(slices: list[Faulty]) -> None:
    tried = await shopdesk("models", "test")

    assert tried.code == 0
    assert "✗" not in tried.said
    assert [line.split()[1] for line in tried.said.splitlines()].count("✓") == 0
    assert tried.said.count("✓") == 10


def refuses(*fields: str) -> Fault:
    """Answer a request that has one of these fields as OpenAI does where it does not know one."""

    async def refuse(request: Request) -> Response | None:
        asked = await request.json()
        strict = [tool["function"] for tool in asked.get("tools", []) if "strict" in tool["function"]]
        sent = {
            *asked,
            *(["strict"] if strict else []),
            *(["required"] if asked.get("tool_choice") == "required" else []),
        }
        found = sent & set(fields)
        return JSONResponse({"error": {"message": f"Unsupported parameter: {found}"}}, 400) if found else None

    return refuse


async def test_test_finds_out_what_an_endpoint_takes_and_keeps_it_beside_the_comments(
    slices: list[Faulty], settings: Settings
) -> None:
    slices[1].fault = refuses("max_tokens", "parallel_tool_calls", "logprobs", "required")

    tried = await shopdesk("models", "test", "slice2")

    assert "takes strict, temperature, stream_options, max_completion_tokens" in tried.said
    written = file_of(settings).read_text()
    found = tomllib.loads(written)["endpoints"]
    assert found["slice2"]["takes"] == ["strict", "temperature", "stream_options", "max_completion_tokens"]
    assert "takes" not in found["slice1"]
    assert [line for line in MODELS.read_text().splitlines() if line not in written.splitlines()] == []


async def test_what_an_endpoint_refuses_is_not_sent_to_it_after_it_was_tried(slices: list[Faulty]) -> None:
    slices[0].fault = refuses(
        "max_tokens", "temperature", "strict", "stream_options", "logprobs", "parallel_tool_calls"
    )
    await shopdesk("models", "test", "slice1")
    slices[0].asked.clear()

    tried = await shopdesk("models", "test", "slice1")

    assert tried.code == 0
    assert "✗" not in tried.said


async def test_what_an_endpoint_takes_is_not_forgotten_while_it_fails(slices: list[Faulty], settings: Settings) -> None:
    slices[1].fault = status(503)

    await shopdesk("models", "test", "slice2")

    assert file_of(settings).read_text() == MODELS.read_text()


async def test_list_says_what_to_set_where_a_server_has_another_model(
    slices: list[Faulty], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL2_NAME", "some/other")

    listed = await shopdesk("models", "list")

    assert f"✗ slice2: it serves {NAMES[1]}, and not some/other: set MODEL2_NAME to a name it serves" in listed.said
    assert "✗ slice1" not in listed.said


async def test_test_of_an_endpoint_that_is_down_says_so_once(settings: Settings) -> None:
    file_of(settings).write_text(MODELS.read_text().replace("808", "1"))

    tried = await shopdesk("models", "test", "slice1")

    assert (tried.code, tried.said.count("✗")) == (1, 1)
    assert "is it running" in tried.said


async def test_use_changes_who_speaks_and_keeps_the_rest_of_the_file(settings: Settings) -> None:
    path = file_of(settings)
    path.write_text(MODELS.read_text())
    os.chmod(path, 0o600)

    used = await shopdesk("models", "use", "orders", "slice1", "--fallback", "slice2")

    assert used.said == "orders: slice2 → slice1, fallback slice2\nUndo: shopdesk models undo\n"
    assert tomllib.loads(path.read_text())["roles"]["orders"] == {"endpoint": "slice1", "fallback": "slice2"}
    kept = [line for line in MODELS.read_text().splitlines() if line.startswith("#")]
    assert [line for line in path.read_text().splitlines() if line.startswith("#")] == kept
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("use", "nobody", "slice1"), "models.toml has no role nobody; it has: router,"),
        (("use", "orders", "slice9"), "models.toml has no endpoint slice9; it has: slice1, slice2."),
        (("use", "orders", "slice1", "--fallback", "slice9"), "models.toml has no endpoint slice9"),
        (("test", "slice9"), "models.toml has no endpoint or role slice9"),
    ],
)
async def test_a_name_that_is_not_there_is_told_with_those_that_are(
    settings: Settings, arguments: tuple[str, ...], complaint: str
) -> None:
    file_of(settings).write_text(MODELS.read_text())

    refused = await shopdesk("models", *arguments)

    assert refused.code == 2
    assert complaint in refused.complained
    assert file_of(settings).read_text() == MODELS.read_text()


async def test_a_file_that_cannot_be_used_is_told_without_its_key(settings: Settings) -> None:
    file_of(settings).write_text(
        f'[endpoints.one]\nbase_url = "http://x/v1"\nmodel = "m"\napi_kee = "{KEY}"\n[roles]\n'
    )

    refused = await shopdesk("models", "list")

    assert refused.code == 2
    assert "endpoints.one.api_kee" in refused.complained
    assert KEY not in refused.complained


async def test_a_choice_that_a_provider_does_not_know_is_told_with_one_that_works(
    slices: list[Faulty], settings: Settings
) -> None:
    path = file_of(settings)
    path.write_text(path.read_text().replace("slice = 1\n", 'slice = 1\nchoice = "tool"\n'))
    slices[1].fault = says("nothing")

    tried = await shopdesk("models", "test", "slice1")

    line = next(line for line in tried.said.splitlines() if "choice" in line)
    assert "✓ choice: tool" in line or 'set choice = "' in line


@pytest.mark.parametrize(("vision", "looks"), [("true", True), ("false", False)])
async def test_list_shows_which_endpoint_looks_at_photos_in_place_of_the_roles_own(
    settings: Settings, slices: list[Faulty], vision: str, looks: bool
) -> None:
    path = file_of(settings)
    path.write_text(path.read_text().replace("slice = 2\n", f"slice = 2\nvision = {vision}\n"))

    listed = await shopdesk("models", "list")

    [second] = [line for line in listed.said.splitlines() if line.startswith("slice2")]
    assert ("vision" in second.partition("fallback for:")[2]) is looks


async def test_list_shows_which_endpoints_vote_and_which_one_checks(settings: Settings, slices: list[Faulty]) -> None:
    path = file_of(settings)
    text = path.read_text().replace("[roles.policies]\n", '[roles.policies]\ncheck = "slice1"\n')
    alone, both = (
        '[roles.vision]\nendpoint = "slice1"',
        '[roles.vision]\nmode = "vote"\nendpoint = ["slice1", "slice2"]',
    )
    path.write_text(text.replace(alone, both))

    listed = await shopdesk("models", "list")

    first, second = (line for line in listed.said.splitlines() if line.startswith("slice"))
    assert "vision (votes)" in first
    assert "vision (votes)" in second
    assert "policies (checks)" in first
    assert "policies (checks)" not in second


async def test_what_an_endpoint_says_cannot_move_the_terminal(slices: list[Faulty]) -> None:
    async def obeyed(_: Request) -> Response:
        return JSONResponse({"error": {"message": "\x1b[2J\x9b31mno \u202eway"}}, status_code=400)

    slices[0].fault = obeyed

    tried = await shopdesk("models", "test", "slice1")

    assert "no way" in tried.said
    assert not {"\x1b", "\x9b", "\u202e"} & set(tried.said)
