"""One message, one trace: through the page, the desk, the models and the tool servers, down to SQL."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from storage.db import Sessions, writing
from storage.people.api_keys import make_key
from storage.settings import Settings
from storage.shop.orders import OrderStatus
from storage.traces import conventions as names
from team.standin.server import build_app as build_model
from tests.factories import add_account, add_customer, add_order
from tests.seen.collector import CLIENT, SERVER, Collector, Span, collecting
from tests.seen.models import Asked
from tests.team.page_process import Visit, page_process
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import MODELS, NAMES
from tests.tools_process import tools_process

MODEL_MS = 20
EMAIL, FIRST, LAST, ORDER = "hildegunn.traced@example.com", "Hildegunn", "Tracedottir", "#W4715337"
MESSAGE = f"What is the status of my order {ORDER}? I am {FIRST} {LAST}, {EMAIL}, xylophone."
PERSONAL = (EMAIL, FIRST, LAST, ORDER.removeprefix("#"), "xylophone")

TURN = "invoke_workflow turn"
COMPLETIONS = "POST /v1/chat/completions"
REQUEST = "POST /api/conversations/{conversation_id}/messages"


@asynccontextmanager
async def traced_shop(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, **options: str
) -> AsyncIterator[tuple[Collector, Asked, str]]:
    """The page and the tool servers as processes, two model servers, and the collector that they report to."""
    models, asked = [listening(), listening()], Asked()
    (settings.shopdesk_home / "models.toml").write_text(MODELS.read_text())
    played = [
        (asked.around(0, build_model(name, delay_ms=MODEL_MS)), listener)
        for name, listener in zip(NAMES, models, strict=True)
    ]
    async with collecting() as collector, serving(*played):
        told = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "100",
            "DEBUG_MODE": "true",
            **{f"MODEL{number}_BASE_URL": f"{address(one)}/v1" for number, one in enumerate(models, start=1)},
            **options,
        }
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        async with (
            tools_process(settings) as (served, _),
            page_process({"PUBLIC_MCP_URL": served.public_mcp_url}) as (at, _),
        ):
            yield collector, asked, at


async def visit_of(sessions: Sessions, at: str) -> Visit:
    customer = await add_customer(sessions, first_name=FIRST, last_name=LAST, email=EMAIL)
    await add_order(sessions, id=ORDER, customer_id=customer.id, status=OrderStatus.DELIVERED)
    await add_account(sessions, email=EMAIL, customer_id=customer.id)
    visit = Visit(at)
    await visit.log_in(EMAIL)
    return visit


async def asked_once(sessions: Sessions, collector: Collector, at: str) -> tuple[list[Span], dict[str, Any]]:
    """Send one message; return its trace, and the step its turn ended with."""
    visit = await visit_of(sessions, at)
    await visit.say(MESSAGE)
    ended = await visit.ended()

    def is_whole(trace: list[Span]) -> bool:
        known = {span.id for span in trace}
        wanted = {TURN, REQUEST, "tools/call get_order"} <= {span.name for span in trace}
        return wanted and [span.name for span in trace if span.parent not in known] == [REQUEST]

    return await collector.trace_with(is_whole), ended


def children(trace: list[Span], parent: Span) -> list[Span]:
    return [span for span in trace if span.parent == parent.id]


def only(trace: list[Span], name: str, kind: int | None = None) -> Span:
    [found] = [span for span in trace if span.name == name and kind in {None, span.kind}]
    return found


def slack_ms(span: Span, by_id: dict[str, Span]) -> int:
    """A server's span may end after its caller has read the answer, by as much as a busy machine takes to leave it."""
    return 1 if span.service == by_id[span.parent].service else 250


