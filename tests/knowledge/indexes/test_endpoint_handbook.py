"""A handbook whose vectors an endpoint makes: taken in, searched, and never half of it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from knowledge.damage import IndexUnusableError
from knowledge.handbook import embedder_of
from knowledge.index import HandbookIndex, index_path
from knowledge.indexes.endpoint import EndpointAwayError
from knowledge.taking_in.ingest import ingest_handbook
from storage.db import Sessions
from storage.settings import Settings
from tests.clients import caller, client_of, server_for, text_of
from tests.knowledge.handbook import ask, open_handbook, places, take_in, write_policy
from tests.knowledge.indexes.test_chroma_server import chroma
from tests.knowledge.model_endpoint import EmbeddingModel, embedding_by, hang, status, well
from tests.processes import free_port

KEY = "sk-never-to-be-seen"


@pytest.fixture
def model() -> EmbeddingModel:
    made = EmbeddingModel()
    made.key = KEY
    return made


@pytest.fixture
async def shop(model: EmbeddingModel, settings: Settings) -> AsyncIterator[Settings]:
    async with embedding_by(model, settings) as served:
        yield served


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    folder = tmp_path / "policies"
    write_policy(folder, "## Who pays\n\nWe pay the postage of a return.\n\n## When\n\nWithin 30 days of delivery.")
    write_policy(folder, "## How long\n\nThe warranty lasts 12 months.", id="warranty", title="Warranty")
    return folder


def write_many(folder: Path, policies: int, version: str) -> None:
    for number in range(policies):
        sections = (f"## Part {part}\n\nPostage {number} is free, {version}." for part in range(10))
        write_policy(folder, "\n\n".join(sections), id=f"policy-{number}", title=f"Policy {number}")


def environment(shop: Settings) -> dict[str, str]:
    return os.environ | {
        "EMBEDDINGS_BASE_URL": shop.embeddings_base_url,
        "EMBEDDINGS_MODEL": shop.embeddings_model,
        "EMBEDDINGS_API_KEY": shop.embeddings_api_key,
    }


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_a_question_is_answered_by_its_vectors_and_each_is_embedded_once(
    model: EmbeddingModel, shop: Settings, sessions: Sessions, policies: Path
) -> None:
    first = await take_in(shop, sessions, policies)
    asked_at_first = len(model.texts)
    again = await take_in(shop, sessions, policies)
    handbook = open_handbook(shop)

    found = await ask(handbook, sessions, "who pays the postage")

    assert (first.indexed, again.indexed) == (3, 0)
    assert places(found)[0] == "returns:en Who pays"
    assert model.texts[asked_at_first:] == ["shop", "who pays the postage"]
    embedder = embedder_of(shop)
    assert HandbookIndex(index_path(shop.shopdesk_home, embedder), embedder).size == model.size
    assert KEY.encode() not in everything_in(shop.shopdesk_home)


async def test_what_its_vectors_find_counts_as_much_as_what_words_find(
    model: EmbeddingModel, shop: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    both = "## Postage\n\nWe pay the postage.\n\n## Parrots\n\nParrots are not for sale."
    await take_in(shop, sessions, write_policy(tmp_path, both))
    model.means["parrots"] = "postage we pay the postage"

    answer = await ask(open_handbook(shop), sessions, "parrots")

    assert sorted(places(answer)) == ["returns:en Parrots", "returns:en Postage"]
    assert answer.found[0].score == answer.found[1].score


async def test_whether_the_handbook_answers_is_decided_without_cosines_nobody_measured(
    model: EmbeddingModel, shop: Settings, sessions: Sessions
) -> None:
    model.alike = 10
    await ingest_handbook(shop, sessions)
    handbook = open_handbook(shop)

    answered = [
        (await ask(handbook, sessions, question)).answered
        for question in ("how long does a refund take", "환불은 얼마나 걸려요?", "who won the world cup in 1998")
    ]

    assert answered == [True, True, False]


async def test_a_shop_that_starts_again_does_not_need_the_endpoint_while_nothing_changed(
    shop: Settings, sessions: Sessions
) -> None:
    await ingest_handbook(shop, sessions)
    away = shop.model_copy(update={"embeddings_base_url": f"http://127.0.0.1:{free_port()}/v1"})

    report = await ingest_handbook(away, sessions)

    assert report.indexed == 0


async def test_another_model_is_told_with_the_command_that_mends_it(
    model: EmbeddingModel, shop: Settings, settings: Settings, sessions: Sessions, policies: Path
) -> None:
    await take_in(settings, sessions, policies)

    with pytest.raises(
        IndexUnusableError, match=r"was made by wordllama-.*, not endpoint-test-bilingual.*Run `shopdesk ingest`"
    ):
        await ask(open_handbook(shop), sessions, "who pays")
    report = await take_in(shop, sessions, policies)

    assert report.indexed == 3
    assert places(await ask(open_handbook(shop), sessions, "who pays"))[0] == "returns:en Who pays"


async def test_a_model_that_gives_longer_vectors_than_before_is_told_and_an_ingest_mends_it(
    model: EmbeddingModel, shop: Settings, sessions: Sessions, policies: Path
) -> None:
    await take_in(shop, sessions, policies)
    handbook = open_handbook(shop)
    await ask(handbook, sessions, "who pays")
    model.size = 300

    with pytest.raises(
        IndexUnusableError, match=r"has vectors of 256 numbers, but .* now returns 300\. Run `shopdesk ingest`"
    ):
        await ask(handbook, sessions, "who pays")
    report = await take_in(shop, sessions, policies)

    assert report.indexed == 3
    assert places(await ask(handbook, sessions, "who pays"))[0] == "returns:en Who pays"


@pytest.mark.slow
async def test_on_a_chroma_server_too_vectors_of_another_length_are_replaced(
    model: EmbeddingModel, shop: Settings, sessions: Sessions, policies: Path, tmp_path: Path
) -> None:
    async with chroma(tmp_path / "server", free_port()) as url:
        there = shop.model_copy(update={"chroma_url": url})
        await take_in(there, sessions, policies)
        model.size = 300
        report = await take_in(there, sessions, policies)

        found = await ask(open_handbook(there), sessions, "who pays")

    assert report.indexed == 3
    assert places(found)[0] == "returns:en Who pays"


async def test_an_endpoint_that_dies_half_way_leaves_the_old_handbook_and_the_next_ingest_does_the_rest(
    model: EmbeddingModel, shop: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    write_many(tmp_path / "policies", 30, "at first")
    await take_in(shop, sessions, tmp_path / "policies")
    write_many(tmp_path / "policies", 30, "then")
    before = len(model.texts)
    model.failures += [*[well] * 7, *[status(403)] * 20]
    with pytest.raises(EndpointAwayError, match="it answers 403"):
        await take_in(shop, sessions, tmp_path / "policies")
    kept, model.failures = len(model.texts) - before, type(model.failures)()

    between = await ask(open_handbook(shop), sessions, "is postage free")
    before = len(model.texts)
    report = await take_in(shop, sessions, tmp_path / "policies")
    after = await ask(open_handbook(shop), sessions, "is postage free")

    assert kept > 128
    assert {found.passage.text.split(", ")[1] for found in between.found} == {"at first."}
    assert {found.passage.text.split(", ")[1] for found in after.found} == {"then."}
    assert 0 < report.indexed <= 300 - 128
    assert len(model.texts) - before < 300 - 128 + 10


@pytest.mark.slow
async def test_ctrl_c_ends_an_ingest_whose_endpoint_hangs_and_the_next_one_does_the_rest(
    model: EmbeddingModel, shop: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    hanging = asyncio.Event()

    async def hang_for_good(request: Request, told: dict[str, Any]) -> Response:
        hanging.set()
        return await hang(request, told)

    write_many(tmp_path / "policies", 30, "at first")
    model.failures += [*[well] * 6, *[hang_for_good] * 20]
    ingest = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "scripts", "ingest", str(tmp_path / "policies")), env=environment(shop), stdout=PIPE
    )
    await asyncio.wait_for(hanging.wait(), 30)

    ingest.send_signal(signal.SIGINT)
    printed, _ = await asyncio.wait_for(ingest.communicate(), 10)
    model.failures.clear()
    report = await take_in(shop, sessions, tmp_path / "policies")

    assert ingest.returncode == 130
    assert printed.decode().endswith("Nothing is visible yet; run the same command again to finish.\n")
    assert report.indexed == 300 - 128


async def test_shopdesk_ingest_tells_what_is_wrong_in_one_line_without_the_key(
    model: EmbeddingModel, shop: Settings, sessions: Sessions, policies: Path
) -> None:
    model.failures += [status(401)]

    ended = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "scripts", "ingest", str(policies)), env=environment(shop), stdout=PIPE, stderr=PIPE
    )
    printed, complained = await ended.communicate()

    assert (ended.returncode, printed) == (2, b"")
    assert complained.decode().strip() == (
        "shopdesk: Policies cannot be searched or ingested: the embeddings endpoint at "
        f"{shop.embeddings_base_url} cannot be used: it answers 401, not now. Correct EMBEDDINGS_API_KEY."
    )


async def test_while_the_endpoint_is_away_a_search_is_refused_in_one_line_and_never_half_done(
    shop: Settings, sessions: Sessions, policies: Path
) -> None:
    await take_in(shop, sessions, policies)
    away = shop.model_copy(update={"embeddings_base_url": f"http://127.0.0.1:{free_port()}/v1"})

    async with client_of(server_for(away, sessions, caller("mina"), ["policies"])) as client:
        result = await client.call_tool("search_policies", {"query": "who pays the postage"})

    assert result.is_error
    assert "Policies cannot be searched or ingested: the embeddings endpoint at " in text_of(result)
    assert "\n" not in text_of(result)
    assert KEY not in text_of(result)


@pytest.mark.slow
async def test_one_that_never_answers_holds_up_no_other_call_and_is_given_up_after_seconds(
    model: EmbeddingModel, shop: Settings, sessions: Sessions, policies: Path
) -> None:
    await take_in(shop, sessions, policies)

    async with client_of(server_for(shop, sessions, caller("mina"), ["policies"])) as client:

        async def read_a_policy_meanwhile(request: Request, told: dict[str, Any]) -> Response:
            read.append(await client.call_tool("get_policy", {"policy_id": "returns"}))
            return await hang(request, told)

        read = list[Any]()
        model.failures += [read_a_policy_meanwhile]
        result = await client.call_tool("search_policies", {"query": "who pays the postage"})

    assert [page.is_error for page in read] == [False]
    assert "it does not answer in time" in text_of(result)
