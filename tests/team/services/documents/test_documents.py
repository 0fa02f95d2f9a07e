"""`document_analysis`: every claim has its place, and the handbook is held against the figures."""

import base64
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from knowledge.reading.documents import HANDBOOK
from knowledge.taking_in.ingest import ingest
from storage.db import Sessions
from storage.settings import Settings
from tests.team.services.documents.made import CONTRACT, HIDDEN, KOREAN, ORDERS, pdf, picture_pdf
from tests.team.services.scripted import scripted

PLANTED = tomllib.loads(Path(__file__).with_name("planted.toml").read_text(encoding="utf-8"))
PAGES = 300
QUOTED = ("summary", "obligations", "dates", "amounts", "periods")


def _page(number: int) -> str:
    # Each figure is searched for in the handbook.
    figure = f" {number} USD" if number % 10 == 0 else " the price"
    return f"On page {number} the shop must pay{figure}."


READ = {
    "a contract": (CONTRACT, "text"),
    "a Korean contract": (KOREAN, "text"),
    "orders to the model": (ORDERS, "text"),
    "a page with hidden text": (HIDDEN, "html"),
    "a page in base64": (base64.b64encode(HIDDEN.encode()).decode(), "html"),
    "a PDF": (pdf(["The shop must pay 40 USD within 10 days.", "Signed on 5 March 2026."]), "pdf"),
    "300 pages": (pdf([_page(number) for number in range(1, PAGES + 1)]), "pdf"),
    "one line without an end": ("must pay 5 USD " * 1_000, "text"),
}
REFUSED = {
    "a broken PDF": (base64.b64encode(b"%PDF-1.7 and then nothing").decode(), "pdf"),
    "a PDF without text": (picture_pdf(), "pdf"),
    "no base64": ("this is no PDF", "pdf"),
    "nothing": (" \n ", "text"),
}


async def read(client: httpx2.AsyncClient, content: str, form: str, **parameters: str) -> httpx2.Response:
    body = {"service_type": "document_analysis", "content": content, "parameters": {"format": form, **parameters}}
    return await client.post("/service", json=body)


def model(asked: str) -> str:
    """Quote the first line truly, and then claim what is not there, with invented figures and without a quotation."""
    line = next((line for line in asked.replace("<document>", "").splitlines() if len(line) > 15), "")[:100]
    true, invented = f"- What it is about | {line}", "Everything is free | everything is free for ever"
    return f"{true}\n{invented}\nIt costs 77 USD | {line}\nTrust me"


def quotes(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in QUOTED:
        yield from told[name]
    for one in told["contradictions"]:
        yield from (one["claim"], one["figure"])


@pytest.mark.parametrize("name", READ)
async def test_what_is_said_of_a_document_stands_at_its_place(
    name: str, settings: Settings, sessions: Sessions
) -> None:
    content, form = READ[name]
    await ingest(settings, sessions, [HANDBOOK / "en" / "returns.md"])
    async with scripted(settings, sessions, model) as client:
        answer = await read(client, content, form)

    assert answer.status_code == 200, answer.text
    told = answer.json()
    text = content if told["text"] is None else told["text"]
    found = list(quotes(told))
    assert found
    assert [one for one in found if text[one["place"]["start"] : one["place"]["end"]] != one["text"]] == []
    assert {one["place"]["page"] for one in found} <= set(range(1, told["pages"] + 1))
    assert "77" not in " ".join(one["claim"] for one in told["summary"])


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cannot_be_read_is_refused_with_its_reason(
    name: str, settings: Settings, sessions: Sessions
) -> None:
    content, form = REFUSED[name]
    async with scripted(settings, sessions, model) as client:
        answer = await read(client, content, form)

    assert answer.status_code == 400
    assert answer.json()["error"].startswith("The document cannot be read: ")


async def test_figures_dates_and_duties_are_found_by_code(settings: Settings, sessions: Sessions) -> None:
    await ingest(settings, sessions, [HANDBOOK / "en" / "returns.md"])
    async with scripted(settings, sessions, model) as client:
        contract = (await read(client, CONTRACT, "text", analysis_type="code")).json()
        korean = (await read(client, KOREAN, "text", analysis_type="code")).json()
        hidden = (await read(client, HIDDEN, "html", analysis_type="code")).json()

    assert [one["text"] for one in contract["amounts"]] == ["1,200.50 USD", "2%"]
    assert [one["text"] for one in contract["dates"]] == ["5 March 2026"]
    assert [one["text"] for one in contract["periods"]] == ["3 months"]
    assert len(contract["obligations"]) == 2
    assert [one["text"] for one in korean["amounts"]] == ["2,000,000원", "12%"]
    assert [one["text"] for one in korean["dates"]] == ["2026년 3월 1일"]
    assert korean["answer"].startswith("모두 1쪽에서")
    assert [one["text"] for one in hidden["amounts"]] == ["4 USD"]


async def test_a_figure_that_the_handbook_has_otherwise_is_told_with_both_places(
    settings: Settings, sessions: Sessions
) -> None:
    await ingest(settings, sessions, [HANDBOOK / "en" / "returns.md"])
    async with scripted(settings, sessions, model) as client:
        told = (await read(client, ORDERS, "text", analysis_type="code")).json()
        same = (await read(client, ORDERS.replace("30 days", "14 days"), "text", analysis_type="code")).json()

    [found] = told["contradictions"]
    assert found["figure"]["text"] == "30 days"
    assert (found["handbook"]["policy_id"], found["handbook"]["figures"]) == ("returns", ["14 days"])
    assert same["contradictions"] == []


async def test_progress_comes_before_the_result(settings: Settings, sessions: Sessions) -> None:
    await ingest(settings, sessions, [HANDBOOK / "en" / "returns.md"])
    body = {"service_type": "document_analysis", "content": CONTRACT}
    async with scripted(settings, sessions, model) as client:
        events = await client.post("/service", json=body, headers={"Accept": "text/event-stream"})

    named = [line.removeprefix("event: ") for line in events.text.splitlines() if line.startswith("event: ")]
    assert named[-1] == "result"
    assert set(named[:-1]) == {"progress"}


@pytest.mark.slow
async def test_18_of_20_planted_contradictions_are_found_and_none_where_there_is_none(
    settings: Settings, sessions: Sessions
) -> None:
    await ingest(settings, sessions, [HANDBOOK])
    async with scripted(settings, sessions, model) as client:
        planted = (await read(client, "\n".join(PLANTED["against"]), "text", analysis_type="code")).json()
        others = (await read(client, "\n".join(PLANTED["agrees"]), "text", analysis_type="code")).json()

    found = {one["claim"]["text"] for one in planted["contradictions"]}
    assert len(found) >= 18
    assert others["contradictions"] == []
