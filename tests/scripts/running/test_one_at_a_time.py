"""One `shopdesk up` in one home; a part of it that hangs is started again."""

import asyncio
import os
import signal
import sys

import anyio
import httpx2
import pytest

from scripts.running import processes
from scripts.running.one_at_a_time import alone, is_running
from scripts.running.processes import Part, running, watch
from storage.settings import Settings
from tests.processes import free_port
from tests.scripts.command import shopdesk

HOLD = """
import sys
from scripts.running.one_at_a_time import alone
from storage.settings import load_settings
with alone(load_settings()):
    print("held", flush=True)
    sys.stdin.read()
"""


async def test_a_second_up_says_where_the_first_is_and_leaves_its_logs_alone(settings: Settings) -> None:
    log = settings.shopdesk_home / "logs" / "page.log"
    log.parent.mkdir()
    log.write_text("of the first")

    with alone(settings):
        outcome = await shopdesk("up")

    assert (outcome.code, log.read_text()) == (2, "of the first")
    assert (
        f"shopdesk: This shop ({settings.shopdesk_home}) is already running at http://127.0.0.1:3000."
        in outcome.complained
    )


async def test_a_lock_whose_holder_was_killed_holds_nobody_up(settings: Settings) -> None:
    pipe = asyncio.subprocess.PIPE
    holder = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLD, stdin=pipe, stdout=pipe)
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"held\n"
    held = is_running(settings)
    holder.kill()
    await holder.wait()

    with alone(settings):
        assert (held, is_running(settings)) == (True, True)
    assert not is_running(settings)


@pytest.fixture
def part() -> Part:
    """The stand-in models, on a port that is free."""
    ports = port, other = free_port(), free_port()
    command = ("-m", "team.standin", "--ports", str(port), str(other), "--host", "127.0.0.1")
    return Part("stand-in models", command, ports, f"http://127.0.0.1:{port}/health", "move it")


async def test_a_part_that_hangs_is_ended_and_started_again(
    settings: Settings, part: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "ASKED_EVERY_S", 0.1)
    monkeypatch.setattr(processes, "ANSWERS_WITHIN_S", 1.0)
    monkeypatch.setattr(processes, "ENDS_WITHIN_S", 0.2)
    told, again = list[str](), asyncio.Event()

    def tell(line: str) -> None:
        told.append(line)
        if "✓" in line:
            again.set()

    async with running(part, settings.shopdesk_home) as started:
        first = started.process
        watching = asyncio.create_task(watch([started], tell))
        os.kill(first.pid, signal.SIGSTOP)
        with anyio.fail_after(60):
            await again.wait()
        watching.cancel()
        async with httpx2.AsyncClient() as client:
            answer = await client.get(part.health)

    assert (answer.status_code, first.returncode) == (200, -signal.SIGKILL)
    assert told[0].startswith("The stand-in models process stopped answering and was restarted.")


UNWELL = """
import http.server, sys
class Unwell(http.server.BaseHTTPRequestHandler):
    well = True
    def do_GET(self):
        self.send_response(200 if Unwell.well else 503); self.end_headers(); Unwell.well = False
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Unwell).serve_forever()
"""


async def test_a_part_that_says_it_is_unwell_is_left_alone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "ASKED_EVERY_S", 0.01)
    port = free_port()
    part = Part("page", ("-c", UNWELL, str(port)), (port,), f"http://127.0.0.1:{port}/health", "move it")
    log = settings.shopdesk_home / "page.log"

    async with running(part, settings.shopdesk_home) as started:
        watching = asyncio.create_task(watch([started], lambda _line: None))
        with anyio.fail_after(20):
            while log.read_text().count(" 503 ") < 2 * processes.MOST_SILENT:  # noqa: ASYNC110 - another writes it
                await asyncio.sleep(0.02)
        watching.cancel()
        assert (started.ended, started.process.returncode) == ([], None)
