"""A role's model is swapped while the shop is busy: no call is lost, and those after the edit go to the new one."""

import asyncio
import os

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.settings import Settings
from team.models.models import Models
from team.pool import open_pool
from tests.team.serving import address, listening, serving

CALLS, SWAPS, A_SECOND = 60, 6, 60


def served_as(name: str) -> Starlette:
    """A model server that takes a moment, and answers for no other model than its own."""

    async def chat(request: Request) -> Response:
        if (await request.json())["model"] != name:
            return JSONResponse({"error": {"message": "no such model"}}, status_code=404)
        await asyncio.sleep(0.02)
        choice = {"index": 0, "message": {"role": "assistant", "content": "Yes."}, "finish_reason": "stop"}
        return JSONResponse({"id": "x", "object": "chat.completion", "created": 1, "model": name, "choices": [choice]})

    return Starlette(routes=[Route("/v1/chat/completions", chat, methods=["POST"])])


async def test_no_call_is_lost_while_models_toml_names_one_model_after_the_other(settings: Settings) -> None:
    listeners = [listening(), listening()]
    served = [(served_as(f"m{number}"), one) for number, one in enumerate(listeners)]
    path = settings.shopdesk_home / "models.toml"

    def write(number: int) -> None:
        text = (
            f'[endpoints.thinker]\nbase_url = "{address(listeners[number % 2])}/v1"\nmodel = "m{number % 2}"\n'
            f"context_tokens = {16_000 + number}\n"
            '[roles.orders]\nendpoint = "thinker"\nfallback = ""\n'
        )
        path.with_suffix(".new").write_text(text)
        os.utime(path.with_suffix(".new"), ns=(number + 1, number + 1))
        path.with_suffix(".new").replace(path)

    write(0)
    answered: list[tuple[str, str]] = []
    async with serving(*served), open_pool() as pool:
        models = Models(settings, pool)

        async def call(number: int) -> None:
            await asyncio.sleep(number / A_SECOND)
            model = models.for_role("orders")
            reply = await models.openai(model.endpoint).chat.completions.create(
                model=model.endpoint.model, messages=[{"role": "user", "content": "Hello"}]
            )
            answered.append((model.endpoint.model, reply.model))

        async def swap() -> None:
            for number in range(1, SWAPS + 1):
                await asyncio.sleep(CALLS / A_SECOND / (SWAPS + 1))
                write(number)

        async with asyncio.timeout(60):
            found = await asyncio.gather(*map(call, range(CALLS)), swap(), return_exceptions=True)
        last = models.for_role("orders").endpoint.context_tokens
        await models.close()

    assert [one for one in found if one is not None] == []
    assert len(answered) == CALLS
    assert all(asked == told for asked, told in answered)
    assert {asked for asked, _ in answered} == {"m0", "m1"}
    assert last == 16_000 + SWAPS
