"""How long a stdio server takes from its start to its first list of tools, and how much memory it used by then."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from scripts.bench.load import META

ASK = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": META}}
KIB_PER_MIB = 1024
LEAVES_WITHIN_S = 10


class NoListError(Exception):
    """A server answered something other than its tools, so its time means nothing."""

    def __init__(self, command: Sequence[str], answer: bytes) -> None:
        super().__init__(f"{' '.join(command)} did not list its tools: {answer.decode(errors='replace')}")


@dataclass
class Starts:
    """A way to start, and what each start took."""

    name: str
    command: Sequence[str]
    goal: float | None
    seconds: list[float] = field(default_factory=list)
    mib: list[float] = field(default_factory=list)

    @property
    def middle(self) -> tuple[float, float]:
        """Seconds and MiB of the median start."""
        return median(self.seconds), median(self.mib)


def environment(home: Path) -> dict[str, str]:
    """Return the environment the servers are started with: a shop, and a folder next to it for compiled modules.

    A server that is started a second time finds its modules compiled, unless the environment says otherwise; the
    servers
    being compared must not differ in that.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"SHOPDESK_HOME": str(home), "DATABASE_URL": "", "PYTHONPYCACHEPREFIX": str(home / "compiled")}


def start(command: Sequence[str], environment: dict[str, str]) -> tuple[float, float]:
    """Start a server and ask for its tools; return the seconds until they came, and the peak MiB used by then.

    Raises:
        NoListError: the answer was not a list of tools.
    """
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, *command], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdin is not None  # noqa: S101 - for the type checker; both are pipes
        assert server.stdout is not None  # noqa: S101
        server.stdin.write(json.dumps(ASK).encode() + b"\n")
        server.stdin.flush()
        answer = server.stdout.readline()
        seconds = time.perf_counter() - began
        held = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii") if answer else ""
        server.stdin.close()
        server.wait(LEAVES_WITHIN_S)
    if b'"tools":[' not in answer:
        raise NoListError(command, answer)
    return seconds, int(held.partition("VmHWM:")[2].split()[0]) / KIB_PER_MIB


def start_in_turns(ways: Sequence[Starts], home: Path, times: int) -> None:
    """Alternate between the ways, so that other work on the machine affects them equally."""
    places = environment(home)
    for way in ways:
        start(way.command, places)
    for _ in range(times):
        for way in ways:
            seconds, mib = start(way.command, places)
            way.seconds.append(seconds)
            way.mib.append(mib)
