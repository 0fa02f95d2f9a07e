"""Which way a yes is said: by a link, a token or a question; and what the audit keeps of it."""

from typing import TYPE_CHECKING, Any, cast

import pytest
from mcp import Client
from mcp.types import Implementation
from sqlalchemy import select

from mcp_servers.runtime.serving.opening_words import say_how
from mcp_servers.runtime.tools.confirming.page import Page
from mcp_servers.runtime.tools.confirming.ways import Ways
from storage.db import Sessions
from storage.settings import Settings
from storage.shop.audit import Audit
from storage.shop.orders import OrderStatus
from tests.clients import Customer, caller, client_of, server_for, text_of
from tests.factories import add_customer, add_order, credit_card
from tests.team.serving import address, listening, serving
from ui.app import build_app

if TYPE_CHECKING:
    from team.desk.desk import Desk

CALL = {"order_id": "#W1042", "reason": "ordered by mistake"}


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    await add_customer(sessions, id="olivia", payment_methods=[credit_card("card")])
    await add_order(sessions, id="#W1042", customer_id="olivia", status=OrderStatus.PENDING)
    return sessions


async def audited(shop: Sessions) -> list[Audit]:
    async with shop() as session:
        return list((await session.scalars(select(Audit))).all())


@pytest.mark.parametrize(
    ("chosen", "by"),
    [
        ({}, "confirm_token"),
        ({"confirm_by": "token"}, "confirm_token"),
        ({"confirm_tokens": True}, "confirm_token"),
        ({"confirm_by": "link"}, "confirm_url"),
        ({"confirm_tokens": False}, "confirm_url"),
        ({"confirm_by": "link", "confirm_tokens": True}, "confirm_url"),
    ],
)
async def test_a_server_alone_takes_tokens_unless_its_owner_wants_links(
    settings: Settings, shop: Sessions, chosen: dict[str, Any], by: str
) -> None:
    server = server_for(settings.model_copy(update=chosen), shop, caller("olivia"))
    async with client_of(server) as client:
        [tool] = [tool for tool in (await client.list_tools()).tools if tool.name == "cancel_order"]
        told = (await client.call_tool("cancel_order", CALL)).structured_content or {}

    assert {"confirm_token", "confirm_url"} & set(told) == {by}
    assert ("confirm_token" in tool.input_schema["properties"]) is (by == "confirm_token")
    assert await audited(shop) == []


async def test_while_this_shops_page_answers_a_server_over_stdio_gives_links_and_takes_no_token(
    settings: Settings, shop: Sessions
) -> None:
    page = listening()
    settings = settings.model_copy(update={"public_ui_url": address(page)})
    async with client_of(server_for(settings, shop, caller("olivia"))) as client:
        before = (await client.call_tool("cancel_order", CALL)).structured_content or {}
    async with (
        serving((build_app(settings, shop, cast("Desk", None)), page)),
        client_of(server_for(settings, shop, caller("olivia"))) as client,
    ):
        [tool] = [tool for tool in (await client.list_tools()).tools if tool.name == "cancel_order"]
        spent = await client.call_tool("cancel_order", CALL | {"confirm_token": before["confirm_token"]})
        told = (await client.call_tool("cancel_order", CALL)).structured_content or {}

    assert "confirm_token" not in tool.input_schema["properties"]
    assert text_of(spent).startswith("confirm_token is not accepted here.")
    assert told["confirm_url"].startswith(f"{settings.public_ui_url}/confirm/")
    assert await audited(shop) == []


async def test_another_shops_page_counts_as_none(settings: Settings, shop: Sessions) -> None:
    page = listening()
    settings = settings.model_copy(update={"public_ui_url": address(page)})
    other = settings.model_copy(update={"shopdesk_secret": "the key of another shop, as long as any"})
    async with (
        serving((build_app(other, shop, cast("Desk", None)), page)),
        client_of(server_for(settings, shop, caller("olivia"))) as client,
    ):
        told = (await client.call_tool("cancel_order", CALL)).structured_content or {}

    assert "confirm_token" in told


@pytest.mark.parametrize(("mode", "how"), [("auto", "question"), ("legacy", "question"), ("auto", "token")])
async def test_the_audit_says_who_said_yes_where_and_how(
    settings: Settings, shop: Sessions, mode: str, how: str
) -> None:
    server = server_for(settings, shop, caller("olivia"))
    options: dict[str, Any] = {"elicitation_callback": Customer(says_yes=True)} if how == "question" else {}
    program = Implementation(name="claude-code", title="Claude\u202e Code", version="2")
    async with Client(server, mode=mode, client_info=program, **options) as client:
        told = (await client.call_tool("cancel_order", CALL)).structured_content or {}
        if how == "token":
            await client.call_tool("cancel_order", CALL | {"confirm_token": told["confirm_token"]})

    [row] = await audited(shop)
    assert (row.answered_by, row.answered_where, row.answered_how) == ("olivia", "Claude Code", how)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({}, "does not answer: in a client that cannot show a question, your approval of its call is the yes."),
        ({"confirm_by": "token"}, "CONFIRM_BY=token: in a client that cannot show a question, your approval"),
        ({"confirm_by": "link"}, "A client that cannot show a question gets a link to http://127.0.0.1:"),
        ({"confirm_tokens": True}, "CONFIRM_TOKENS is now CONFIRM_BY; it is read as CONFIRM_BY=token."),
        ({"confirm_tokens": False}, "CONFIRM_TOKENS is now CONFIRM_BY; it is read as CONFIRM_BY=link."),
    ],
)
async def test_over_stdio_it_is_said_at_the_start_how_changes_are_confirmed(
    settings: Settings, caplog: pytest.LogCaptureFixture, chosen: dict[str, Any], said: str
) -> None:
    caplog.set_level("INFO")
    told = settings.model_copy(update=chosen)

    await say_how(Ways(told, Page(told), over_http=False), told)

    assert said in "\n".join(caplog.messages)
