"""The authorization matrix: every tool of every server, called over HTTP by everybody who may not, and by who may."""

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from sqlalchemy import select

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.build import scopes_of
from storage.db import Base, Sessions, open_sessions
from storage.endpoints import FILE
from storage.people.asked_changes import AskedChange
from storage.settings import REPOSITORY, Settings, load_settings
from storage.shop.orders import OrderStatus
from storage.tokens import Caller
from tests.clients import caller
from tests.factories import (
    add_customer,
    add_image,
    add_order,
    add_product,
    add_ticket,
    credit_card,
    gift_card,
    line,
    variant,
)
from tests.mcp_servers.matrix import (
    ADDRESS,
    MARK,
    MATRIX,
    NEED_A_MODEL,
    NOT_ASKING,
    PUBLIC,
    STAFF_ONLY,
    missing,
    without_ids,
)
from tests.mcp_servers.raw_calls import RawCaller, text_in
from tests.tools_process import token_of, tools_process

pytestmark = pytest.mark.asyncio(loop_scope="module")

CALLS = [pytest.param(tool, call, id=f"{tool}-{n}") for tool, calls in MATRIX.items() for n, call in enumerate(calls)]


@dataclass(frozen=True)
class Desk:
    """The running tool servers, their database, and which server has which tool."""

    settings: Settings
    sessions: Sessions
    http: httpx2.AsyncClient
    servers: dict[str, str]

    def at(self, path: str, token: str | None) -> RawCaller:
        return RawCaller(self.http, f"{self.settings.public_mcp_url}{path}", token)

    def as_(self, who: Caller) -> RawCaller:
        return self.at("/mcp", token_of(self.settings, who))

    async def digest(self) -> str:
        """One digest over every row of every table; a question that waits for its yes is no change."""
        tables = [table for table in Base.metadata.sorted_tables if table.name != AskedChange.__tablename__]
        async with self.sessions() as session:
            rows = [list((await session.execute(select(table))).all()) for table in tables]
        return sha256(repr(rows).encode()).hexdigest()

    @asynccontextmanager
    async def unchanged(self) -> AsyncIterator[None]:
        before = await self.digest()
        yield
        assert await self.digest() == before


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    home = tmp_path_factory.mktemp("home")
    shutil.copy(migrated, home / "shop.db")
    shutil.copy(REPOSITORY / "team" / FILE, home / FILE)
    with pytest.MonkeyPatch.context() as environment:
        for name in Settings.model_fields:
            environment.delenv(name.upper(), raising=False)
        environment.setenv("SHOPDESK_HOME", str(home))
        for slice_ in ("MODEL1_BASE_URL", "MODEL2_BASE_URL"):
            environment.setenv(slice_, "http://127.0.0.1:9/v1")
        settings = load_settings()
        async with open_sessions(settings.database) as sessions, tools_process(settings) as (running, _):
            await _open_shop(sessions)
            async with httpx2.AsyncClient(timeout=30) as http:
                made = Desk(running, sessions, http, {})
                yield Desk(running, sessions, http, await _servers_of_tools(made))


async def _open_shop(sessions: Sessions) -> None:
    sold = [variant("1001"), variant("1002", price=5_000)]
    await add_product(sessions, id="2001", name="Desk Lamp", variants=sold)
    for name, orders, image in [("olivia", ("#W1", "#W2"), "i_1"), ("mallory", ("#W5", "#W6"), "i_5")]:
        mark = MARK if name == "olivia" else "plain"
        methods = [credit_card(f"{name}_card", brand=mark), gift_card(f"{name}_gift", balance=90_000)]
        home = {field: f"{mark} {value}" for field, value in ADDRESS.items()}
        email = f"{name}@example.com"
        await add_customer(sessions, id=name, first_name=mark, email=email, address=home, payment_methods=methods)
        for order, status in zip(orders, (OrderStatus.PENDING, OrderStatus.DELIVERED), strict=True):
            await add_order(
                sessions, id=order, customer_id=name, status=status, lines=[line("1001", name=f"{mark} lamp")]
            )
        await add_image(sessions, b"no picture at all", id=image, customer_id=name)
    await add_ticket(sessions, id="T1", customer_id="olivia", order_id="#W1", subject=MARK, body=MARK)


async def _servers_of_tools(desk: Desk) -> dict[str, str]:
    token = token_of(desk.settings, caller(None))
    listed = {name: await desk.at(f"/{name}/mcp", token).tools() for name in server_names()}
    return {tool["name"]: server for server, tools in listed.items() for tool in tools}


async def test_the_matrix_has_every_tool_and_no_other(desk: Desk) -> None:
    everything = {tool["name"] for tool in await desk.as_(caller(None)).tools()}

    assert set(desk.servers) == everything
    assert sorted(everything - set(MATRIX)) == [], "give these tools a row in MATRIX"
    assert sorted(set(MATRIX) - everything) == []


