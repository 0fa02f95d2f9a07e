"""The real Prometheus, where it is installed: it takes our files, reads a shop, and every panel gets numbers."""

import asyncio
import math
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml  # type: ignore[import-untyped]  # its types are not installed, and one document is read

from storage.db import Sessions
from storage.settings import Settings
from tests.monitoring.documented import MONITORING
from tests.monitoring.lively import open_lively
from tests.monitoring.queries import INTERVAL, of_panels
from tests.processes import free_port

INSTALLED = shutil.which("prometheus") is not None and shutil.which("promtool") is not None
SCRAPED_EACH = "500ms"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not INSTALLED, reason="Debian's package prometheus is not installed"),
]


@pytest.mark.parametrize(
    "command", [["check", "config", "prometheus.yml"], ["test", "rules", "alerts_test.yml"]], ids=" ".join
)
def test_promtool_takes_our_files(command: list[str]) -> None:
    done = subprocess.run(["promtool", *command], cwd=MONITORING, capture_output=True, text=True, check=False)

    assert (done.returncode, "SUCCESS" in done.stdout) == (0, True), done.stdout + done.stderr


async def test_every_panel_has_numbers_after_some_turns(settings: Settings, sessions: Sessions, tmp_path: Path) -> None:
    async with open_lively(settings, sessions) as shop, scraping(shop.urls, tmp_path) as prometheus:
        await until_up(prometheus, len(shop.urls))
        await shop.play()
        # A rate needs the samples before and after.
        await asyncio.sleep(3)
        numbers = {query.where: await asked(prometheus, query.text.replace(INTERVAL, "1m")) for query in of_panels()}

    assert [where for where, found in numbers.items() if not found or all(map(math.isnan, found))] == []


@asynccontextmanager
async def scraping(urls: Mapping[str, str], folder: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """Run Prometheus with our file, but for the addresses and the pace, and yield a client of its API."""
    config: dict[str, Any] = yaml.safe_load((MONITORING / "prometheus.yml").read_text())
    config["global"] = {"scrape_interval": SCRAPED_EACH, "scrape_timeout": SCRAPED_EACH, "evaluation_interval": "1s"}
    config["rule_files"] = [str(MONITORING / name) for name in config["rule_files"]]
    for job in config["scrape_configs"]:
        job["static_configs"] = [{"targets": [urls[job["job_name"]].removeprefix("http://")]}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    at = f"127.0.0.1:{free_port()}"
    process = await asyncio.create_subprocess_exec(
        "prometheus",
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address={at}",
        "--log.level=error",
    )
    try:
        async with httpx2.AsyncClient(base_url=f"http://{at}") as client:
            yield client
    finally:
        process.terminate()
        await process.wait()


async def until_up(prometheus: httpx2.AsyncClient, targets: int) -> None:
    """Wait until Prometheus has read both processes."""
    async with asyncio.timeout(20):
        while await read_by(prometheus) < targets:  # noqa: ASYNC110 - Prometheus tells nobody
            await asyncio.sleep(0.2)


async def read_by(prometheus: httpx2.AsyncClient) -> float:
    """Return how many processes it has read; none while it starts itself."""
    try:
        if not (await prometheus.get("/-/ready")).is_success:
            return 0
    except httpx2.ConnectError:
        return 0
    return sum(await asked(prometheus, "count(up == 1)"))


async def asked(prometheus: httpx2.AsyncClient, query: str) -> list[float]:
    """Return the numbers of a query now."""
    answer = (await prometheus.get("/api/v1/query", params={"query": query})).json()
    assert answer["status"] == "success", answer
    return [float(result["value"][1]) for result in answer["data"]["result"]]
