"""Logs of what `shopdesk up` starts: kept small while a process goes on writing to them."""

import asyncio
from pathlib import Path

import anyio

from scripts.running.rotation import earlier, rotated


def is_empty(log: Path) -> bool:
    return not log.stat().st_size


async def emptied(log: Path) -> None:
    while True:
        if is_empty(log) and earlier(log).exists():
            return
        await asyncio.sleep(0.02)


async def test_a_log_is_rotated_under_a_process_that_goes_on_writing(tmp_path: Path) -> None:
    log = tmp_path / "page.log"
    script = "for n in $(seq 4000); do echo line $n; done; while [ ! -e done ]; do sleep 0.05; done; echo the end"
    with log.open("ab") as output:
        writer = await asyncio.create_subprocess_exec("sh", "-c", script, cwd=tmp_path, stdout=output)
    async with rotated(log, largest=1_000, every_s=0.02):
        with anyio.fail_after(10):
            await emptied(log)
            await asyncio.to_thread((tmp_path / "done").touch)
            await writer.wait()

    # Truncated, and not as long as before with a hole at its beginning.
    assert log.read_text() == "the end\n"
    assert earlier(log).read_text().endswith("line 4000\n")
    assert not earlier(log, 3).exists()
