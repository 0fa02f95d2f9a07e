"""An ingest in a process of its own: killed at any moment, stopped by Ctrl-C, or watched by a search meanwhile."""

import asyncio
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import anyio
import numpy as np
import pytest
from chromadb import GetResult
from sqlalchemy import select

from knowledge.index import HandbookIndex, index_path, read_stamp
from knowledge.indexes.embed import OfflineEmbedder, Vectors
from storage.db import Sessions
from storage.handbook.passages import Passage
from storage.settings import Settings
from tests.knowledge.handbook import ask, open_handbook, take_in, write_policy
from tests.postgres import POSTGRESQL, SQLITE

pytestmark = pytest.mark.slow

POLICIES, SECTIONS = 60, 6
ROUNDS, FEWER = 6, 2


def write_version(folder: Path, version: str) -> None:
    """A handbook every section of which says its version; one policy comes, and one goes, with each."""
    for number in range(POLICIES):
        sections = (f"## Postage {n}\n\nWe pay return postage {number}, {version}." for n in range(SECTIONS))
        write_policy(folder, "\n\n".join(sections), id=f"policy-{number}", title=f"Policy {number}")
    for gone in folder.glob("only-*"):
        gone.unlink()
    write_policy(folder, f"Only here, {version}.", id=f"only-{version}")


async def start(*command: str) -> Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-m", *command, stdout=PIPE, start_new_session=True)


async def begun(settings: Settings) -> None:
    """Wait until an ingest has begun to change the index."""
    path = index_path(settings.shopdesk_home, OfflineEmbedder())
    with anyio.fail_after(30):
        while (stamp := read_stamp(path)) is None or stamp.complete:  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.01)


def vectors_in(found: GetResult) -> Vectors:
    assert found["embeddings"] is not None
    return np.asarray(found["embeddings"], dtype=np.float32)


async def everything(settings: Settings, sessions: Sessions) -> tuple[object, ...]:
    """All that an ingest leaves: the vectors, the words' ids, and the rows."""
    embedder = OfflineEmbedder()
    index = HandbookIndex(index_path(settings.shopdesk_home, embedder), embedder)
    collections = [each.get(include=["embeddings"]) for each in index.vectors._languages.values()]
    held = {key: tuple(row) for each in collections for key, row in zip(each["ids"], vectors_in(each), strict=True)}
    async with sessions() as session:
        rows = set(await session.execute(select(Passage.id, Passage.document_key, Passage.text)))
    return held, index.words.ids(), rows


@pytest.mark.parametrize(
    ("database", "round_"), [*((SQLITE, n) for n in range(ROUNDS)), *((POSTGRESQL, n) for n in range(FEWER))]
)
async def test_after_a_kill_search_works_and_the_next_ingest_ends_as_an_undisturbed_one(
    settings: Settings, sessions: Sessions, tmp_path: Path, round_: int
) -> None:
    folder, dice = tmp_path / "policies", random.Random(round_)  # noqa: S311 - dice
    write_version(folder, "version-two")
    await take_in(settings, sessions, folder)
    undisturbed = await everything(settings, sessions)
    write_version(folder, "version-one")
    await take_in(settings, sessions, folder)
    write_version(folder, "version-two")

    ingest = await start("scripts", "ingest", str(folder))
    if round_ % 3:
        await begun(settings)
    await asyncio.sleep(dice.uniform(0, 0.8 if round_ % 3 else 4))
    if ingest.returncode is None:
        ingest.kill()
    await ingest.communicate()
    between = await ask(open_handbook(settings), sessions, "who pays return postage")
    report = await take_in(settings, sessions, folder)

    assert between.found
    assert len({found.passage.text.split()[-1] for found in between.found}) == 1
    assert report.refused == []
    assert await everything(settings, sessions) == undisturbed


@pytest.mark.parametrize("database", [SQLITE, POSTGRESQL])
async def test_another_process_sees_the_old_handbook_whole_and_then_the_new_one_whole(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    folder = tmp_path / "policies"
    write_version(folder, "version-one")
    await take_in(settings, sessions, folder)
    watcher = await start("tests.knowledge.watcher")
    assert watcher.stdout is not None
    first = await watcher.stdout.readline()
    write_version(folder, "version-two")

    ingest = await start("scripts", "ingest", str(folder))
    await ingest.communicate()
    with anyio.fail_after(20):
        rest, _ = await watcher.communicate()

    seen = (first + rest).decode().splitlines()
    assert seen == [f"['{version}'] ['{version}'] {SECTIONS}" for version in ("version-one", "version-two")]


async def test_ctrl_c_says_what_is_done_and_leaves_the_old_handbook(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    folder = tmp_path / "policies"
    write_version(folder, "version-one")
    await take_in(settings, sessions, folder)
    write_version(folder, "version-two")
    ingest = await start("scripts", "ingest", str(folder))

    await begun(settings)
    ingest.send_signal(signal.SIGINT)
    printed, _ = await ingest.communicate()

    assert ingest.returncode == 130
    assert printed.decode().startswith("Stopped after ")
    assert printed.decode().endswith("Nothing is visible yet; run the same command again to finish.\n")
    found = (await ask(open_handbook(settings), sessions, "who pays return postage")).found
    assert {one.passage.text.split()[-1] for one in found} == {"version-one."}
