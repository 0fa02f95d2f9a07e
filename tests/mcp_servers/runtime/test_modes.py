"""Read-only mode and toolsets: what is hidden is not listed, not told of, and cannot be called."""

import os
import subprocess
import sys

import httpx2
import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import ElicitResult, InputRequiredResult, InputResponses, PromptReference
from sqlalchemy import select

from mcp_servers.registry import server_names
from mcp_servers.runtime.modes import READ_ONLY
from mcp_servers.runtime.offers import Resource
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.serving.build import TOGETHER, make_server
from storage.db import Sessions
from storage.owners import CustomerOnly
from storage.settings import Settings
from storage.shop.audit import Audit
from storage.shop.orders import OrderStatus, get_order
from tests.clients import Customer, caller, client_of, server_for, text_of
from tests.factories import add_customer, add_order, gift_card
from tests.tools_process import client_at, token_of, tools_process

SHOPPING = [
    *("list_orders", "get_order", "search_policies", "get_policy"),
    *("search_products", "get_product", "recommend_products"),
]
CANCEL = {"order_id": "#W1", "reason": "no longer needed"}
HIDDEN = "Unknown tool: cancel_order"


def mode(settings: Settings, *, read_only: bool = False, toolset: str = "all") -> Settings:
    return settings.model_copy(update={"shopdesk_read_only": read_only, "shopdesk_toolset": toolset})


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    await add_customer(sessions, id="olivia", payment_methods=[gift_card("gift", balance=0)])
    await add_order(sessions, id="#W1", customer_id="olivia", status=OrderStatus.PENDING)
    return sessions


async def assert_untouched(shop: Sessions) -> None:
    async with shop() as session:
        order = await get_order(session, "#W1", CustomerOnly("olivia"))
        audits = (await session.scalars(select(Audit))).all()

    assert order.status is OrderStatus.PENDING
    assert audits == []


@pytest.mark.parametrize("toolset", ["all", "support", "shopping"])
async def test_read_only_mode_lists_reads_alone_whatever_the_toolset(
    settings: Settings, sessions: Sessions, toolset: str
) -> None:
    async with client_of(server_for(mode(settings, read_only=True, toolset=toolset), sessions, caller(None))) as client:
        tools = (await client.list_tools()).tools

    assert tools
    assert [tool.name for tool in tools if not tool.annotations or not tool.annotations.read_only_hint] == []


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_a_hidden_tool_is_one_that_does_not_exist(settings: Settings, shop: Sessions, era: str) -> None:
    hiding = server_for(mode(settings, read_only=True), shop, caller("olivia"))

    async with client_of(hiding, Customer(says_yes=True), mode=era) as client:
        hidden = await client.call_tool("cancel_order", CANCEL)
        absent = await client.call_tool("no_such_tool", CANCEL)

    assert (hidden.is_error, text_of(hidden)) == (True, HIDDEN)
    assert text_of(absent) == "Unknown tool: no_such_tool"
    await assert_untouched(shop)


async def test_a_token_from_before_read_only_mode_changes_nothing_in_it(settings: Settings, shop: Sessions) -> None:
    async with client_of(server_for(settings, shop, caller("olivia"))) as client:
        proposed = (await client.call_tool("cancel_order", CANCEL)).structured_content or {}
    token = {"confirm_token": proposed["confirm_token"]}

    async with client_of(server_for(mode(settings, read_only=True), shop, caller("olivia"))) as client:
        refused = await client.call_tool("cancel_order", CANCEL | token)

    assert (refused.is_error, text_of(refused)) == (True, HIDDEN)
    await assert_untouched(shop)


