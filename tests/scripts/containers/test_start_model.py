"""A model's container: it becomes the server where the card can hold it, and says why where it cannot."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage.settings import REPOSITORY

SCRIPT = REPOSITORY / "scripts" / "containers" / "start_model.py"
TOLD = ("--name=MODEL1", "--needs=11.2", "--share=0.55")


def started(folder: Path, card: str | None, *more: str) -> subprocess.CompletedProcess[str]:
    """Run it with a card of this kind, and a server that prints what it is told and ends with 7."""
    programs = {"vllm": 'echo "served: $@"; exit 7'}
    if card is not None:
        programs["nvidia-smi"] = f"echo '{card}'"
    for name, does in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{does}\n")
        (folder / name).chmod(0o755)
    return subprocess.run(
        [sys.executable, str(SCRIPT), *TOLD, *more, "--", "vllm", "serve", "a/model", "--port=8081"],
        env={"PATH": f"{folder}:/bin" if os.name == "posix" else str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("card", "told"),
    [
        ("NVIDIA L4, 23034, 8.9", "served: serve a/model --port=8081\n"),
        ("NVIDIA A10, 24564, 7.5", "served: serve a/model --port=8081 --dtype=half\n"),
    ],
)
def test_a_card_that_holds_it_gets_the_server_whose_end_is_its_own(tmp_path: Path, card: str, told: str) -> None:
    ended = started(tmp_path, card)

    assert (ended.stdout, ended.returncode) == (told, 7)


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ("Tesla T4, 15360, 7.5", "Tesla T4 is too small: 55% of its 15.0 GiB is 8.2 GiB, and a/model needs 11.2 GiB."),
        ("Tesla V100-SXM2-32GB, 32768, 7.0", "has compute capability 7, and vLLM wants 7.5: see docs/gpu.md"),
        (None, "No NVIDIA card can be seen in this container."),
    ],
)
def test_a_card_that_cannot_hold_it_is_said_once_and_is_no_failure_to_start_again(
    tmp_path: Path, card: str | None, said: str
) -> None:
    ended = started(tmp_path, card)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert said in ended.stdout
    assert ended.stdout.count("\n") == 1
