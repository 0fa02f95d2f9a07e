"""A visitor without a login: answered where anybody may be, asked who they are where a customer is needed."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import event

from storage import identities
from storage.conversations import (
    AlreadyIdentifiedError,
    Conversation,
    add_conversation,
    bind_customer,
    get_conversation,
    new_visitor_id,
)
from storage.customers import Customer
from storage.db import Sessions, writing
from storage.orders import Order, OrderStatus
from storage.settings import Settings
from team.desk import open_desk
from team.identity import TRIES
from team.standin.completion import Reply
from team.standin.mind import answer
from team.standin.wire import ChatRequest
from tests.factories import ADDRESS, add_customer, add_order, add_product
from tests.team.shopfloor import Shopfloor, answer_of, only, open_shopfloor

EMAIL = "olivia.brown@example.com"
MINA = "mina.kim@example.com"
POSTCODE = ADDRESS["zip"]
RIGHT = f"{EMAIL} {POSTCODE}"
WRONG = f"{EMAIL} 10001"


async def visit(floor: Shopfloor) -> str:
    """Start a conversation of a visitor."""
    async with writing(floor.sessions) as session:
        return (await add_conversation(session, None, None, new_visitor_id())).id


async def add_known_customer(sessions: Sessions) -> Order:
    customer = await add_customer(sessions, id="olivia_brown_1", email=EMAIL)
    return await add_order(sessions, id="#W1042", customer_id=customer.id)


async def conversation_of(floor: Shopfloor, chat: str) -> Conversation:
    async with floor.sessions() as session:
        return await get_conversation(session, chat, None)


def statuses(steps: list[Any]) -> list[str]:
    return [data["status"] for data in only(steps, "identity")]


@pytest.mark.parametrize(
    ("ask", "asked", "particulars", "expected"),
    [
        ("Where is my order #W1042?", "the email address and the postcode", RIGHT, "pending"),
        ("제 주문 #W1042 어디 있어요?", "이메일 주소와 우편번호", f"{EMAIL}이고 우편번호는 {POSTCODE}입니다", "준비 중"),
    ],
)
async def test_a_visitor_who_tells_who_they_are_gets_the_answer_in_the_same_turn(
    floor: Shopfloor, ask: str, asked: str, particulars: str, expected: str
) -> None:
    order = await add_known_customer(floor.sessions)
    chat = await visit(floor)

    first = await floor.say(chat, ask)
    second = await floor.say(chat, particulars)

    assert asked in answer_of(first)
    assert [step.kind for step in first] == [
        *("turn_started", "guard", "message", "router", "identity", "guard", "message", "turn_ended")
    ]
    assert expected in answer_of(second)
    assert "#W1042" in answer_of(second)
    assert only(first, "identity") == [{"status": "asked", "tries_left": 5}]
    assert only(second, "identity") == [{"status": "bound"}]
    assert only(second, "router")[0]["choice"] == "OrderTracker"
    found = await conversation_of(floor, chat)
    assert (found.customer_id, found.identity) == (order.customer_id, None)
