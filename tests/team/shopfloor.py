"""A whole shop for a test: tool servers, two stand-ins, a desk, and what a customer does at it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.serve import build_app as build_tools
from storage.db import Sessions
from storage.settings import Settings
from team.desk.desk import Desk, open_desk
from team.standin.completion import Reply
from team.standin.mind import answer
from team.standin.raw import Raw
from team.standin.server import build_app as build_model
from team.standin.wire import ChatRequest
from team.turn.steps import Step
from tests.team.serving import address, listening, serving

MODELS = Path(__file__).parents[2] / "team" / "models.toml"
NAMES = ("Qwen/Qwen3-VL-8B-Instruct", "Qwen/Qwen2.5-VL-7B-Instruct")

Mind = Callable[[ChatRequest], Reply | Raw]
Around = Callable[[int, ASGIApp], ASGIApp]
"""Put something around the model server of this slice; slice 0 are the tools."""


def nothing(_: int, app: ASGIApp) -> ASGIApp:
    return app


@dataclass(frozen=True)
class Shopfloor:
    """A running shop, and one conversation at its desk."""

    settings: Settings
    sessions: Sessions
    desk: Desk
    patience_s: float = 30

    async def say(self, conversation_id: str, text: str, *image_ids: str) -> list[Step]:
        """Send a message and return the steps of its turn."""
        return await self._turn(conversation_id, self.desk.send(conversation_id, text, image_ids))

    async def press(self, conversation_id: str, question_id: str, *, yes: bool) -> list[Step]:
        """Press a button of the open question and return the steps of its turn."""
        return await self._turn(conversation_id, self.desk.answer(conversation_id, question_id, yes))

    async def _turn(self, conversation_id: str, begun: Awaitable[None]) -> list[Step]:
        before = len(await stored(self.desk, conversation_id))
        await begun
        async with asyncio.timeout(self.patience_s):
            await self.desk.idle(conversation_id)
        return (await stored(self.desk, conversation_id))[before:]


async def stored(desk: Desk, conversation_id: str) -> list[Step]:
    """Return the steps stored so far."""
    return await desk.steps.stored(conversation_id, 0)


@asynccontextmanager
async def open_shopfloor(
    settings: Settings, sessions: Sessions, mind: Mind = answer, delay_ms: float = 0, around: Around = nothing
) -> AsyncIterator[Shopfloor]:
    """Serve the tools and both models, and open a desk between them."""
    tools, *models = listening(), listening(), listening()
    settings = settings.model_copy(
        update={
            "public_mcp_url": address(tools),
            "model1_base_url": f"{address(models[0])}/v1",
            "model2_base_url": f"{address(models[1])}/v1",
        }
    )
    (settings.shopdesk_home / "models.toml").write_text(MODELS.read_text())
    played = [
        (around(number, build_model(name, mind, delay_ms)), listener)
        for number, (name, listener) in enumerate(zip(NAMES, models, strict=True), start=1)
    ]
    async with (
        serving((around(0, build_tools(server_names(), settings, sessions)), tools), *played),
        open_desk(settings, sessions) as desk,
    ):
        yield Shopfloor(settings, sessions, desk)


def only(steps: list[Step], kind: str) -> list[dict[str, Any]]:
    """Return the data of the steps of one kind."""
    return [step.data for step in steps if step.kind == kind]


def answer_of(steps: list[Step]) -> str:
    """Return what the customer was told last."""
    return answers_of(steps)[-1]


def answers_of(steps: list[Step]) -> list[str]:
    """Return all that the customer was told, a message each."""
    return [str(step.data["text"]) for step in steps if step.data.get("role") == "assistant"]
