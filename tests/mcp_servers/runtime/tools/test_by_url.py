"""Clients that open addresses and show no questions, by the Python SDK on both protocols; and clients that listen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import pytest
from mcp import Client
from mcp.client.context import ClientRequestContext
from mcp.client.session import ClientSession
from mcp.types import (
    ClientCapabilities,
    ElicitationCapability,
    ElicitCompleteNotification,
    ElicitRequestParams,
    ElicitRequestURLParams,
    ElicitResult,
    UrlElicitationCapability,
)
from sqlalchemy import select

from mcp_servers.runtime.tools.confirming import by_url
from storage.db import Sessions, writing
from storage.people.accounts import Account
from storage.people.asked_changes import answer
from storage.settings import Settings
from storage.shop.audit import Audit
from storage.shop.orders import OrderStatus
from tests.clients import caller, client_of, server_for, text_of
from tests.factories import add_account, add_customer, add_order, credit_card

CALL = {"order_id": "#W1042", "reason": "ordered by mistake"}
MODES = pytest.mark.parametrize("mode", ["auto", "legacy"])


@pytest.fixture
async def account(sessions: Sessions) -> Account:
    await add_customer(sessions, id="olivia", payment_methods=[credit_card("card")])
    await add_order(sessions, id="#W1042", customer_id="olivia", status=OrderStatus.PENDING)
    return await add_account(sessions, customer_id="olivia")


@pytest.fixture
def by_link(settings: Settings) -> Settings:
    return settings.model_copy(update={"confirm_by": "link"})


@pytest.fixture
def opens_addresses_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK's client declares forms and addresses; one that shows no forms is somebody else's."""
    declared = ClientCapabilities(elicitation=ElicitationCapability(url=UrlElicitationCapability()))
    monkeypatch.setattr(ClientSession, "_build_capabilities", lambda _self, _version: declared)


@pytest.mark.usefixtures("opens_addresses_alone")
@MODES
@pytest.mark.parametrize("yes", [True, False])
async def test_the_client_opens_the_page_and_its_call_tells_what_its_user_clicked_there(
    by_link: Settings, sessions: Sessions, account: Account, mode: str, *, yes: bool
) -> None:
    opened: list[ElicitRequestURLParams] = []
    completed: list[str] = []

    async def goes_there(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        assert isinstance(params, ElicitRequestURLParams)
        opened.append(params)
        async with writing(sessions) as session:
            await answer(session, params.url.rpartition("/")[2], account, yes=yes)
        return ElicitResult(action="accept")

    async def hears(message: object) -> None:
        if isinstance(message, ElicitCompleteNotification):
            completed.append(message.params.elicitation_id)

    server = server_for(by_link, sessions, caller("olivia"))
    options: dict[str, Any] = {"elicitation_callback": goes_there, "message_handler": hears}
    async with Client(server, mode=mode, **options) as client:
        result = await client.call_tool("cancel_order", CALL)

    [asked] = opened
    assert asked.message.startswith("Cancel order #W1042")
    assert asked.url.startswith(f"{by_link.public_ui_url}/confirm/")
    assert completed == ([asked.elicitation_id] if mode == "legacy" else [])
    assert result.is_error is not yes
    assert "is cancelled" in text_of(result) if yes else text_of(result).startswith("The person said no")
    [row] = await audited(sessions)
    assert (row.answered_by, row.answered_where, row.answered_how) == (account.id, "page", "link")


@pytest.mark.usefixtures("opens_addresses_alone", "account")
@MODES
@pytest.mark.parametrize("action", ["decline", "cancel"])
async def test_who_does_not_go_there_has_said_no(
    by_link: Settings, sessions: Sessions, mode: str, action: Literal["decline", "cancel"]
) -> None:
    async def stays(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        return ElicitResult(action=action)

    server = server_for(by_link, sessions, caller("olivia"))
    async with Client(server, mode=mode, elicitation_callback=stays) as client:
        result = await client.call_tool("cancel_order", CALL)

    assert text_of(result).startswith("The person said no; nothing was changed.")
    [row] = await audited(sessions)
    assert (row.answer.value, row.answered_by, row.answered_how) == ("no", "olivia", "link")


@pytest.mark.usefixtures("opens_addresses_alone", "account")
@MODES
async def test_who_has_not_clicked_yet_keeps_the_link(
    by_link: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr(by_url, "WAIT_S", 0.1)
    opened: list[str] = []

    async def looks_only(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        assert isinstance(params, ElicitRequestURLParams)
        opened.append(params.url)
        return ElicitResult(action="accept")

    server = server_for(by_link, sessions, caller("olivia"))
    async with Client(server, mode=mode, elicitation_callback=looks_only) as client:
        told = (await client.call_tool("cancel_order", CALL)).structured_content or {}

    assert (told["status"], [told["confirm_url"]]) == ("needs_confirmation", opened)
    assert await audited(sessions) == []


async def test_a_client_that_listens_is_told_when_its_question_is_answered_and_of_no_other(
    by_link: Settings, sessions: Sessions, account: Account
) -> None:
    async with client_of(server_for(by_link, sessions, caller("olivia"))) as client:
        link = str(((await client.call_tool("cancel_order", CALL)).structured_content or {})["confirm_url"])
        async with listening_to(client, link) as heard, asyncio.timeout(60):
            async with writing(sessions) as session:
                await answer(session, link.rpartition("/")[2], account, yes=False)
            await client.call_tool("cancel_order", CALL)
            assert await anext(heard) == link


@asynccontextmanager
async def listening_to(client: Client, link: str) -> AsyncIterator[AsyncIterator[str]]:
    """The addresses that a client is told of, of those it named."""
    async with client.listen(resource_subscriptions=[link]) as events:
        yield (str(getattr(event, "uri", "")) async for event in events)


async def audited(sessions: Sessions) -> list[Audit]:
    async with sessions() as session:
        return list((await session.scalars(select(Audit))).all())
