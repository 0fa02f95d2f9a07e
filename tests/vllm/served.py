"""A real `vllm serve`, of a scripted model or of real weights, for as long as the tests need it."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from tests.team.serving import listening
from tests.team.shopfloor import NAMES
from tests.vllm.environment import INSIDE

READY_WITHIN_S = 1_200
ENDED_WITHIN_S = 20
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    # Two servers share the processors with the tests: a thread that waits must not spin.
    "OMP_WAIT_POLICY": "PASSIVE",
    "PYTHONPATH": str(INSIDE),
}
DTYPE = "bfloat16" if "avx512_bf16" in Path("/proc/cpuinfo").read_text().split() else "float32"
"""A processor that cannot compute in bfloat16 does so fifty times slower than in its own floats."""
OPTIONS = (
    *("--dtype", DTYPE, "--max-num-seqs", "4", "--enforce-eager"),
    *("--enable-auto-tool-choice", "--tool-call-parser", "hermes"),
    *("--structured-outputs-config", '{"backend": "xgrammar"}'),
)
SCRIPTED = (
    *("--max-model-len", "32768", "--kv-cache-memory-bytes", "128M"),
    *("--logits-processors", "scripted:Scripted"),
)
SEEING = (*SCRIPTED, "--dtype", "half", "--limit-mm-per-prompt", '{"image": 4, "video": 0}')
REAL_CONTEXT = 8_192
"""What SmolLM2 was trained for."""
REAL = ("--max-model-len", str(REAL_CONTEXT), "--kv-cache-memory-bytes", "1G")
REAL_THREADS = 2


@dataclass(frozen=True)
class Served:
    """A server: where it answers, the file of what a scripted model says there, the model, and its process."""

    url: str
    script: Path
    model: Path
    process: "subprocess.Popen[bytes]"

    def says(self, *script: tuple[str, str]) -> None:
        """Let it say from now on, to a prompt in which a pattern is found, the reply beside it."""
        self.script.write_text(json.dumps(script), encoding="utf-8")

    @property
    def port(self) -> int:
        """The port it listens on."""
        return urlsplit(self.url).port or 0

    def kill(self) -> None:
        """Kill it with everything it started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def serve(
    environment: Path,
    model: Path,
    folder: Path,
    names: Sequence[str] = NAMES,
    options: Sequence[str] = SCRIPTED,
    threads: int = 1,
    port: int = 0,
) -> Iterator[Served]:
    """Serve a model under these names, on this port or a free one, its log and script in a folder."""
    port = port or _free_port()
    script, log = folder / "script.json", folder / f"vllm-{port}.log"
    script.write_text("[]")
    command: Sequence[str | Path] = [environment / "bin" / "vllm", "serve", model, "--host", "127.0.0.1"]
    command = [*command, "--port", str(port), "--served-model-name", *names, *OPTIONS, *options]
    told = os.environ | OFFLINE | {"VLLM_SCRIPT": str(script), "OMP_NUM_THREADS": str(threads)}
    with (
        log.open("wb") as writing,
        subprocess.Popen(command, env=told, stdout=writing, stderr=writing, start_new_session=True) as process,
    ):
        served = Served(f"http://127.0.0.1:{port}/v1", script, model, process)
        try:
            _wait(process, f"http://127.0.0.1:{port}/health", log)
            _warm(served, names[0])
            yield served
        finally:
            process.terminate()
            try:
                process.wait(ENDED_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with listening() as free:
        return int(free.getsockname()[1])


def _wait(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    last = time.monotonic() + READY_WITHIN_S
    while process.poll() is None and time.monotonic() < last:
        try:
            if httpx2.get(url).is_success:
                return
        except httpx2.HTTPError:
            time.sleep(0.5)  # a port that nobody has taken yet offers nothing to wait on
    raise AssertionError(f"vLLM did not start; its log ends:\n{log.read_text(errors='replace')[-3_000:]}")


def _warm(served: Served, name: str) -> None:
    """Ask once in each way, since the first request takes longer than a customer's turn waits."""
    asked = {"model": name, "messages": [{"role": "user", "content": "hello"}], "max_tokens": 4}
    for more in ({}, {"structured_outputs": {"choice": ["one", "two"]}}):
        httpx2.post(f"{served.url}/chat/completions", json={**asked, **more}, timeout=READY_WITHIN_S).raise_for_status()