async def test_a_question_from_before_read_only_mode_is_not_answered_in_it(settings: Settings, shop: Sessions) -> None:
    async with client_of(server_for(settings, shop, caller("olivia")), Customer(says_yes=True)) as client:
        asked = await client.session.call_tool("cancel_order", CANCEL, allow_input_required=True)
    assert isinstance(asked, InputRequiredResult)
    yes: InputResponses = dict.fromkeys(
        asked.input_requests or {}, ElicitResult(action="accept", content={"confirm": True})
    )

    hiding = server_for(mode(settings, read_only=True), shop, caller("olivia"))
    async with client_of(hiding, Customer(says_yes=True)) as client:
        refused = await client.session.call_tool(
            "cancel_order", CANCEL, input_responses=yes, request_state=asked.request_state
        )

    assert (refused.is_error, text_of(refused)) == (True, HIDDEN)
    await assert_untouched(shop)


async def test_the_shopping_toolset_has_these_tools(settings: Settings, sessions: Sessions) -> None:
    async with client_of(server_for(mode(settings, toolset="shopping"), sessions, caller("olivia"))) as client:
        tools = (await client.list_tools()).tools

    assert sorted(tool.name for tool in tools) == sorted(SHOPPING)


async def test_the_support_toolset_has_all_but_recommendations(settings: Settings, sessions: Sessions) -> None:
    async with client_of(server_for(settings, sessions, caller(None))) as client:
        every = {tool.name for tool in (await client.list_tools()).tools}
    async with client_of(server_for(mode(settings, toolset="support"), sessions, caller(None))) as client:
        support = {tool.name for tool in (await client.list_tools()).tools}

    assert every - support == {"recommend_products"}


async def test_a_toolset_does_not_widen_what_a_customer_may_call(settings: Settings, sessions: Sessions) -> None:
    async with client_of(server_for(mode(settings, toolset="support"), sessions, caller("olivia"))) as client:
        tools = {tool.name for tool in (await client.list_tools()).tools}

    assert "find_customer" not in tools


async def check_warranty(serial: str) -> dict[str, str]:
    """Check a warranty."""
    return {"serial": serial}


async def list_warranties() -> dict[str, str]:
    """List warranties."""
    return {}


@pytest.mark.parametrize(("toolset", "offered"), [("all", ["check_warranty"]), ("support", [])])
async def test_a_server_that_names_no_toolset_is_in_all_alone(
    settings: Settings, sessions: Sessions, toolset: str, offered: list[str]
) -> None:
    own = ToolServer("warranty", title="Warranty", instructions="Warranties.", reads=[check_warranty])
    server = make_server(
        TOGETHER, [own], mode(settings, toolset=toolset), sessions, local=caller(None, scopes=["warranty:read"])
    )

    async with client_of(server) as client:
        tools = (await client.list_tools()).tools

    assert [tool.name for tool in tools] == offered


async def test_instructions_tell_of_what_is_offered_and_nothing_else(settings: Settings, sessions: Sessions) -> None:
    told = {
        (read_only, toolset): server_for(
            mode(settings, read_only=read_only, toolset=toolset), sessions, caller(None)
        ).instructions
        or ""
        for read_only in (False, True)
        for toolset in ("all", "shopping")
    }

    assert "Cancel, change, return" in told[False, "all"]
    assert "Cancel" not in told[True, "all"] + told[False, "shopping"]
    assert "Tickets:" in told[True, "all"]
    assert "Tickets:" not in told[False, "shopping"]
    assert [key for key, text in told.items() if text.endswith(READ_ONLY)] == [(True, "all"), (True, "shopping")]