async def test_a_message_is_one_trace_from_the_page_to_the_tools_sql(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with traced_shop(settings, monkeypatch) as (collector, asked, at):
        trace, ended = await asked_once(sessions, collector, at)

    by_id = {span.id: span for span in trace}
    turn, request = only(trace, TURN), only(trace, REQUEST)
    called, served = only(trace, "tools/call get_order", CLIENT), only(trace, "tools/call get_order", SERVER)

    # One trace: its root is the request, and each other span is a part of one that is there.
    assert [span.name for span in trace if span.parent not in by_id] == [REQUEST]
    assert {span.service for span in trace} == {"shopdesk-page", "shopdesk-tools"}
    assert turn.parent == request.id
    assert by_id[called.parent].name == "execute_tool get_order"
    assert served.parent == called.id
    assert any(span.name == "SELECT orders" for span in children(trace, served))
    assert by_id[by_id[called.parent].parent].name == "invoke_agent OrderTracker"
    # They nest: each part lies within its whole, but for the turn, which goes on when its request was answered.
    assert [
        span.name
        for span in trace
        if span.parent in by_id
        and span is not turn
        and not (
            by_id[span.parent].start - 1 <= span.start and span.end <= by_id[span.parent].end + slack_ms(span, by_id)
        )
    ] == []
    # The parts of a turn are its time.
    assert sum(part.ms for part in children(trace, turn)) == pytest.approx(turn.ms, rel=0.05)
    assert turn.ms == pytest.approx(ended["ms"], rel=0.05)
    # The tokens are those that the model servers told, and the turn's own count.
    chats = [span for span in trace if span.attributes.get(names.OPERATION) == names.CHAT]
    spent = [sum(chat.attributes[name] for chat in chats) for name in (names.INPUT_TOKENS, names.OUTPUT_TOKENS)]
    assert spent == [asked.prompt_tokens, asked.completion_tokens]
    assert spent == [ended["prompt_tokens"], ended["completion_tokens"]]
    assert spent == [turn.attributes[names.INPUT_TOKENS], turn.attributes[names.OUTPUT_TOKENS]]
    assert len(chats) == ended["model_calls"] == len(asked.traceparents) > 1
    # A model server's own spans would be parts of the same trace.
    assert {parent.split("-")[1] for parent in asked.traceparents} == {turn.trace}
    assert {parent.split("-")[2] for parent in asked.traceparents} <= set(by_id)


async def test_a_program_that_traces_finds_the_turn_in_its_own_trace(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = await add_customer(sessions)
    await add_order(sessions, id=ORDER, customer_id=customer.id, status=OrderStatus.DELIVERED)
    async with writing(sessions) as session:
        _, key = await make_key(session, customer.id)
    own = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"Authorization": f"Bearer {key}", "traceparent": f"00-{own}-00f067aa0ba902b7-01"}
    body = {"model": "shopdesk", "messages": [{"role": "user", "content": MESSAGE}]}

    async with traced_shop(settings, monkeypatch) as (collector, _, at), httpx2.AsyncClient(timeout=30) as http:
        answer = await http.post(f"{at}/v1/chat/completions", json=body, headers=headers)
        trace = await collector.trace_with(lambda found: {TURN, COMPLETIONS} <= {span.name for span in found})

    assert answer.status_code == 200
    assert {span.trace for span in trace} == {own}
    assert only(trace, TURN).parent == only(trace, COMPLETIONS).id


async def test_no_span_holds_what_a_customer_said_or_who_they_are(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with traced_shop(settings, monkeypatch) as (collector, _, at):
        await asked_once(sessions, collector, at)

    told = "\n".join(span.said for span in collector.spans)
    assert len(collector.spans) > 20
    assert [word for word in PERSONAL if word in told] == []
    assert {name for span in collector.spans for name in span.attributes} <= names.KEPT


async def test_a_setting_has_the_spans_of_models_say_what_was_said(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with traced_shop(settings, monkeypatch, TRACE_TEXT="true") as (collector, _, at):
        trace, _ = await asked_once(sessions, collector, at)

    chats = [span for span in trace if span.attributes.get(names.OPERATION) == names.CHAT]
    assert all("xylophone" in chat.attributes[names.INPUT] for chat in chats)
    assert all(chat.attributes[names.OUTPUT] for chat in chats)


def test_without_an_address_for_traces_nothing_of_them_is_imported() -> None:
    looked = (
        "import ui.__main__, mcp_servers.runtime.serving.serve, sys; "
        "print([one for one in sys.modules if one.startswith(('opentelemetry.sdk', 'opentelemetry.exporter', "
        "'opentelemetry.instrumentation', 'storage.traces.exporting'))])"
    )

    found = subprocess.run([sys.executable, "-c", looked], env=os.environ, capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"
