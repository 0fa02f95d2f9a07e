"""What a server lists is held against models.toml, and the setting that mends it is named."""

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from storage.endpoints import Endpoint
from storage.settings import Settings
from team.models.load import read_load
from team.models.served import misfits
from tests.team.serving import address, listening, serving

VLLM = {"object": "list", "data": [{"id": "m", "object": "model", "owned_by": "vllm", "max_model_len": 8192}]}


async def told(settings: Settings, listed: object, **configured: object) -> list[str]:
    """What is said of an endpoint whose server lists this."""

    async def models(_: Request) -> Response:
        return PlainTextResponse(listed) if isinstance(listed, str) else JSONResponse(listed)

    listener = listening()
    endpoint = Endpoint.model_validate({"base_url": f"{address(listener)}/v1", "model": "m", **configured})
    async with (
        serving((Starlette(routes=[Route("/v1/models", models)]), listener)),
        httpx2.AsyncClient() as http,
    ):
        load = await read_load(http, endpoint)
    assert load.reachable
    return misfits("one", endpoint, load.served, settings)


async def test_a_server_that_has_what_is_configured_is_well(settings: Settings) -> None:
    assert await told(settings, VLLM, context_tokens=8192) == []


@pytest.mark.parametrize(
    "listed", ["<html>hello</html>", [], {"data": []}, {"data": [{"name": "m"}]}, {"models": ["m"]}]
)
async def test_of_a_server_that_lists_nothing_that_can_be_read_nothing_is_said(
    settings: Settings, listed: object
) -> None:
    assert await told(settings, listed) == []


async def test_a_prompt_longer_than_the_server_takes_is_told_with_the_number_to_set(settings: Settings) -> None:
    [problem] = await told(settings, VLLM, context_tokens=16_384)

    assert problem.startswith("it takes 8192 tokens (max_model_len), and context_tokens is 16384: ")
    assert "set context_tokens = 8192 in [endpoints.one] of models.toml" in problem


async def test_another_name_is_told_with_where_the_configured_one_comes_from(settings: Settings) -> None:
    [from_file] = await told(settings, VLLM, model="other", slice=1)
    named = settings.model_copy(update={"model1_name": "other"})
    [from_environment] = await told(named, VLLM, model="other", slice=1)

    assert from_file == "it serves m, and not other: set model in [endpoints.one] of models.toml to a name it serves"
    assert from_environment == "it serves m, and not other: set MODEL1_NAME to a name it serves"
