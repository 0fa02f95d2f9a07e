"""Our side: a shop that ingests a big handbook with `shopdesk ingest` and is searched over HTTP."""

import asyncio
import itertools
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from mcp_servers.runtime.serving.build import scopes_of
from scripts.bench.growing.figures import KIB, Figures, percentiles, size_of
from scripts.bench.load import Times, request, run_load
from scripts.bench.questions import QUESTIONS, read_questions
from scripts.bench.served import free_port, process
from storage.migrate import migrate
from storage.settings import Settings
from storage.tokens import Caller, audience_of, mint

SECRET = "the key of a shop that exists only while it is measured"  # noqa: S105 - opens nothing
PAUSE_S = 0.2
"""Pause between two searches during the ingest: five per second leave it nearly the whole machine."""


@dataclass(frozen=True)
class Served:
    """A policies server over HTTP: the requests to send it, and its process."""

    url: str
    requests: Sequence[bytes]
    process: psutil.Process


def measure_shop(pages: Path, home: Path, passages: int) -> Figures:
    """Ingest these pages while a server answers from the built-in handbook, then search them on a new server."""
    home.mkdir()
    asyncio.run(migrate(Settings(shopdesk_home=home, database_url="").database))
    _ended(_ingest(home))
    with _served(home) as server:
        asyncio.run(run_load(server.url, server.requests[:1], connections=1, times=Times()))
        began = time.perf_counter()
        ingest = _ingest(home, str(pages))
        meanwhile = asyncio.run(_searched_until(server, psutil.Process(ingest.pid)))
        used = _ended(ingest)
        took = time.perf_counter() - began
    with _served(home) as server:
        first, warm, cpu, memory = _searched(server)
    return Figures(
        "shopdesk",
        passages,
        took,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss * KIB,
        size_of(home),
        first,
        *percentiles(warm),
        cpu,
        memory,
        percentiles(meanwhile),
    )


def _places(home: Path) -> dict[str, str]:
    places = {"CALLS_PER_MINUTE": "0", "SHOPDESK_HOME": str(home), "SHOPDESK_SECRET": SECRET}
    return places | {"DATABASE_URL": "", "CHROMA_URL": "", "EMBEDDINGS_BASE_URL": ""}


def _ingest(home: Path, *pages: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "scripts", "ingest", *pages]
    return subprocess.Popen(command, env=os.environ | _places(home), stdout=subprocess.DEVNULL)  # noqa: S603 - our own


def _ended(ingest: subprocess.Popen[bytes]) -> resource.struct_rusage:
    _, status, used = os.wait4(ingest.pid, 0)
    ingest.returncode = os.waitstatus_to_exitcode(status)
    if ingest.returncode:
        raise SystemExit(f"shopdesk ingest ended with {ingest.returncode}")
    return used


@contextmanager
def _served(home: Path) -> Iterator[Served]:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    url = f"{base}/policies/mcp"
    caller = Caller("staff", staff=True, scopes=scopes_of(["policies"]))
    token = mint(SECRET, caller, audience=audience_of(base, ["policies"]), expires_s=7200)
    asked = [request(url, "search_policies", {"query": each.text}, token) for each in read_questions(QUESTIONS)]
    command = ["-m", "scripts", "mcp", "policies", "--http", str(port)]
    with process(command, port, _places(home) | {"PUBLIC_MCP_URL": base}) as started:
        yield Served(url, asked, psutil.Process(started.pid))


async def _searched_until(server: Served, ingest: psutil.Process) -> Times:
    times = Times()
    asked = itertools.cycle(server.requests)
    while ingest.status() != psutil.STATUS_ZOMBIE:
        await run_load(server.url, [next(asked)], connections=1, times=times)
        await asyncio.sleep(PAUSE_S)
    return times


def _searched(server: Served) -> tuple[float, Times, float, int]:
    first, warm = Times(), Times()
    asyncio.run(run_load(server.url, server.requests[:1], connections=1, times=first))
    before = sum(server.process.cpu_times()[:2])
    asyncio.run(run_load(server.url, server.requests[1:], connections=1, times=warm))
    cpu = (sum(server.process.cpu_times()[:2]) - before) / len(warm.calls)
    return first.calls[0], warm, cpu, int(server.process.memory_info().rss)
