"""`shopdesk models`: what is in use, whether it works, and who speaks for a role."""

import json
import os
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from storage.settings import Settings
from team.standin.server import build_app
from tests.scripts.command import shopdesk
from tests.team.faulty import Fault, Faulty, says, status
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import MODELS, NAMES

KEY = "sk-very-secret"


@pytest.fixture
async def slices(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[Faulty]]:
    """Both stand-ins, served, and a models.toml that names them."""
    (settings.shopdesk_home / "models.toml").write_text(MODELS.read_text())
    apps = [Faulty(build_app(name)) for name in NAMES]
    served = [(app, listening()) for app in apps]
    for number, (_, listener) in enumerate(served, start=1):
        monkeypatch.setenv(f"MODEL{number}_BASE_URL", f"{address(listener)}/v1")
    async with serving(*served):
        yield apps


def says_no(message: str, *, of_pictures: bool = False) -> Fault:
    """Refuse requests in these words, or only those with a picture."""

    async def refuse(request: Request) -> Response | None:
        if of_pictures and "image_url" not in (await request.body()).decode():
            return None
        return JSONResponse({"error": {"message": message}}, status_code=400)

    return refuse


def writes(text: str, *, of_pictures: bool = False) -> Fault:
    """Answer with these words whatever is asked, or only what has a picture."""

    async def write(request: Request) -> Response | None:
        asked = await request.json()
        if asked.get("stream") or (of_pictures and "image_url" not in json.dumps(asked)):
            return None
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
        head = {"id": "x", "object": "chat.completion", "created": 0, "model": asked["model"]}
        return JSONResponse({**head, "choices": [choice]})

    return write


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


async def test_test_says_what_to_set_where_something_fails(slices: list[Faulty]) -> None:
    slices[1].fault = says_no('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set')

    tried = await shopdesk("models", "test", "orders")

    assert tried.code == 1
    assert "✓ answers" in tried.said
    assert "--enable-auto-tool-choice --tool-call-parser hermes" in tried.said
    assert NAMES[0] not in tried.said


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


async def test_test_of_a_server_that_only_fails_tells_its_error_and_guesses_no_setting(slices: list[Faulty]) -> None:
    slices[1].fault = status(500)

    tried = await shopdesk("models", "test", "orders")

    assert "✗ tool call: Error code: 500" in tried.said
    assert not {"--tool-call-parser", "vision = false", "api_key_env"} & set(tried.said.split())


@pytest.mark.parametrize(
    ("written", "parser"),
    [
        ('<tool_call>{"name": "get_order"}</tool_call>', "hermes"),
        ('[TOOL_CALLS][{"name": "get_order"}]', "mistral"),
        ('<|python_tag|>{"name": "get_order", "parameters": {}}', "llama3_json"),
        ("<function=get_order>", "qwen3_coder"),
    ],
)
async def test_a_call_that_nobody_parsed_is_told_with_the_parser_for_how_it_was_written(
    slices: list[Faulty], written: str, parser: str
) -> None:
    slices[1].fault = writes(written)

    tried = await shopdesk("models", "test", "orders")

    assert f"--tool-call-parser {parser}\n" in tried.said


async def test_a_model_that_only_reads_is_told_to_be_no_eyes(slices: list[Faulty]) -> None:
    slices[1].fault = says_no("At most 0 image(s) may be provided in one prompt.", of_pictures=True)
    refused = await shopdesk("models", "test", "slice2")
    slices[1].fault = writes("I cannot see any picture.", of_pictures=True)
    unseen = await shopdesk("models", "test", "slice2")

    assert all("set vision = false for this endpoint" in tried.said for tried in (refused, unseen))
    assert "it said 'I cannot see any picture.': it does not see" in unseen.said


async def test_a_refused_key_is_told_with_the_variable_it_comes_from(slices: list[Faulty]) -> None:
    slices[1].fault = status(401)

    tried = await shopdesk("models", "test", "slice2")

    assert "; its key comes from MODEL2_API_KEY" in tried.said


async def test_a_cold_server_is_warmed_up_before_it_is_tried(slices: list[Faulty]) -> None:
    tried = await shopdesk("models", "test", "slice1")

    assert slices[0].asked[0]["max_tokens"] == 1
    assert "✓ answers: the model is served; its first reply took " in tried.said


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

    assert used.said == "orders: slice2 → slice1, fallback slice2\n"
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
    assert ("vision" in second.partition("in place of others:")[2]) is looks


async def test_what_an_endpoint_says_cannot_move_the_terminal(slices: list[Faulty]) -> None:
    async def obeyed(_: Request) -> Response:
        return JSONResponse({"error": {"message": "\x1b[2J\x9b31mno \u202eway"}}, status_code=400)

    slices[0].fault = obeyed

    tried = await shopdesk("models", "test", "slice1")

    assert "no way" in tried.said
    assert not {"\x1b", "\x9b", "\u202e"} & set(tried.said)
