"""Taking documents in: only what changed, nothing lost, and seen by every process."""

import shutil
import sys
from pathlib import Path

import anyio
import pytest
from sqlalchemy import select

from knowledge.index import HandbookIndex, index_path
from knowledge.indexes.embed import OfflineEmbedder
from knowledge.reading.documents import HANDBOOK
from knowledge.taking_in.ingest import ingest, ingest_handbook
from knowledge.taking_in.report import Report
from storage.db import Sessions
from storage.handbook.passages import Document, Passage, find_generation
from storage.settings import Settings
from tests.knowledge.handbook import ask, open_handbook, places, take_in, write_policy

UNCHANGED = Report([], [], [], [], unchanged=1, indexed=0)


async def indexed_and_stored(settings: Settings, sessions: Sessions) -> tuple[set[str], set[str], set[str]]:
    embedder = OfflineEmbedder()
    index = HandbookIndex(index_path(settings.shopdesk_home, embedder), embedder)
    async with sessions() as session:
        return index.vectors.ids(), index.words.ids(), set(await session.scalars(select(Passage.id)))


async def number_of(sessions: Sessions) -> int:
    async with sessions() as session:
        generation = await find_generation(session)
    assert generation is not None
    return generation.number


async def test_the_handbook_is_taken_in_once_and_left_alone_after(settings: Settings, sessions: Sessions) -> None:
    first = await ingest_handbook(settings, sessions)
    second = await ingest_handbook(settings, sessions)

    files = len(list(HANDBOOK.rglob("*.md")))
    assert (len(first.added), first.refused) == (files, [])
    assert (second.added, second.unchanged, second.indexed) == ([], files, 0)
    assert await number_of(sessions) == 1
    vectors, words, rows = await indexed_and_stored(settings, sessions)
    assert vectors == words == rows
    assert len(rows) == first.indexed


async def test_only_the_changed_section_is_indexed_again(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    folder = tmp_path / "policies"
    write_policy(folder, "## Who pays\n\nWe do.\n\n## When\n\nAt once.")
    await take_in(settings, sessions, folder)
    write_policy(folder, "## Who pays\n\nWe do.\n\n## When\n\nIn 3 days.")

    report = await take_in(settings, sessions, folder)

    assert report == Report([], ["returns:en"], [], [], unchanged=0, indexed=1)
    vectors, words, rows = await indexed_and_stored(settings, sessions)
    assert vectors == words == rows
    assert len(rows) == 2


async def test_what_is_gone_from_the_folder_leaves_and_a_file_elsewhere_stays(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    gone = write_policy(tmp_path / "policies", "## A\n\nGoing.", id="going")
    write_policy(tmp_path / "policies", "## A\n\nStaying.", id="staying")
    other = write_policy(tmp_path / "policies-2", "## A\n\nElsewhere.", id="elsewhere")
    await take_in(settings, sessions, tmp_path / "policies", other)
    gone.unlink()

    report = await take_in(settings, sessions, tmp_path / "policies")

    assert report == Report([], [], ["going:en"], [], unchanged=2, indexed=0)
    vectors, words, rows = await indexed_and_stored(settings, sessions)
    assert vectors == words == rows
    assert len(rows) == 2


async def test_a_file_that_became_unreadable_is_refused_and_its_last_good_text_stays(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    path = write_policy(tmp_path / "policies", "## Who pays\n\nWe do.")
    await take_in(settings, sessions, tmp_path / "policies")
    path.write_text("---\nid: [\n---\n")

    report = await take_in(settings, sessions, tmp_path / "policies")

    assert report == Report([], [], [], ["returns.en.md: its front matter is not YAML"], unchanged=1, indexed=0)
    async with sessions() as session:
        assert list(await session.scalars(select(Passage.text))) == ["We do."]


async def test_two_files_for_one_policy_in_one_language_are_one_too_many(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    first = write_policy(tmp_path / "a", "## A\n\nFirst.")
    second = write_policy(tmp_path / "b", "## A\n\nSecond.")

    report = await take_in(settings, sessions, first, second)

    assert (report.added, report.refused) == (["returns:en"], [f"returns.en.md: returns:en is already in {first}"])


async def test_a_policy_of_the_shops_own_is_not_overwritten_by_the_built_in_one(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    await take_in(settings, sessions, write_policy(tmp_path, "## Ours\n\nOur own rule."))

    await ingest_handbook(settings, sessions)

    async with sessions() as session:
        assert (await session.get_one(Document, "returns:en")).text == "## Ours\n\nOur own rule."


@pytest.mark.parametrize("lost", ["chroma", "bm25", "stamp.json", ""])
async def test_an_index_that_lost_a_part_is_mended_by_the_next_ingest(
    settings: Settings, sessions: Sessions, tmp_path: Path, lost: str
) -> None:
    path = write_policy(tmp_path, "## Who pays\n\nWe do.")
    await take_in(settings, sessions, path)
    part = index_path(settings.shopdesk_home, OfflineEmbedder()) / lost
    part.unlink() if part.is_file() else shutil.rmtree(part)

    await take_in(settings, sessions, path)

    vectors, words, rows = await indexed_and_stored(settings, sessions)
    assert vectors == words == rows
    assert places(await ask(open_handbook(settings), sessions, "who pays")) == ["returns:en Who pays"]
    assert await take_in(settings, sessions, path) == UNCHANGED


async def test_an_open_search_sees_what_another_process_takes_in(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    folder = tmp_path / "policies"
    write_policy(folder, "## Delivery\n\nParcels arrive on Monday.", id="delivery")
    await take_in(settings, sessions, folder)
    handbook = open_handbook(settings)
    before = places(await ask(handbook, sessions, "is there a warranty"))
    write_policy(folder, "## Warranty\n\nThe warranty lasts 12 months.", id="warranty")
    (folder / "delivery.en.md").unlink()

    ended = await anyio.run_process([sys.executable, "-m", "scripts", "ingest", str(folder)])

    assert b"1 added, 0 changed, 1 removed" in ended.stdout
    assert before == ["delivery:en Delivery"]
    assert places(await ask(handbook, sessions, "is there a warranty")) == ["warranty:en Warranty"]


class StoppedError(Exception):
    """The ingest was stopped while it was indexing."""


def stop(things: str, _done: int, _total: int | None) -> None:
    if things == "passages":
        raise StoppedError


async def test_an_interrupted_ingest_shows_nothing_of_itself_and_the_next_one_finishes_it(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    path = write_policy(tmp_path, "## Who pays\n\nWe pay the postage.")
    await take_in(settings, sessions, path)
    write_policy(tmp_path, "## Who pays\n\nYou pay the postage.")
    with pytest.raises(StoppedError):
        await ingest(settings, sessions, [path], stop)

    handbook = open_handbook(settings)
    between = [found.passage.text for found in (await ask(handbook, sessions, "who pays postage")).found]
    await take_in(settings, sessions, path)
    after = [found.passage.text for found in (await ask(handbook, sessions, "who pays postage")).found]

    assert (between, after) == (["We pay the postage."], ["You pay the postage."])
    vectors, words, rows = await indexed_and_stored(settings, sessions)
    assert vectors == words == rows
