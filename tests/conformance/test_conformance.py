"""The official suite finds nothing in our servers but names of its own, and all of them in a server that has them."""

import asyncio
import re
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from mcp_servers.registry import server_names
from storage.db import Sessions
from storage.settings import Settings
from tests.node.programs import NodePrograms, node_programs
from tests.processes import free_port, process

HERE = Path(__file__).parent
WITHIN_S = 150
UNLIMITED = {"CALLS_PER_MINUTE": "0"}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(WITHIN_S)]


@dataclass(frozen=True)
class Suite:
    """One run of the suite: its program, what it is told, the scenarios that shops cannot have, and all its checks."""

    program: str
    options: Sequence[str]
    baseline: str
    checks: int


SUITES = [
    Suite("conformance", [], "baseline-0.1.16.yml", 44),
    Suite("conformance-alpha", ["--spec-version", "2025-11-25"], "baseline-2025-11-25.yml", 84),
    Suite("conformance-alpha", ["--spec-version", "2026-07-28"], "baseline-2026-07-28.yml", 152),
]


@pytest.fixture(scope="session")
def programs() -> NodePrograms:
    return node_programs()


async def run(programs: NodePrograms, suite: Suite, url: str, *options: str) -> tuple[int, str]:
    """Run the suite against a server; return its exit status and what it printed."""
    command = [programs.node, str(programs.modules / suite.program / "dist" / "index.js"), "server"]
    started = await asyncio.create_subprocess_exec(
        *command, "--url", url, "--suite", "all", *suite.options, *options, stdout=PIPE, stderr=STDOUT
    )
    printed, _ = await started.communicate()
    return started.returncode or 0, printed.decode()


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.baseline)
async def test_a_server_of_our_runtime_with_the_suites_names_passes_every_check(
    settings: Settings, sessions: Sessions, tmp_path: Path, programs: NodePrograms, suite: Suite
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"

    async with process(["-m", "tests.conformance.named", str(port)], UNLIMITED, ready=f"{address}/health"):
        status, printed = await run(programs, suite, f"{address}/mcp", "-o", str(tmp_path))

    assert re.findall(r"^Total: .*$|^✗.*$", printed, re.MULTILINE) == [f"Total: {suite.checks} passed, 0 failed"]
    assert status == 0


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.baseline)
async def test_each_server_fails_the_scenarios_of_the_baseline_and_no_other(
    settings: Settings, sessions: Sessions, tmp_path: Path, programs: NodePrograms, suite: Suite
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    failed = dict[str, str]()

    async with process(["-m", "tests.conformance.real", str(port)], UNLIMITED, ready=f"{address}/health"):
        for path in ["", *(f"/{name}" for name in server_names())]:
            status, printed = await run(
                programs,
                suite,
                f"{address}{path}/mcp",
                "-o",
                str(tmp_path),
                "--expected-failures",
                str(HERE / suite.baseline),
            )
            if status:
                failed[path] = printed[-2_000:]

    assert failed == {}


async def test_a_scenario_of_the_baseline_that_passes_fails_the_run(
    settings: Settings, sessions: Sessions, tmp_path: Path, programs: NodePrograms
) -> None:
    [suite, *_] = SUITES
    baseline = tmp_path / "baseline.yml"
    baseline.write_text((HERE / suite.baseline).read_text() + "  - ping\n")
    port = free_port()
    address = f"http://127.0.0.1:{port}"

    async with process(["-m", "tests.conformance.real", str(port)], UNLIMITED, ready=f"{address}/health"):
        status, printed = await run(
            programs, suite, f"{address}/orders/mcp", "-o", str(tmp_path), "--expected-failures", str(baseline)
        )

    assert (status, "ping" in printed.partition("SUMMARY")[2]) == (1, True)
