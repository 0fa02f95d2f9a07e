"""An index whose files are not what was written is set aside and rebuilt from the rows, which are the truth."""

import asyncio
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.damage import IndexBusyError, IndexDamagedError
from knowledge.index import index_lock, index_path
from knowledge.indexes.embed import OfflineEmbedder
from knowledge.indexes.lock import locked
from knowledge.taking_in.ingest import ingest_handbook
from storage.db import Sessions
from storage.settings import Settings
from tests.knowledge.handbook import ask, open_handbook, places, take_in, write_policy
from tests.scripts.command import shopdesk


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def cut_in_half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def filled_with_garbage(file: Path) -> None:
    file.write_bytes(b"\x93no index" * 500)


def removed(file: Path) -> None:
    file.unlink()


def made_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def made_another_programs(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE songs (title)")


DAMAGES = [
    filled_with_garbage,
    *(
        pytest.param(damage, marks=pytest.mark.slow)
        for damage in (emptied, cut_in_half, removed, made_a_folder, made_another_programs)
    ),
]
FILES = [
    *("chroma/chroma.sqlite3", "bm25/meta.json", "bm25/.managed.json", "stamp.json"),
    *(f"bm25/*.{suffix}" for suffix in ("fast", "fieldnorm", "idx", "pos", "store", "term")),
]


def the_file(settings: Settings, name: str) -> Path:
    [file] = index_path(settings.shopdesk_home, OfflineEmbedder()).glob(name)
    return file


@pytest.mark.parametrize("damage", DAMAGES)
async def test_whichever_file_of_the_index_is_damaged_it_is_made_anew_from_the_rows(
    settings: Settings, sessions: Sessions, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    path = write_policy(tmp_path, "## Who pays\n\nWe do.")
    await take_in(settings, sessions, path)

    for name in FILES:
        damage(the_file(settings, name))

        await ingest_handbook(settings, sessions)

        assert places(await ask(open_handbook(settings), sessions, "who pays")) == ["returns:en Who pays"], name


async def test_the_damaged_index_is_kept_under_its_date_and_only_the_last_two(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    path = write_policy(tmp_path, "## Who pays\n\nWe do.")
    await take_in(settings, sessions, path)
    told = []
    for _ in range(3):
        filled_with_garbage(the_file(settings, "bm25/meta.json"))
        told.append((await take_in(settings, sessions, path)).mended)

    kept = sorted((settings.shopdesk_home / "index").glob("damaged-*"))
    assert [line.rpartition(" ")[2] for line in told[1:]] == [f"{folder}." for folder in kept]
    assert all((folder / "bm25" / "meta.json").read_bytes().startswith(b"\x93no index") for folder in kept)
    assert told[0].startswith("The handbook's index was damaged (bm25/meta.json has changed since it was written).")
    assert (await take_in(settings, sessions, path)).mended == ""


async def test_a_search_says_that_the_index_is_damaged_and_while_it_is_made_anew_to_try_again(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    await take_in(settings, sessions, write_policy(tmp_path, "## Who pays\n\nWe do."))
    filled_with_garbage(the_file(settings, "chroma/chroma.sqlite3"))

    with pytest.raises(
        IndexDamagedError, match=r"damaged \(chroma/chroma.sqlite3 has changed .*\)\. Run `shopdesk ingest`"
    ):
        await ask(open_handbook(settings), sessions, "who pays")
    async with locked(index_lock(settings.shopdesk_home)):
        with pytest.raises(IndexBusyError, match="being rebuilt"):
            await ask(open_handbook(settings), sessions, "who pays")


async def test_the_command_that_a_damaged_index_names_mends_it_and_says_so_in_one_line(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    path = write_policy(tmp_path, "## Who pays\n\nWe do.")
    await take_in(settings, sessions, path)
    filled_with_garbage(the_file(settings, "bm25/meta.json"))

    outcome = await shopdesk("ingest", str(path))

    questions, mended, _ = outcome.said.splitlines()
    assert outcome.code == 0
    assert questions.startswith("note: sections without questions")
    assert mended.startswith("The handbook's index was damaged (bm25/meta.json has changed since it was written)")


MEND = """
import asyncio
from knowledge.taking_in.ingest import ingest_handbook
from storage.db import open_sessions
from storage.settings import load_settings
async def main():
    async with open_sessions(load_settings().database) as sessions:
        print((await ingest_handbook(load_settings(), sessions)).mended[:32])
asyncio.run(main())
"""


async def test_of_several_processes_that_find_the_damage_one_makes_the_index_anew(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    await take_in(settings, sessions, write_policy(tmp_path, "## Who pays\n\nWe do."))
    filled_with_garbage(the_file(settings, "bm25/meta.json"))

    pipe = asyncio.subprocess.PIPE
    started = [await asyncio.create_subprocess_exec(sys.executable, "-c", MEND, stdout=pipe) for _ in range(3)]
    said = [(await process.communicate())[0].decode().strip() for process in started]

    assert sorted(said) == ["", "", "The handbook's index was damaged"]
    assert len(list((settings.shopdesk_home / "index").glob("damaged-*"))) == 1
