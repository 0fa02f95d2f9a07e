"""`shopdesk models plan` and `serve` against a real vLLM: what was computed is what it allocates, and it comes back."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
import tomlkit

from scripts.sizing.cards import card_named
from scripts.sizing.lines import arguments
from scripts.sizing.page import SHIPPED
from scripts.sizing.plan import asked_by_name, make_plan
from storage.endpoints import FILE
from storage.settings import REPOSITORY, Settings
from tests.scripts.command import shopdesk
from tests.team.serving import listening
from tests.vllm.environment import INSIDE, make_model, make_real_model
from tests.vllm.served import OFFLINE

READY_WITHIN_S = 1_800
"""Only for a hang: two servers start in 45 seconds on two idle cores, and in many minutes on busy ones."""
CONTEXT = 4_096
TOLD = re.compile(r"num_gpu_blocks=\"(\d+)\"")
BLOCK = re.compile(r"[{,]block_size=\"(\d+)\"")

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(3 * READY_WITHIN_S)]


def write_slices(settings: Settings, *models: Path) -> list[str]:
    """Write a models.toml with these models on free ports; return their addresses."""
    document, urls = tomlkit.parse((REPOSITORY / "team" / FILE).read_text()), []
    for endpoint, model in zip(document["endpoints"].values(), models, strict=True):
        with listening() as free:
            urls.append(f"http://127.0.0.1:{free.getsockname()[1]}")
        endpoint.update({"model": str(model), "base_url": f"{urls[-1]}/v1", "context_tokens": CONTEXT})
    (settings.shopdesk_home / FILE).write_text(tomlkit.dumps(document))
    return urls


async def blocks_of(url: str) -> tuple[int, int]:
    """How many blocks of KV cache a server has, and tokens in one."""
    async with httpx2.AsyncClient() as http:
        told = (await http.get(f"{url}/metrics")).text
    [line] = [line for line in told.splitlines() if line.startswith("vllm:cache_config_info")]
    blocks, tokens = TOLD.search(line), BLOCK.search(line)
    assert blocks
    assert tokens
    return int(blocks[1]), int(tokens[1])


async def until_said(output: asyncio.StreamReader, words: bytes) -> str:
    try:
        async with asyncio.timeout(READY_WITHIN_S):
            return (await output.readuntil(words)).decode()
    except asyncio.IncompleteReadError as error:
        raise AssertionError(f"It ended, and said:\n{error.partial.decode()}") from error


def test_vllm_knows_every_argument_of_a_plan(environment: Path) -> None:
    first, second = asked_by_name(SHIPPED, None)
    asked = [first, replace(second, pictures=False)]
    plans = [make_plan(asked, [card_named(gpu) for gpu in gpus], None) for gpus in (["L4"], ["H100"], ["T4", "T4"])]
    slices = [one for made in plans for one in made.slices]
    given = json.dumps([arguments(one) for one in slices])

    command = [environment / "bin" / "python", INSIDE / "arguments.py"]
    told = subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout

    read = [json.loads(line) for line in told.splitlines()]
    assert [one["kv_cache_memory_bytes"] for one in read] == [one.cache for one in slices]
    assert [one["limit"] for one in read] == 3 * [{"image": 4, "video": 0}, {}]


async def test_what_is_planned_is_what_vllm_allocates_and_a_server_that_is_killed_returns(
    settings: Settings, environment: Path
) -> None:
    urls = write_slices(settings, make_model(), make_real_model())
    planned = json.loads((await shopdesk("models", "plan", "--gpu", "cpu", "--json")).said)["slices"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "scripts", "models", "serve", "--gpu", "cpu"),
        *("--vllm", str(environment / "bin" / "vllm")),
        env=os.environ | {name: value for name, value in OFFLINE.items() if name != "PYTHONPATH"},
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
    )
    assert process.stdout
    try:
        shown = await until_said(process.stdout, b"Ready.")
        for one, url in zip(planned, urls, strict=True):
            blocks, tokens = await blocks_of(url)
            [logged] = re.findall(rf"{one['model']}: ready after .* s, ([\d,]+) tokens of KV cache", shown)
            assert one["kv_blocks"] == pytest.approx(blocks, rel=0.02)
            assert one["kv_tokens"] == pytest.approx(int(logged.replace(",", "")), rel=0.02)
            assert one["kv_bytes_a_token"] == pytest.approx(one["kv_cache"] / (blocks * tokens), rel=0.02)
        [pid] = [int(each) for each in os.listdir("/proc") if each.isdigit() and serves(int(each), urls[0])]
        os.kill(pid, signal.SIGKILL)
        again = await until_said(process.stdout, b"tokens of KV cache")
        assert "died: " in again
        await blocks_of(urls[0])
    finally:
        process.send_signal(signal.SIGTERM)
        await process.communicate()

    assert process.returncode == 0
    assert [each for each in os.listdir("/proc") if each.isdigit() and serves(int(each), urls[0], urls[1])] == []


def serves(pid: int, *urls: str) -> bool:
    """Whether a process is a server on the port of one of these addresses."""
    try:
        told = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return False
    return "--port" in told and told[told.index("--port") + 1] in {url.rpartition(":")[2] for url in urls}
