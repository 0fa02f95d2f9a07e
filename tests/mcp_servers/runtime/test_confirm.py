"""The confirmation, for each kind of client: what is asked, what a yes does, and that it does it once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from mcp import Client, MCPError
from mcp.client.context import ClientRequestContext
from mcp.types import (
    CallToolResult,
    ElicitRequestParams,
    ElicitResult,
    InputRequiredResult,
    InputResponses,
)
from sqlalchemy import select

from storage.db import Sessions, writing
from storage.owners import Staff
from storage.settings import Settings
from storage.shop.audit import Answer, Audit
from storage.shop.orders import OrderStatus, get_order
from tests.clients import Customer, caller, client_of, server_for, text_of
from tests.factories import add_customer, add_order, credit_card
from tests.postgres import BOTH

CALL = {"order_id": "#W1042", "reason": "ordered by mistake"}
REFUNDED = "$45.00 will be refunded to your Visa ending in 9212 within 5 to 7 business days"
QUESTION, CANCELLED = f"Cancel order #W1042 (1 item). {REFUNDED}", f"Order #W1042 is cancelled. {REFUNDED}"
KOREAN = "주문 #W1042 건(상품 1개)을 취소합니다. Visa 카드(끝자리 9212)로 US$45.00 환불됩니다(영업일 기준 5~7일 소요)."
ADDRESS = {"order_id": "#W2", "address1": "1 Elm", "city": "Austin", "state": "TX", "country": "USA", "zip": "78701"}
YES = ElicitResult(action="accept", content={"confirm": True})
NO = ElicitResult(action="decline")


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    await add_customer(sessions, id="olivia", payment_methods=[credit_card("card")])
    await add_order(sessions, id="#W1042", customer_id="olivia", status=OrderStatus.PENDING)
    return sessions


@asynccontextmanager
async def desk(settings: Settings, sessions: Sessions, *, language: str = "en") -> AsyncIterator[Client]:
    """A client that, as the team does, takes the sealed question away and answers later."""
    server = server_for(settings, sessions, caller("olivia", language=language))
    async with client_of(server, Customer(says_yes=False)) as client:
        yield client


async def ask(client: Client, call: dict[str, str] = CALL) -> InputRequiredResult:
    asked = await client.session.call_tool("cancel_order", call, allow_input_required=True)
    assert isinstance(asked, InputRequiredResult)
    return asked


async def answer(
    client: Client, asked: InputRequiredResult, said: ElicitResult
) -> CallToolResult | InputRequiredResult:
    responses: InputResponses = dict.fromkeys(asked.input_requests or {}, said)
    return await client.session.call_tool(
        "cancel_order",
        CALL,
        input_responses=responses,
        request_state=asked.request_state,
        allow_input_required=True,
    )


def question_of(asked: InputRequiredResult) -> str:
    [request] = (asked.input_requests or {}).values()
    return str(request.params.message)  # type: ignore[union-attr]  # our tools elicit and nothing else


async def status_of(sessions: Sessions) -> OrderStatus:
    async with sessions() as session:
        return (await get_order(session, "#W1042", Staff())).status


async def audits(sessions: Sessions) -> list[Answer]:
    async with sessions() as session:
        return [row.answer for row in (await session.scalars(select(Audit))).all()]


@pytest.mark.parametrize(("language", "question"), [("en", f"{QUESTION}."), ("ko", KOREAN)])
async def test_the_question_says_what_will_happen_in_the_callers_language(
    settings: Settings, shop: Sessions, language: str, question: str
) -> None:
    async with desk(settings, shop, language=language) as client:
        asked = await ask(client)

    assert question_of(asked) == question
    assert await status_of(shop) is OrderStatus.PENDING


async def test_a_yes_given_twice_is_done_once_and_a_new_server_knows_it(settings: Settings, shop: Sessions) -> None:
    async with desk(settings, shop) as client:
        asked = await ask(client)
        first = await answer(client, asked, YES)
    async with desk(settings, shop) as restarted:
        second = await answer(restarted, asked, YES)

    assert isinstance(first, CallToolResult)
    assert isinstance(second, CallToolResult)
    assert first.structured_content == second.structured_content
    assert first.structured_content is not None
    assert first.structured_content["status"] == "done"
    assert await audits(shop) == [Answer.YES]


async def test_many_yeses_at_once_write_once(settings: Settings, shop: Sessions) -> None:
    results: list[CallToolResult | InputRequiredResult] = []

    async def say_yes(client: Client, asked: InputRequiredResult) -> None:
        results.append(await answer(client, asked, YES))

    async with desk(settings, shop) as client:
        asked = await ask(client)
        async with anyio.create_task_group() as tasks:
            for _ in range(8):
                tasks.start_soon(say_yes, client, asked)

    assert [isinstance(result, CallToolResult) and not result.is_error for result in results] == [True] * 8
    assert await audits(shop) == [Answer.YES]


async def test_a_no_changes_nothing_and_the_same_question_cannot_be_answered_yes_afterwards(
    settings: Settings, shop: Sessions
) -> None:
    async with desk(settings, shop) as client:
        asked = await ask(client)
        declined = await answer(client, asked, NO)
        after = await answer(client, asked, YES)

    assert isinstance(declined, CallToolResult)
    assert isinstance(after, CallToolResult)
    assert (declined.is_error, after.is_error) == (True, True)
    assert text_of(after).startswith("The customer did not confirm; nothing was changed.")
    assert await status_of(shop) is OrderStatus.PENDING
    assert await audits(shop) == [Answer.NO]


async def test_facts_that_changed_are_asked_again_and_nothing_is_written(settings: Settings, shop: Sessions) -> None:
    async with desk(settings, shop) as client:
        asked = await ask(client)
        async with writing(shop) as session:
            order = await get_order(session, "#W1042", Staff())
            order.lines[0].price, order.payments[0].amount = 7_000, 7_000
        again = await answer(client, asked, YES)

    assert isinstance(again, InputRequiredResult)
    assert "$70.00" in question_of(again)
    assert await status_of(shop) is OrderStatus.PENDING
    assert await audits(shop) == []


async def test_another_customer_cannot_answer_the_question(settings: Settings, shop: Sessions) -> None:
    await add_customer(shop, id="mallory")
    async with desk(settings, shop) as client:
        asked = await ask(client)
    other = server_for(settings, shop, caller("mallory"))

    async with client_of(other, Customer(says_yes=True)) as client:
        result = await answer(client, asked, YES)

    assert isinstance(result, CallToolResult)
    assert text_of(result) == "No order #W1042 was found. Check the order id, or list the orders."
    assert await status_of(shop) is OrderStatus.PENDING


async def test_a_tampered_question_is_refused(settings: Settings, shop: Sessions) -> None:
    async with desk(settings, shop) as client:
        asked = await ask(client)
        forged = asked.model_copy(update={"request_state": f"{(asked.request_state or '')[:-4]}AAAA"})

        with pytest.raises(MCPError):
            await answer(client, forged, YES)

    assert await status_of(shop) is OrderStatus.PENDING


async def test_a_client_that_cannot_be_asked_confirms_with_a_token_once(settings: Settings, shop: Sessions) -> None:
    server = server_for(settings, shop, caller("olivia"))
    async with client_of(server) as client:
        proposed = await client.call_tool("cancel_order", CALL)
        assert proposed.structured_content is not None
        token = proposed.structured_content["confirm_token"]
        unchanged = await status_of(shop)
        done = await client.call_tool("cancel_order", CALL | {"confirm_token": token})
        again = await client.call_tool("cancel_order", CALL | {"confirm_token": token})

    assert proposed.structured_content["status"] == "needs_confirmation"
    assert unchanged is OrderStatus.PENDING
    assert done.structured_content is not None
    assert done.structured_content["status"] == "done"
    assert again.structured_content == done.structured_content
    assert await audits(shop) == [Answer.YES]


async def test_a_confirm_token_is_good_for_its_own_call_alone(settings: Settings, shop: Sessions) -> None:
    await add_order(shop, id="#W2", customer_id="olivia", status=OrderStatus.PENDING)
    async with client_of(server_for(settings, shop, caller("olivia"))) as client:
        proposed = await client.call_tool("cancel_order", CALL)
        assert proposed.structured_content is not None
        token = proposed.structured_content["confirm_token"]

        other = await client.call_tool("cancel_order", CALL | {"order_id": "#W2", "confirm_token": token})
        forged = [
            text_of(await client.call_tool("cancel_order", CALL | {"confirm_token": text}))
            for text in (f"{token}x", "x" * 10_000, "\ud800")
        ]

    assert text_of(other).startswith("This confirm_token is for another call, or the facts changed since")
    assert {said.partition(";")[0] for said in forged} == {"This confirm_token is not valid"}
    assert await audits(shop) == []


@pytest.mark.parametrize(
    ("tool", "change", "who", "used_for"),
    [
        ("cancel_order", {"order_id": "#W2"}, "olivia", CANCELLED),
        ("cancel_order", {"reason": "no longer needed"}, "olivia", CANCELLED),
        ("change_order_address", ADDRESS, "olivia", CANCELLED),
        ("cancel_order", {"order_id": "#W3"}, "mallory", "another call"),
        ("cancel_order", {}, "mallory", "another call"),
    ],
)
async def test_a_spent_confirm_token_does_nothing_for_another_call_and_says_what_it_was_used_for(
    settings: Settings, shop: Sessions, tool: str, change: dict[str, str], who: str, used_for: str
) -> None:
    await add_customer(shop, id="mallory")
    await add_order(shop, id="#W2", customer_id="olivia", status=OrderStatus.PENDING)
    await add_order(shop, id="#W3", customer_id="mallory", status=OrderStatus.PENDING)
    async with client_of(server_for(settings, shop, caller("olivia"))) as client:
        proposed = await client.call_tool("cancel_order", CALL)
        assert proposed.structured_content is not None
        token = proposed.structured_content["confirm_token"]
        await client.call_tool("cancel_order", CALL | {"confirm_token": token})
    call = change if tool == "change_order_address" else CALL | change

    async with client_of(server_for(settings, shop, caller(who))) as client:
        refused = await client.call_tool(tool, call | {"confirm_token": token})

    assert refused.is_error
    assert text_of(refused) == (
        f"This confirm_token has already been used for this: {used_for}. It allows nothing else, and nothing "
        "was changed now. Call again without it to ask once more."
    )
    assert await audits(shop) == [Answer.YES]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("content", [None, {}, {"confirm": None}, {"confirm": "yes"}, {"confirm": 1}, {"yes": True}])
async def test_an_accept_that_does_not_say_yes_is_a_no_in_words_on_both_eras(
    settings: Settings, shop: Sessions, mode: str, content: dict[str, Any] | None
) -> None:
    async def accepts(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        assert params.message == f"{QUESTION}."
        return ElicitResult(action="accept", content=content)

    async with Client(server_for(settings, shop, caller("olivia")), mode=mode, elicitation_callback=accepts) as client:
        result = await client.call_tool("cancel_order", CALL)

    assert result.is_error
    assert text_of(result) == (
        "The answer came without a yes (confirm: true), which counts as a no; nothing was changed. "
        "Call the tool again to ask the customer once more."
    )
    assert await status_of(shop) is OrderStatus.PENDING
    assert await audits(shop) == [Answer.NO]


async def test_a_client_that_can_be_asked_is_not_shown_the_token_and_may_not_use_one(
    settings: Settings, shop: Sessions
) -> None:
    async with client_of(server_for(settings, shop, caller("olivia")), Customer(says_yes=True)) as client:
        [tool] = [tool for tool in (await client.list_tools()).tools if tool.name == "cancel_order"]
        result = await client.call_tool("cancel_order", CALL | {"confirm_token": "x.y.z"})

    assert set(tool.input_schema["properties"]) == {"order_id", "reason"}
    assert result.is_error
    assert await status_of(shop) is OrderStatus.PENDING