async def test_over_http_a_server_with_nothing_to_offer_is_not_there(
    settings: Settings, shop: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPDESK_TOOLSET", "shopping")
    monkeypatch.setenv("SHOPDESK_READ_ONLY", "true")
    async with tools_process(settings) as (running, _):
        base, token = running.public_mcp_url, token_of(running, caller("olivia"))
        async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http:
            servers = (await http.get(f"{base}/servers")).json()
            absent = await http.post(f"{base}/tickets/mcp", json={})
        async with client_at(f"{base}/mcp", token, Customer(says_yes=True)) as client:
            tools = [tool.name for tool in (await client.list_tools()).tools]
            hidden = await client.call_tool("cancel_order", CANCEL)

    assert servers == {"servers": ["orders", "policies", "products"]}
    assert absent.status_code == 404
    assert sorted(tools) == sorted(SHOPPING)
    assert text_of(hidden) == HIDDEN
    await assert_untouched(shop)


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [(["--read-only"], {"SHOPDESK_READ_ONLY": "false"}), (["--toolset", "all"], {"SHOPDESK_READ_ONLY": "1"})],
)
async def test_read_only_mode_wins_whoever_says_it(
    settings: Settings, sessions: Sessions, arguments: list[str], environment: dict[str, str]
) -> None:
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "scripts", "mcp", *arguments], env=dict(os.environ) | environment
    )

    async with Client(stdio_client(command)) as client:
        tools = (await client.list_tools()).tools

    assert {str((tool.meta or {})["shopdesk/server"]) for tool in tools} == set(server_names())
    assert "cancel_order" not in {tool.name for tool in tools}


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["--toolset", "suport"], {}, "There is no toolset suport. Available toolsets: all, support, shopping."),
        ([], {"SHOPDESK_TOOLSET": "suport"}, "The setting SHOPDESK_TOOLSET is not valid: input should be 'all', "),
        ([], {"SHOPDESK_READ_ONLY": "perhaps"}, "The setting SHOPDESK_READ_ONLY is not valid: "),
        (["tickets", "--toolset", "shopping"], {}, "The toolset shopping has no tools of tickets. Choose another"),
        (["tickets", "--toolset", "shopping", "--http", "0"], {}, "The toolset shopping has no tools of tickets. "),
    ],
)
def test_a_mode_that_cannot_be_says_so_in_one_line(
    settings: Settings, sessions: Sessions, arguments: list[str], environment: dict[str, str], said: str
) -> None:
    command = [sys.executable, "-m", "scripts", "mcp", *arguments]
    ended = subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, timeout=30, check=False
    )

    assert ended.returncode == 2
    assert ended.stderr.startswith(f"shopdesk: {said}")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("read_only", "toolset", "prompts"),
    [
        (
            False,
            "all",
            ["answer_a_policy_question", "handle_a_damaged_parcel", "return_or_exchange", "where_is_my_order"],
        ),
        (True, "all", ["answer_a_policy_question", "where_is_my_order"]),
        (False, "shopping", ["answer_a_policy_question", "where_is_my_order"]),
    ],
)
async def test_a_prompt_that_asks_for_a_hidden_tool_is_hidden_with_it(
    settings: Settings, shop: Sessions, read_only: bool, toolset: str, prompts: list[str]
) -> None:
    server = server_for(mode(settings, read_only=read_only, toolset=toolset), shop, caller("olivia"))

    async with client_of(server) as client:
        menu = sorted(prompt.name for prompt in (await client.list_prompts()).prompts)
        order = await client.read_resource("order://W1")

    assert menu == prompts
    assert order.contents


async def test_a_hidden_prompt_is_neither_given_nor_completed(settings: Settings, shop: Sessions) -> None:
    hiding = server_for(mode(settings, read_only=True), shop, caller("olivia"))

    async with client_of(hiding) as client:
        with pytest.raises(MCPError, match="Unknown prompt"):
            await client.get_prompt("return_or_exchange", {"order_id": "#W1"})
        completion = client.complete(PromptReference(name="return_or_exchange"), {"name": "order_id", "value": ""})
        with pytest.raises(MCPError, match="Unknown prompt"):
            await completion


async def test_a_resource_goes_with_the_toolset_of_what_reads_it(settings: Settings, shop: Sessions) -> None:
    own = ToolServer(
        "warranty",
        title="Warranty",
        instructions="Warranties.",
        reads=[check_warranty, list_warranties],
        resources=[Resource("warranty://{serial}", check_warranty, title="Warranty")],
        toolsets={"support": [list_warranties]},
    )
    staff = caller(None, scopes=["warranty:read"])
    server = make_server(TOGETHER, [own], mode(settings, toolset="support"), shop, local=staff)

    async with client_of(server) as client:
        templates = (await client.list_resource_templates()).resource_templates
        with pytest.raises(MCPError, match="Unknown resource"):
            await client.read_resource("warranty://1")

    assert templates == []
