"""The policies server, through an MCP client."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from knowledge.reading.text import cost
from knowledge.taking_in.ingest import ingest, ingest_handbook
from storage.db import Sessions, writing
from storage.handbook.passages import Document, Passage
from storage.settings import Settings
from tests.clients import caller, client_of, server_for, text_of


async def test_a_question_is_answered_with_what_an_answer_cites(settings: Settings, sessions: Sessions) -> None:
    await ingest_handbook(settings, sessions)

    async with client_of(server_for(settings, sessions, caller("mina"), ["policies"])) as client:
        result = await client.call_tool("search_policies", {"query": "기프트 카드 유효기간이 있나요?", "limit": 1})

    content = result.structured_content
    assert content is not None
    assert json.loads(text_of(result)) == content
    assert content["answered"] is True
    [passage] = content["passages"]
    assert 0 < passage.pop("score") <= 1
    assert passage == {
        "policy_id": "gift-cards",
        "title": "기프트 카드",
        "section": "유효기간",
        "language": "ko",
        "text": "⟦저희 기프트 카드는 유효기간도 수수료도 없어요. 다 쓰실 때까지 잔액이 그대로 남아 있습니다.⟧",
        "effective_date": "2025-01-01",
    }


@pytest.mark.parametrize(
    ("query", "answered", "others", "near"),
    [
        ("how long does a refund take", True, False, (0.5, 1)),
        ("환불 정책 알려줘", True, False, (1, 1)),
        ("who won the world cup in 2018", False, False, (0, 0.5)),
        ("What is Amazon's return window?", False, True, (0, 0)),
    ],
)
async def test_a_result_says_how_near_it_comes_to_an_answer_and_whether_it_is_about_another_shop(
    settings: Settings, sessions: Sessions, query: str, answered: bool, others: bool, near: tuple[float, float]
) -> None:
    await ingest_handbook(settings, sessions)

    async with client_of(server_for(settings, sessions, caller("mina"), ["policies"])) as client:
        found = (await client.call_tool("search_policies", {"query": query})).structured_content or {}

    assert (found["answered"], found["about_another_shop"]) == (answered, others)
    assert near[0] <= found["nearness"] <= near[1]


@pytest.mark.parametrize("query", ["refund to a card after a return", "반품하면 카드로 환불은 언제 되나요"])
async def test_the_longest_result_stays_under_4000_tokens(settings: Settings, sessions: Sessions, query: str) -> None:
    await ingest_handbook(settings, sessions)

    async with client_of(server_for(settings, sessions, caller("mina"), ["policies"])) as client:
        result = await client.call_tool("search_policies", {"query": query, "limit": 10})

    assert len((result.structured_content or {})["passages"]) == 10
    assert cost(text_of(result)) < 4000


@pytest.mark.parametrize(("language", "title"), [("en", "Returning items"), ("ko", "반품")])
async def test_a_policy_is_read_in_the_callers_language(
    settings: Settings, sessions: Sessions, language: str, title: str
) -> None:
    await ingest_handbook(settings, sessions)

    async with client_of(server_for(settings, sessions, caller("mina", language=language), ["policies"])) as client:
        result = await client.call_tool("get_policy", {"policy_id": "returns"})

    content = result.structured_content or {}
    assert (content["title"], content["language"], content["policy_id"]) == (title, language, "returns")
    assert content["text"].startswith("⟦## ")


async def test_an_unknown_policy_is_refused_in_one_line(settings: Settings, sessions: Sessions) -> None:
    async with client_of(server_for(settings, sessions, caller("mina"), ["policies"])) as client:
        result = await client.call_tool("get_policy", {"policy_id": "time-travel"})

    assert (result.is_error, text_of(result)) == (
        True,
        "No policy time-travel was found. Find policies with search_policies.",
    )


async def test_a_handbook_that_was_not_taken_in_names_the_command(settings: Settings, sessions: Sessions) -> None:
    async with client_of(server_for(settings, sessions, caller("mina"), ["policies"])) as client:
        result = await client.call_tool("search_policies", {"query": "refund"})

    assert (result.is_error, text_of(result)) == (
        True,
        "Policies cannot be searched: the handbook has not been ingested yet. Run `shopdesk ingest`.",
    )


async def test_a_very_long_policy_is_shortened_between_passages(settings: Settings, sessions: Sessions) -> None:
    async with writing(sessions) as session:
        session.add(very_long_policy())

    async with client_of(server_for(settings, sessions, caller("mina"), ["policies"])) as client:
        text = (await client.call_tool("get_policy", {"policy_id": "long"})).structured_content or {}

    assert cost(text["text"]) < 4000
    assert text["text"].endswith("more passages: find them with search_policies.)⟧")


def very_long_policy() -> Document:
    passages = [Passage(id=f"p{n}", number=n, section=f"Part {n}", text="word " * 100) for n in range(1, 100)]
    return Document(
        key="long:en",
        policy_id="long",
        language="en",
        title="Long",
        category="",
        effective_date=date(2025, 1, 1),
        source="long.md",
        sha256="",
        text="word " * 10_000,
        passages=passages,
    )


def test_what_is_slow_to_import_waits_for_the_first_search() -> None:
    code = "import sys, mcp_servers.policies.server; print([m for m in ('chromadb', 'wordllama') if m in sys.modules])"

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ended.stdout == "[]\n"


async def test_a_page_without_a_date_is_found_and_read_like_any_other(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    page = tmp_path / "lanterns.html"
    page.write_text("<title>Lantern wrapping</title><h1>Lantern wrapping</h1><p>Lantern wrapping is free.</p>")
    await ingest(settings, sessions, [page])

    async with client_of(server_for(settings, sessions, caller("mina"), ["policies"])) as client:
        found = await client.call_tool("search_policies", {"query": "lantern wrapping", "limit": 1})
        read = await client.call_tool("get_policy", {"policy_id": "lanterns"})

    assert (found.structured_content or {})["passages"][0]["policy_id"] == "lanterns"
    assert (read.structured_content or {})["title"] == "Lantern wrapping"
