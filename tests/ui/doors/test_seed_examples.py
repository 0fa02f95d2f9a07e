"""The commands that people know from the shop's forerunner, with a key or a token added and nothing else changed."""

import asyncio
import json
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from storage.db import Sessions
from storage.settings import Settings
from tests.factories import add_customer, add_order
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import open_shopfloor
from tests.ui.doors.programs import add_key
from ui.app import build_app

# A whole shop is served for each, and answers with its team.
pytestmark = pytest.mark.slow

REGISTER = """curl -s -X POST http://localhost:8000/auth/register \
 -H 'Content-Type: application/json' \
 -d '{"email":"test@example.com","password":"Passw0rd!","name":"Tester"}'"""
LOGIN = """curl -s -X POST http://localhost:8000/auth/login \
 -H 'Content-Type: application/json' \
 -d '{"email":"test@example.com","password":"Passw0rd!"}'"""
CONVERSATIONS = """curl -s http://localhost:8000/conversations \
 -H "Authorization: Bearer $TOKEN" """
MODELS = "curl http://localhost:8000/v1/models"
COMPLETION = """curl -X POST http://localhost:8000/v1/chat/completions \
  -H "Content-Type: application/json" \
  -d '{"model":"ecommerce-agent-merged","messages":[{"role":"user","content":"환불 정책 알려줘"}]}'"""
HEALTH = "curl http://localhost:8000/healthz"
TICKET = """curl -X POST http://localhost:8000/tickets -H "Content-Type: application/json" \
 -d '{"user_id":"user_001","order_id":"W1042","issue_type":"refund", \
 "description":"한 개가 깨졌어요","priority":"high"}'"""
CHAT = """curl -X POST http://localhost:8000/chat -H "Content-Type: application/json" \
 -d '{"user_id":"user_001","message":"내 주문 어디쯤 왔어?"}'"""


@dataclass(frozen=True)
class Reader:
    """Somebody who pastes the commands, with their customer's key."""

    url: str
    key: str

    async def paste(self, command: str, *, key: bool = False, token: str = "") -> Any:  # noqa: ANN401 - JSON of any shape
        """Run a command in a shell, at this shop's address, with the key added where asked."""
        command = command.replace("http://localhost:8000", self.url)
        if key:
            command += f' -H "Authorization: Bearer {self.key}"'
        process = await asyncio.create_subprocess_exec(
            "bash", "-c", f"{command} --fail-with-body -sS", env={"TOKEN": token}, stdout=PIPE, stderr=PIPE
        )
        printed, complained = await process.communicate()
        assert (process.returncode, complained.decode()) == (0, ""), printed.decode()
        return json.loads(printed)


@pytest.fixture
async def reader(settings: Settings, sessions: Sessions) -> AsyncIterator[Reader]:
    """A customer of a shop that is served whole, where everybody may register."""
    listener = listening()
    customer = await add_customer(sessions, id="user_001", language="ko")
    await add_order(sessions, id="#W1042", customer_id=customer.id)
    shop = settings.model_copy(update={"registration": "open", "public_ui_url": address(listener)})
    async with (
        open_shopfloor(shop, sessions) as floor,
        serving((build_app(floor.settings, sessions, floor.desk), listener)),
    ):
        yield Reader(address(listener), await add_key(sessions, customer.id))


async def test_registering_logging_in_and_listing_conversations(reader: Reader) -> None:
    registered = await reader.paste(REGISTER)
    token = (await reader.paste(LOGIN))["access_token"]
    listed = await reader.paste(CONVERSATIONS, token=token)

    assert registered["email"] == "test@example.com"
    assert listed == {"conversations": []}


async def test_models_and_a_completion(reader: Reader) -> None:
    models = await reader.paste(MODELS, key=True)
    told = await reader.paste(COMPLETION.replace("ecommerce-agent-merged", "shopdesk"), key=True)

    assert [model["id"] for model in models["data"]] == ["shopdesk"]
    assert told["object"] == "chat.completion"
    assert told["choices"][0]["message"]["content"]


async def test_health_a_ticket_and_a_chat(reader: Reader) -> None:
    health = await reader.paste(HEALTH)
    opened = await reader.paste(TICKET, key=True)
    ticket = await reader.paste(f"curl http://localhost:8000/tickets/{opened['id']}", key=True)
    told = await reader.paste(CHAT, key=True)

    assert health == {"ok": True}
    assert opened["status"] == "done"
    assert (ticket["order_id"], ticket["priority"], ticket["status"]) == ("#W1042", "high", "open")
    assert "W1042" in told["text"]
