"""`shopdesk models serve`: servers started in order, started again when they die, and ended together."""

import asyncio
import os
import re
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import tomlkit

from scripts.sizing.cards import GIB, MIB, Card, card_named
from scripts.sizing.plan import Asked, make_plan
from scripts.slices.command import servers_of
from scripts.slices.keeping import DidNotStartError, keep
from scripts.slices.memory import MemoryTakenError, until_free
from scripts.slices.server import PortTakenError, Server
from storage.endpoints import FILE
from storage.settings import REPOSITORY, Settings
from tests.scripts.sizing.folders import make_folder
from tests.team.serving import listening

PATIENCE_S = 60


@pytest.fixture
def vllm(tmp_path: Path) -> str:
    """A program that acts as vLLM."""
    program = tmp_path / "vllm"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {Path(__file__).with_name("acting.py")} "$@"\n')
    program.chmod(0o755)
    return str(program)


def free_port() -> int:
    with listening() as free:
        return int(free.getsockname()[1])


async def two_servers(folder: Path, vllm: str) -> list[Server]:
    asked = [
        Asked(str(make_folder(folder / name)), name, free_port(), None, pictures=False) for name in ("first", "second")
    ]
    return list(await servers_of(make_plan(asked, [card_named("cpu")], None), vllm, folder))


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not true():  # noqa: ASYNC110 - other processes change what is looked at
            await asyncio.sleep(0.02)


def is_there(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def workers(folder: Path) -> list[int]:
    return [int(line) for file in folder.glob("*/pids") for line in file.read_text().split()]


@asynccontextmanager
async def kept(servers: list[Server], told: list[str], *pauses: float) -> AsyncIterator["asyncio.Task[None]"]:
    ready = asyncio.Event()
    keeping = asyncio.create_task(
        keep(servers, lambda server, said: told.append(f"{server.number}: {said}"), ready.set, pauses)
    )
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({keeping, waiting}, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield keeping
    finally:
        waiting.cancel()
        keeping.cancel()
        await asyncio.gather(keeping, waiting, return_exceptions=True)


async def test_one_that_dies_is_started_again_and_the_other_goes_on(tmp_path: Path, vllm: str) -> None:
    servers, told = await two_servers(tmp_path, vllm), list[str]()

    async with kept(servers, told, 0.05):
        first, second = (server.process.pid for server in servers if server.process)
        [worker] = [int(line) for line in (tmp_path / "first" / "pids").read_text().split()]
        os.kill(first, signal.SIGKILL)
        await until(lambda: len(told) > 3)
        assert servers[0].ready
        assert (servers[1].process and servers[1].process.pid) == second
        # What a dead server started would keep its memory.
        await until(lambda: not is_there(worker))

    assert [line.split(" after")[0] for line in told[:2]] == ["1: ready", "2: ready"]
    assert told[0].endswith("1,024 tokens of KV cache")
    assert told[2].startswith("1: died: killed by SIGKILL")
    assert told[3].startswith("1: ready after")
    await until(lambda: not [pid for pid in workers(tmp_path) if is_there(pid)])


async def test_one_that_dies_too_often_in_a_row_is_given_up_with_the_reason(tmp_path: Path, vllm: str) -> None:
    servers, told = await two_servers(tmp_path, vllm), list[str]()

    async with kept(servers, told, 0.01, 0.02) as keeping:
        (tmp_path / "first" / "broken").write_text("ERROR 11-30 ValueError: Free memory on device cuda:0 is too little")
        assert servers[0].process
        servers[0].process.kill()
        await until(lambda: "not started again" in told[-1])
        assert not keeping.done()
        assert servers[1].ready

    assert "1: died 3 times in a row" in told[-1]
    assert "ValueError: Free memory on device cuda:0 is too little" in told[-1]


async def test_one_that_does_not_start_ends_all_with_its_own_words(tmp_path: Path, vllm: str) -> None:
    servers = await two_servers(tmp_path, vllm)
    (tmp_path / "second" / "broken").write_text("ERROR torch.OutOfMemoryError: CUDA out of memory")

    async with kept(servers, []) as keeping:
        with pytest.raises(DidNotStartError, match=r"Slice 2 .* did not start: torch.OutOfMemoryError"):
            await keeping

    await until(lambda: not [pid for pid in workers(tmp_path) if is_there(pid)])


async def test_a_port_that_is_taken_is_said_before_anything_starts(tmp_path: Path, vllm: str) -> None:
    servers = await two_servers(tmp_path, vllm)
    asked = servers[1].slice.wanted.port

    blocker = await asyncio.start_server(lambda *_: None, "127.0.0.1", asked)
    async with blocker, kept(servers, []) as keeping:
        with pytest.raises(PortTakenError, match=str(asked)):
            await keeping

    assert workers(tmp_path) == []


async def test_a_server_waits_until_its_memory_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    smi, free = tmp_path / "nvidia-smi", tmp_path / "free"
    smi.write_text(f"#!/bin/sh\ncat {free}\n")
    smi.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    asked = Asked(str(make_folder(tmp_path / "tiny")), "tiny", 1, None, pictures=False)
    [one] = make_plan([asked], [Card("some card", 8 * GIB, 8.0)], None).slices
    free.write_text("10\n")

    said: list[str] = []
    with pytest.raises(MemoryTakenError, match="are not free"):
        await until_free(one, said.append, patience_s=0)
    waiting = asyncio.create_task(until_free(one, said.append))
    await until(lambda: bool(said))
    free.write_text(f"{one.needed // MIB + 1}\n")
    async with asyncio.timeout(PATIENCE_S):
        await waiting

    assert "of the card to be free" in said[0]


async def served(*arguments: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "scripts", "models", "serve", *arguments),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
        start_new_session=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_command_shows_each_step_and_ends_both_when_it_is_asked_to(
    settings: Settings, tmp_path: Path, vllm: str, number: signal.Signals
) -> None:
    document = tomlkit.parse((REPOSITORY / "team" / FILE).read_text())
    for name, endpoint in document["endpoints"].items():
        endpoint.update(
            {
                "model": str(make_folder(tmp_path / name)),
                "base_url": f"http://127.0.0.1:{free_port()}/v1",
                "context_tokens": 4096,
            }
        )
    (settings.shopdesk_home / FILE).write_text(tomlkit.dumps(document))

    process = await served("--gpu", "cpu", "--vllm", vllm)
    assert process.stdout
    async with asyncio.timeout(PATIENCE_S):
        shown = (await process.stdout.readuntil(b"Ready.")).decode()
        process.send_signal(number)
        rest = (await process.stdout.read()).decode()
        code = await process.wait()

    assert code == 0
    assert [f"slice {line[1]}" for line in re.finditer(r"slice (\d) .*: ready after", shown)] == ["slice 1", "slice 2"]
    assert shown.index("slice 1") < shown.index("slice 2")
    assert "shopdesk up" in rest
    assert rest.endswith("All servers are ended.\n")
    await until(lambda: not [pid for pid in workers(tmp_path) if is_there(pid)])


async def test_the_command_without_vllm_says_how_to_get_it(settings: Settings, tmp_path: Path) -> None:
    began = time.monotonic()

    process = await served("--gpu", "cpu", "--vllm", "/nowhere/vllm", str(make_folder(tmp_path / "tiny")))
    said, _ = await process.communicate()

    assert process.returncode == 2
    assert "--vllm /path/to/vllm" in said.decode()
    assert time.monotonic() - began < PATIENCE_S
