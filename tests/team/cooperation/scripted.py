"""Models that say what a test wants, each at its own address, and the tasks that ask them."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from storage.db import Sessions
from storage.settings import Settings
from storage.tokens import Caller
from team.cooperation.asked import Asked
from team.cooperation.tasks import Tasks
from team.models.models import Models
from team.pool import open_pool
from team.tools.servers import ToolServers
from team.turn.steps import Steps
from tests.team.serving import address, listening, serving

Speak = Callable[[str, dict[str, Any]], Awaitable[str | Response]]
"""What a model says to a request; a response of its own instead, where it misbehaves."""

OWNER = "staff_1"
CALLER = Caller(OWNER, True, frozenset())


def heard(body: Mapping[str, Any], role: str = "user") -> str:
    """Return all that a request says in one role."""
    return "\n".join(str(one.get("content")) for one in body["messages"] if one["role"] == role)


def build_models(speak: Speak) -> Starlette:
    """Return a server of any number of models: the path says which one is asked."""

    async def complete(request: Request) -> Response:
        body = await request.json()
        said = await speak(request.path_params["model"], body)
        return said if isinstance(said, Response) else _streamed(body, said)

    async def listed(_: Request) -> Response:
        return JSONResponse({"object": "list", "data": []})

    return Starlette(
        routes=[
            Route("/{model}/v1/chat/completions", complete, methods=["POST"]),
            Route("/{model}/v1/models", listed),
        ]
    )


def _streamed(body: dict[str, Any], text: str) -> Response:
    head = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": body["model"]}
    usage = {"prompt_tokens": len(json.dumps(body)) // 4, "completion_tokens": len(text) // 4, "total_tokens": 0}
    pieces = [
        {**head, "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]},
        {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {**head, "choices": [], "usage": usage},
    ]
    lines = [f"data: {json.dumps(piece)}\n\n" for piece in pieces]
    return StreamingResponse(iter([*lines, "data: [DONE]\n\n"]), media_type="text/event-stream")


def models_toml(url: str, names: tuple[str, ...]) -> str:
    """Return a models.toml with these models, the first of which speaks for every role."""
    endpoints = [f'[endpoints.{name}]\nbase_url = "{url}/{name}/v1"\nmodel = "{name}"\n' for name in names]
    roles = ("router", "product_advisor", "vision", "orders", "returns", "policies", "tickets")
    return "\n".join([*endpoints, *(f'[roles.{role}]\nendpoint = "{names[0]}"\n' for role in roles)])


@asynccontextmanager
async def open_tasks(
    settings: Settings, sessions: Sessions, speak: Speak, names: tuple[str, ...] = ("a", "b", "c")
) -> AsyncIterator[Tasks]:
    """Serve these models, and work on tasks that ask them."""
    socket = listening()
    (settings.shopdesk_home / "models.toml").write_text(models_toml(address(socket), names))
    async with serving((build_models(speak), socket)), open_pool() as pool:
        models = Models(settings, pool)
        servers = ToolServers(settings.public_mcp_url, pool, lambda *_: "")
        tasks = Tasks(sessions, models, servers, Steps(sessions))
        working = asyncio.create_task(tasks.worker.run())
        try:
            yield tasks
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            await tasks.worker.close()
            await servers.close()
            await models.close()


async def ask(tasks: Tasks, query: str, mode: str, **more: object) -> dict[str, Any]:
    """Ask a task without tools, and return it when it has ended."""
    asked = Asked.model_validate({"query": query, "mode": mode, "tools": (), **more})
    task_id = await tasks.begin(OWNER, CALLER, asked)
    return await tasks.wait(task_id, OWNER, 30)


async def kinds(tasks: Tasks, task_id: str) -> list[str]:
    """Return the kinds of a task's steps."""
    return [step.kind async for step in tasks.follow(task_id, 0)]
