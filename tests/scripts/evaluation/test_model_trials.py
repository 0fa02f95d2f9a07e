"""`shopdesk models test`: what fails is told with what was found, and with the setting that mends that."""

import json

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.scripts.command import shopdesk
from tests.team.faulty import Fault, Faulty, status
from tests.team.shopfloor import NAMES


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


async def test_test_says_what_to_set_where_something_fails(slices: list[Faulty]) -> None:
    slices[1].fault = says_no('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set')

    tried = await shopdesk("models", "test", "orders")

    assert tried.code == 1
    assert "✓ answers" in tried.said
    assert "--enable-auto-tool-choice --tool-call-parser hermes" in tried.said
    assert NAMES[0] not in tried.said


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