@pytest.mark.parametrize("token", ["none", "expired", "wrong audience"])
@pytest.mark.parametrize("tool", MATRIX)
async def test_without_a_good_token_nothing_is_answered(desk: Desk, tool: str, token: str) -> None:
    server = desk.servers[tool]
    olivia, elsewhere = (
        caller("olivia"),
        desk.settings.model_copy(update={"public_mcp_url": "http://elsewhere.example"}),
    )
    others = [name for name in server_names() if name != server]
    tokens = {
        "none": (None, None),
        "expired": (token_of(desk.settings, olivia, expires_s=-60),) * 2,
        "wrong audience": (token_of(desk.settings, olivia, servers=others), token_of(elsewhere, olivia)),
    }
    alone, together = tokens[token]

    async with desk.unchanged():
        for at in (desk.at(f"/{server}/mcp", alone), desk.at("/mcp", together)):
            listed = await at.post("tools/list", {})
            called = await at.post("tools/call", {"name": tool, "arguments": MATRIX[tool][0]})

            assert (listed.status_code, called.status_code) == (401, 401)
            assert MARK not in listed.text + called.text


@pytest.mark.parametrize(("tool", "arguments"), CALLS)
async def test_another_customer_reads_and_changes_nothing(desk: Desk, tool: str, arguments: dict[str, Any]) -> None:
    mallory = desk.as_(caller("mallory"))

    async with desk.unchanged():
        foreign = await mallory.call(tool, arguments)
        absent = await mallory.call(tool, missing(arguments))

    assert MARK not in json.dumps(foreign, ensure_ascii=False)
    assert without_ids(text_in(foreign)) == without_ids(text_in(absent))
    if missing(arguments) != arguments:
        assert (foreign["isError"], absent["isError"]) == (True, True)


@pytest.mark.parametrize("tool", MATRIX)
async def test_a_tool_whose_scope_is_missing_is_neither_listed_nor_called(desk: Desk, tool: str) -> None:
    server = desk.servers[tool]
    named = {each["name"]: each for each in await desk.as_(caller(None)).tools()}
    kind = "read" if named[tool]["annotations"]["readOnlyHint"] else "write"
    scopes = sorted(scopes_of(server_names()) - {f"{server}:{kind}"})

    for who in (caller("olivia", scopes=scopes), caller(None, scopes=scopes)):
        limited = desk.as_(who)
        async with desk.unchanged():
            refused = await limited.call(tool, MATRIX[tool][0])

        assert tool not in {each["name"] for each in await limited.tools()}
        assert (refused["isError"], text_in(refused)) == (True, f"Unknown tool: {tool}")


@pytest.mark.parametrize("tool", sorted(STAFF_ONLY))
async def test_a_tool_of_staff_is_neither_listed_nor_called_by_a_customer(desk: Desk, tool: str) -> None:
    olivia = desk.as_(caller("olivia"))

    async with desk.unchanged():
        refused = await olivia.call(tool, MATRIX[tool][0])

    assert tool not in {each["name"] for each in await olivia.tools()}
    assert (refused["isError"], text_in(refused)) == (True, f"Unknown tool: {tool}")


@pytest.mark.parametrize("who", ["olivia", "staff"])
@pytest.mark.parametrize("tool", sorted(set(MATRIX) - PUBLIC))
async def test_the_owner_and_staff_reach_what_another_customer_does_not(desk: Desk, tool: str, who: str) -> None:
    if who == "olivia" and tool in STAFF_ONLY:
        pytest.skip("only staff may")
    refused = await desk.as_(caller("mallory")).call(tool, MATRIX[tool][0])
    before = await desk.digest()

    reached = await desk.as_(caller(None if who == "staff" else who)).call(tool, MATRIX[tool][0])

    # Their answer is an error of another kind.
    assert reached["isError"] is (tool in NEED_A_MODEL)
    assert text_in(reached) != text_in(refused)
    assert (await desk.digest() == before) is (tool not in NOT_ASKING)


async def test_a_question_that_waits_for_one_customers_yes_is_worth_nothing_to_another(desk: Desk) -> None:
    olivia, mallory = desk.as_(caller("olivia")), desk.as_(caller("mallory"))
    shown = await olivia.tools()
    asking = [tool["name"] for tool in shown if tool["annotations"]["destructiveHint"]]

    async with desk.unchanged():
        for tool in asking:
            asked = await olivia.call(tool, MATRIX[tool][0])
            asked_of = {"shopdesk/asked": asked["structuredContent"]["confirm_url"].rpartition("/")[2]}
            theirs = await mallory.call(tool, MATRIX[tool][0], asked_of)
            absent = await mallory.call(tool, missing(MATRIX[tool][0]), asked_of)

            assert (theirs["isError"], MARK in json.dumps(theirs)) == (True, False)
            assert without_ids(text_in(theirs)) == without_ids(text_in(absent))

    writes = {tool["name"] for tool in shown if not tool["annotations"]["readOnlyHint"]}
    assert set(asking) == writes - NOT_ASKING
    assert "confirm_token" not in json.dumps([tool["inputSchema"] for tool in shown])
