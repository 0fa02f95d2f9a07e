"""The MCP server `assistant` over HTTP, as the SDK's own client meets it: staff's tools, and nobody else's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult
from sqlalchemy import text

from knowledge.reading.documents import HANDBOOK
from knowledge.taking_in.ingest import ingest
from storage.db import Sessions, writing
from storage.models.decisions import RoutedDecision
from storage.owners import Staff
from storage.people.accounts import Account
from storage.settings import Settings
from storage.shop.orders import OrderStatus, get_order
from tests.clients import text_of
from tests.factories import add_order
from tests.team.faulty import Pair, says, status
from tests.ui.rest.served_shop import ServedShop, open_served_shop

PATH = "/assistant/mcp"
MODELS = ["slice1", "slice2"]
READING = {"analyse_document", "ask_model", "get_insights", "get_task", "support_decision"}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
BOTH_KINDS = {"Accept": "application/json, text/event-stream"}


@pytest.fixture
def pair() -> Pair:
    return Pair()


@pytest.fixture
async def shop(settings: Settings, sessions: Sessions, pair: Pair) -> AsyncIterator[ServedShop]:
    on = settings.model_copy(update={"assistant_mcp": True})
    async with open_served_shop(on, sessions, around=pair.around) as opened:
        yield opened


@pytest.fixture
async def handbook(settings: Settings, sessions: Sessions) -> None:
    await ingest(settings, sessions, [HANDBOOK / "en" / "returns.md"])


@asynccontextmanager
async def program(
    shop: ServedShop, whose: Account | None = None, mode: str = "auto", **headers: str
) -> AsyncIterator[Client]:
    async with await shop.program(whose or shop.staff, **headers) as http:
        url = f"{shop.settings.public_ui_url}{PATH}"
        async with Client(streamable_http_client(url, http_client=http), mode=mode) as client:
            yield client


async def called(client: Client, tool: str, **arguments: object) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, text_of(result)
    return dict(result.structured_content or {})


async def refused(client: Client, tool: str, **arguments: object) -> str:
    result = await client.call_tool(tool, arguments)
    assert isinstance(result, CallToolResult)
    assert result.is_error, result.structured_content
    return text_of(result)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_client_is_told_what_each_tool_takes_returns_and_does(shop: ServedShop, mode: str) -> None:
    async with program(shop, mode=mode) as client:
        tools = (await client.list_tools()).tools

    assert {tool.name for tool in tools} == READING | {"cooperate"}
    assert {tool.name for tool in tools if tool.annotations and tool.annotations.read_only_hint} == READING
    assert all(tool.title and tool.description and tool.output_schema for tool in tools)
    assert all("$ref" not in str(tool.input_schema) and "ctx" not in tool.input_schema["properties"] for tool in tools)
    described = [one for tool in tools for one in tool.input_schema["properties"].values()]
    assert all(one["description"] for one in described)


async def test_a_question_is_answered_by_a_model_or_only_routed(shop: ServedShop, pair: Pair) -> None:
    pair.slices[1].fault = pair.slices[2].fault = says("It depends on the order.")
    async with program(shop) as client:
        answer = await called(
            client, "ask_model", query="Compare refund and replacement step by step.", strategy="best"
        )
        dry = await called(client, "ask_model", query="Compare refund and replacement step by step.", dry_run=True)

    assert (answer["response"], answer["fell_back"]) == ("It depends on the order.", [])
    assert (answer["decision"]["strategy"], answer["metrics"]["cost"]) == ("best", 0)
    assert (dry["response"], dry["decision"]["task"]) == (None, "reasoning")


async def test_several_models_answer_from_the_shops_own_data_and_the_task_is_found_again(shop: ServedShop) -> None:
    order = await add_order(shop.sessions)
    told: list[str] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        told.append(message or "")

    async with program(shop) as client:
        arguments = {"query": f"Where is order {order.id}?", "mode": "parallel", "models": MODELS}
        result = await client.call_tool("cooperate", arguments, progress_callback=hear)
        task = dict(result.structured_content or {})
        again = await called(client, "get_task", task_id=task["task_id"])
        begun = await called(client, "cooperate", query="How long do refunds take?", models=MODELS, wait_s=0)
        ended = await called(client, "get_task", task_id=begun["task_id"], wait_s=30)

    assert (task["status"], task["models"], again) == ("done", MODELS, task)
    assert any(order.id.lstrip("#") in one["text"] for one in task["result"]["answers"])
    assert told[0].startswith("task started")
    assert begun["status"] in {"waiting", "running"}
    assert (ended["status"], bool(ended["result"]["text"])) == ("done", True)


async def test_a_change_that_models_want_is_not_made(shop: ServedShop) -> None:
    order = await add_order(shop.sessions, status=OrderStatus.PENDING)
    async with program(shop) as client:
        task = await called(client, "cooperate", query=f"Cancel order {order.id}, ordered by mistake.", mode="select")

    async with shop.sessions() as session:
        after = await get_order(session, order.id, Staff())
    assert (task["status"], [one["tool"] for one in task["changes"]]) == ("asked", ["cancel_order"])
    assert after.status is OrderStatus.PENDING


@pytest.mark.usefixtures("handbook")
async def test_services_answer_with_figures_places_and_arithmetic(shop: ServedShop) -> None:
    await add_order(shop.sessions, id="#W1042", status=OrderStatus.CANCELLED)
    draft = "Customers must hand the parcel in within 90 days."
    count = "SELECT count(*) AS n FROM orders WHERE status = 'cancelled'"
    async with program(shop) as client:
        figures = await called(client, "get_insights", question="How many orders are cancelled?", sql=count)
        document = await called(client, "analyse_document", content=draft)
        decision = await called(
            client,
            "support_decision",
            question="Refund or replace the lamp?",
            options=["refund", "replace"],
            criteria=["cost", "speed"],
            weights=[2, 1],
            scores=["refund | cost | 4", "replace | cost | 6", "refund|speed|9", "replace|speed|5.5"],
            evidence=['get_order {"order_id": "#W1042"}'],
        )

    assert (figures["status"], figures["rows"]) == ("answered", [[1]])
    [duty] = document["obligations"]
    assert draft[duty["place"]["start"] : duty["place"]["end"]] == duty["text"]
    assert [one["text"] for one in document["periods"]] == ["90 days"]
    assert decision["recommendation"] == "replace"
    assert decision["totals"][0] == {"option": "replace", "total": pytest.approx(5.83, abs=0.01)}
    assert "#W1042" in decision["evidence"][0]["text"]


async def test_what_is_wrong_is_said_as_over_rest(shop: ServedShop, pair: Pair) -> None:
    weighed = {"options": ["a", "b"], "criteria": ["c"], "question": "?"}
    async with program(shop) as client, await shop.program(shop.staff) as rest:
        pair.slices[1].fault = pair.slices[2].fault = status(500)
        nobody = await refused(client, "ask_model", query="Write a SQL query")
        over_rest = (await rest.post("/query", json={"query": "Write a SQL query"})).json()["error"]
        told = [
            await refused(client, "ask_model", query="?", stragegy="best"),
            await refused(client, "ask_model", query="?", strategy="luckiest"),
            await refused(client, "ask_model", query="  "),
            await refused(client, "cooperate", query="?", models=["slice9"]),
            await refused(client, "cooperate", query="?", mode="vote", models=["slice1"]),
            await refused(client, "get_task", task_id="t9"),
            await refused(client, "get_insights", question=""),
            await refused(client, "support_decision", **weighed, weights=[1, 2]),
            await refused(client, "support_decision", **weighed, scores=["a: 3"]),
            await refused(client, "support_decision", **weighed, evidence=["get_order #W1042"]),
            await refused(client, "shout", query="?"),
        ]

    assert nobody == over_rest
    assert [one.partition(",")[0][:60] for one in told] == [
        "There is no field 'stragegy' here. There are query",
        "strategy: Input should be 'auto'",
        "query: it has no words.",
        "There is no endpoint slice9 in models.toml; it has: slice1",
        "The mode vote needs two models or more",
        "There is no task t9 of yours.",
        "Put the question into `content`",
        "weights: there are 2 for 1 criteria; give each one",
        "scores: 'a: 3' is not 'option | criterion | score'.",
        "evidence: 'get_order #W1042' is not a tool's name and its ar",
        "There is no tool 'shout' here. There are ask_model",
    ]


async def test_a_refusal_is_said_in_the_callers_language_too(shop: ServedShop, pair: Pair) -> None:
    pair.slices[1].fault = pair.slices[2].fault = status(500)
    async with program(shop) as client, program(shop, None, "auto", **{"Accept-Language": "ko-KR,ko;q=0.9"}) as korean:
        asked = await refused(client, "ask_model", query="SQL 쿼리를 써 줘")
        task = await refused(korean, "get_task", task_id="t9")

    assert asked.startswith("응답한 모델이 없습니다. 잠시 후 다시 시도해 주세요. (")
    assert task == "작업을 찾을 수 없습니다. (There is no task t9 of yours.)"


async def test_an_error_of_ours_tells_a_reference_and_nothing_else(
    shop: ServedShop, caplog: pytest.LogCaptureFixture
) -> None:
    async with writing(shop.sessions) as session:
        await session.execute(text(f"DROP TABLE {RoutedDecision.__tablename__}"))
    async with program(shop) as client:
        told = await refused(client, "ask_model", query="?", dry_run=True)

    reference = told.partition("(reference ")[2][:8]
    assert told == f"Something went wrong on our side (reference {reference})."
    assert f"Tool ask_model failed (reference {reference})" in caplog.text


async def test_customers_and_strangers_are_refused_before_anything_is_read(shop: ServedShop) -> None:
    async with await shop.program(None, **BOTH_KINDS) as customer, shop.nobody() as nobody:
        answers = [
            await customer.post(PATH, json=PING),
            await nobody.post(PATH, json=PING, headers=BOTH_KINDS),
            await nobody.post(PATH, json=PING, headers={**BOTH_KINDS, "Authorization": "Bearer sk-shopdesk-made-up"}),
        ]

    assert [(one.status_code, one.json()["code"]) for one in answers] == [
        (403, "staff_only"),
        (401, "not_logged_in"),
        (401, "bad_bearer"),
    ]
    assert answers[1].headers["www-authenticate"] == "Bearer"


async def test_nobody_finds_the_task_of_somebody_else(shop: ServedShop) -> None:
    async with program(shop) as client, program(shop) as other:
        task = await called(client, "cooperate", query="How long do refunds take?", mode="select")
        told = await refused(other, "get_task", task_id=task["task_id"])

    assert told == f"There is no task {task['task_id']} of yours."


async def test_another_sites_page_cannot_call_with_a_browsers_login(shop: ServedShop) -> None:
    async with shop.browser(shop.staff) as browser:
        own = await browser.post(PATH, json=PING, headers=BOTH_KINDS)
        other = await browser.post(PATH, json=PING, headers={**BOTH_KINDS, "Origin": "https://evil.example"})

    assert (own.status_code, other.status_code) == (200, 403)


@pytest.mark.usefixtures("handbook")
async def test_a_long_document_is_read_and_one_that_is_too_large_refused(shop: ServedShop) -> None:
    long = "Customers must pay.\n" * 5_000
    async with program(shop) as client:
        read = await called(client, "analyse_document", content=long, analysis_type="code")
    async with await shop.program(shop.staff, **BOTH_KINDS) as rest:
        larger = await rest.post(PATH, json={**PING, "params": {"x": "x" * 13 * 1024 * 1024}})

    assert (read["found"]["obligations"], len(read["obligations"])) == (5_000, 40)
    assert larger.status_code == 413


async def test_without_the_setting_there_is_no_such_route(settings: Settings, sessions: Sessions) -> None:
    async with open_served_shop(settings, sessions) as shop, await shop.program(shop.staff, **BOTH_KINDS) as client:
        answer: httpx2.Response = await client.post(PATH, json=PING)

    assert answer.status_code == 404
