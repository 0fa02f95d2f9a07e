"""The handbook's vectors on a Chroma server of its own: shared, other people's left alone, and told when it is away."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import httpx2
import pytest

from knowledge.damage import IndexUnusableError
from knowledge.indexes.chroma import ChromaAwayError, open_server
from storage.db import Sessions
from storage.settings import Settings
from tests.knowledge.handbook import ask, open_handbook, places, take_in, write_policy
from tests.processes import free_port

CHROMA = Path(sys.executable).parent / "chroma"
READY_WITHIN_S = 30


@asynccontextmanager
async def chroma(folder: Path, port: int) -> AsyncIterator[str]:
    """A Chroma server over a folder; its address."""
    command = [str(CHROMA), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    started = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    url = f"http://127.0.0.1:{port}"
    try:
        with anyio.fail_after(READY_WITHIN_S):
            async with httpx2.AsyncClient() as client:
                while True:
                    try:
                        if (await client.get(f"{url}/api/v2/heartbeat")).is_success:
                            break
                    except httpx2.TransportError:
                        await asyncio.sleep(0.05)
        yield url
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        await started.wait()


def on_server(settings: Settings, url: str) -> Settings:
    return settings.model_copy(update={"chroma_url": url})


def collections(url: str) -> set[str]:
    return {collection.name for collection in open_server(url).list_collections()}


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return write_policy(tmp_path / "policies", "## Who pays\n\nWe pay the postage.")


@pytest.mark.slow
async def test_the_handbook_is_searched_on_a_chroma_server_and_its_own_database_there(
    settings: Settings, sessions: Sessions, policy: Path, tmp_path: Path
) -> None:
    async with chroma(tmp_path / "server", free_port()) as url:
        shop = on_server(settings, f"{url}/our-shop")
        first = await take_in(shop, sessions, policy)
        handbook = open_handbook(shop)
        before = places(await ask(handbook, sessions, "who pays the postage"))
        write_policy(policy.parent, "## Warranty\n\nThe warranty lasts 12 months.", id="warranty", language="ko")
        await take_in(shop, sessions, policy.parent)
        after = places(await ask(handbook, sessions, "warranty months", language="ko"))
        again = await take_in(shop, sessions, policy)
        names = collections(f"{url}/our-shop"), collections(url)

    assert (first.indexed, again.indexed, again.unchanged) == (1, 0, 2)
    assert before == ["returns:en Who pays"]
    assert "warranty:ko Warranty" in after
    assert {name.rsplit("-", 1)[1] for name in names[0]} == {"en", "ko"}
    assert names[1] == set()
    assert not list(settings.shopdesk_home.glob("index/*/chroma"))


@pytest.mark.slow
async def test_another_embedders_vectors_leave_the_server_and_other_peoples_stay(
    settings: Settings, sessions: Sessions, policy: Path, tmp_path: Path
) -> None:
    async with chroma(tmp_path / "server", free_port()) as url:
        client = open_server(url)
        client.create_collection("shopdesk-older-passages-en", embedding_function=None)
        client.create_collection("recipes", embedding_function=None)

        await take_in(on_server(settings, url), sessions, policy)
        names = collections(url)

    assert {"recipes"} == {name for name in names if not name.startswith("shopdesk-wordllama")}
    assert len(names) == 2


@pytest.mark.slow
async def test_a_server_that_lost_its_vectors_is_told_and_mended_by_an_ingest(
    settings: Settings, sessions: Sessions, policy: Path, tmp_path: Path
) -> None:
    port = free_port()
    async with chroma(tmp_path / "server", port) as url:
        shop = on_server(settings, url)
        await take_in(shop, sessions, policy)
        handbook = open_handbook(shop)
        await ask(handbook, sessions, "who pays the postage")
    shutil.rmtree(tmp_path / "server")

    async with chroma(tmp_path / "server", port):
        with pytest.raises(IndexUnusableError, match=r"part of their index is missing\. Run `shopdesk ingest`"):
            await ask(handbook, sessions, "who pays the postage")
        with pytest.raises(IndexUnusableError, match=r"part of their index is missing\. Run `shopdesk ingest`"):
            await ask(open_handbook(shop), sessions, "who pays the postage")
        mended = await take_in(shop, sessions, policy)
        found = places(await ask(open_handbook(shop), sessions, "who pays the postage"))

    assert (mended.indexed, found) == (1, ["returns:en Who pays"])


@pytest.mark.slow
async def test_a_server_that_goes_away_is_named_and_search_goes_on_when_it_is_back(
    settings: Settings, sessions: Sessions, policy: Path, tmp_path: Path
) -> None:
    port = free_port()
    async with chroma(tmp_path / "server", port) as url:
        shop = on_server(settings, url)
        await take_in(shop, sessions, policy)
        handbook = open_handbook(shop)
        await ask(handbook, sessions, "who pays the postage")

    with pytest.raises(ChromaAwayError, match=rf"http://127\.0\.0\.1:{port} cannot be used.*correct CHROMA_URL"):
        await ask(handbook, sessions, "who pays the postage")

    async with chroma(tmp_path / "server", port):
        assert places(await ask(handbook, sessions, "who pays the postage")) == ["returns:en Who pays"]


@pytest.mark.slow
async def test_shopdesk_ingest_names_the_server_that_is_away_in_one_line(
    settings: Settings, sessions: Sessions, policy: Path
) -> None:
    port = free_port()
    environment = os.environ | {"CHROMA_URL": f"http://127.0.0.1:{port}"}

    ended = await anyio.run_process(
        [sys.executable, "-m", "scripts", "ingest", str(policy)], env=environment, check=False
    )

    assert ended.returncode == 2
    assert len(ended.stderr.decode().strip().splitlines()) == 1
    assert f"the Chroma server at http://127.0.0.1:{port} cannot be used" in ended.stderr.decode()
