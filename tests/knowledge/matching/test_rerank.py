"""Re-ranking by an endpoint: its order where it answers, and else the order of the search, told as such."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from knowledge.indexes.endpoint import Endpoint
from knowledge.matching.rerank import REST_S, Reranker
from storage.db import Sessions, reading
from storage.settings import Settings
from tests.clients import caller, client_of, server_for
from tests.knowledge.handbook import TODAY, ask, open_handbook, places, take_in, write_policy
from tests.knowledge.model_endpoint import MODEL, EmbeddingModel, Failure, answering, embedding_by, hang, status
from tests.processes import free_port

QUESTION = "who pays the postage of a return"


@pytest.fixture
def model() -> EmbeddingModel:
    return EmbeddingModel()


@pytest.fixture
async def shop(
    model: EmbeddingModel, settings: Settings, sessions: Sessions, tmp_path: Path
) -> AsyncIterator[Settings]:
    """A shop with a handbook of 30 passages on postage, the last ones the shortest, which are re-ranked."""
    sections = (f"## Part {part}\n\nWe pay the postage of a return{', always' * (30 - part)}." for part in range(30))
    await take_in(settings, sessions, write_policy(tmp_path / "policies", "\n\n".join(sections)))
    async with embedding_by(model, settings) as served:
        yield settings.model_copy(update={"rerank_base_url": served.embeddings_base_url, "rerank_model": MODEL})


def only_of_search(settings: Settings) -> Settings:
    return settings.model_copy(update={"rerank_base_url": "", "rerank_model": ""})


async def test_the_best_passages_of_the_search_come_in_the_order_of_the_model_with_its_scores(
    model: EmbeddingModel, shop: Settings, sessions: Sessions
) -> None:
    answer = await ask(open_handbook(shop), sessions, QUESTION)

    [sent] = model.reranked
    lengths = [len(f"Returns\n{one.passage.section}\n{one.passage.text}") for one in answer.found]
    assert len(sent) == 20
    assert lengths == sorted(map(len, sent), reverse=True)[:5]
    assert [one.score for one in answer.found] == [length / 1000 for length in lengths]
    assert answer.reranked is True
    assert answer.answered


async def test_the_result_of_the_tool_says_whether_its_passages_were_re_ranked(
    model: EmbeddingModel, shop: Settings, sessions: Sessions
) -> None:
    told = list[object]()
    for settings, failures in ((shop, []), (shop, [status(500)] * 2), (only_of_search(shop), [])):
        model.failures.extend(failures)
        async with client_of(server_for(settings, sessions, caller("mina"), ["policies"])) as client:
            result = await client.call_tool("search_policies", {"query": QUESTION})
        told.append((result.structured_content or {}).get("reranked", "not said"))

    assert told == [True, False, "not said"]


@pytest.mark.parametrize(
    "failures",
    [
        [status(500)] * 2,
        [status(404)],
        [answering("<html>")],
        [answering({"results": []})],
        [answering({"results": [{"index": 0, "relevance_score": 1.0}] * 20})],
        [answering({"results": [{"index": place % 20, "relevance_score": 1.0} for place in range(21)]})],
        [answering({"results": [{"index": place + 1, "relevance_score": 1.0} for place in range(20)]})],
        [answering('{"results": [' + ",".join(f'{{"index": {n}, "relevance_score": NaN}}' for n in range(20)) + "]}")],
        pytest.param([hang], marks=pytest.mark.slow),
    ],
)
async def test_where_it_fails_the_order_is_that_of_the_search_and_the_log_says_why(
    model: EmbeddingModel,
    shop: Settings,
    sessions: Sessions,
    caplog: pytest.LogCaptureFixture,
    failures: Sequence[Failure],
) -> None:
    expected = await ask(open_handbook(only_of_search(shop)), sessions, QUESTION)
    model.failures.extend(failures)

    answer = await ask(open_handbook(shop), sessions, QUESTION)

    assert (places(answer), answer.reranked) == (places(expected), False)
    assert [one.score for one in answer.found] == [one.score for one in expected.found]
    [line] = [record.getMessage() for record in caplog.records if record.name == "knowledge.matching.rerank"]
    assert line.startswith(
        f"Policies are not re-ranked: the re-ranking endpoint at {shop.rerank_base_url} cannot be used"
    )


async def test_after_a_failure_searches_do_not_wait_for_it_for_a_while(model: EmbeddingModel, shop: Settings) -> None:
    now = [0.0]
    endpoint = Endpoint("The endpoint", "RERANK_{}".format, shop.rerank_base_url, "")
    reranker = Reranker(endpoint, MODEL, clock=lambda: now[0])
    model.failures += [status(404)]

    scores = [await reranker.find_scores(QUESTION, ["one"]) for _ in range(3)]
    now[0] = REST_S
    later = await reranker.find_scores(QUESTION, ["one"])

    assert scores == [None] * 3
    assert later is not None
    assert len(model.reranked) == 2


async def test_a_search_that_waits_for_an_endpoint_keeps_no_connection_to_the_database(
    model: EmbeddingModel, shop: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    both = shop.model_copy(update={"embeddings_base_url": shop.rerank_base_url, "embeddings_model": MODEL})
    await take_in(both, sessions, tmp_path / "policies")
    handbook = open_handbook(both)
    await ask(handbook, sessions, QUESTION)
    kept = list[bool]()

    async with reading(sessions) as session:

        async def look(_request: Request, _told: dict[str, Any]) -> None:
            kept.append(session.in_transaction())

        model.failures += [look, look]
        await handbook.search(session, QUESTION, language=None, limit=5, today=TODAY)

    assert kept == [False, False]


async def test_where_nothing_is_found_nothing_is_sent(
    model: EmbeddingModel, shop: Settings, sessions: Sessions
) -> None:
    answer = await ask(open_handbook(shop), sessions, "?!")

    assert (answer.found, answer.reranked, model.reranked) == ([], None, [])


async def test_one_that_is_away_makes_no_search_fail(shop: Settings, sessions: Sessions) -> None:
    away = shop.model_copy(update={"rerank_base_url": f"http://127.0.0.1:{free_port()}/v1"})

    answer = await ask(open_handbook(away), sessions, QUESTION)

    assert len(answer.found) == 5
    assert answer.reranked is False
