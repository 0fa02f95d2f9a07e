"""An adapter, end to end: learnt from exported lines, interrupted and gone on with, merged, and served by vLLM."""

import json
import os
import signal
import subprocess
from pathlib import Path

import httpx2
import pytest

from scripts.training.lines import Json
from storage.settings import REPOSITORY
from team.crew.router import ROLE, asked_of, instructions
from team.roster import load_roster
from tests.vllm.conftest import made
from tests.vllm.environment import make_model, make_training
from tests.vllm.served import OFFLINE, SCRIPTED, serve

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(2_400)]

LABELS = {"en": "OrderTracker", "ko": "TicketDesk"}
TAUGHT = "taught"
LEARNING = ("--epochs", "20", "--batch", "4", "--rate", "0.003", "--rank", "8")
STOPPED = 130


def asked(text: str, language: str) -> list[Json]:
    """A message as the router asks about it."""
    told = asked_of(text, language, [], pictured=False)
    return [{"role": "system", "content": instructions(load_roster())}, {"role": "user", "content": told}]


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Messages of which the language alone says whom they are for."""
    file = tmp_path_factory.mktemp("lora") / "chats.jsonl"
    texts = [f"message number {number}" for number in range(12)]
    said = [(text, language) for text in texts for language in LABELS]
    written = [
        {"role": ROLE, "messages": [*asked(*one), {"role": "assistant", "content": LABELS[one[1]]}]} for one in said
    ]
    file.write_text("".join(f"{json.dumps(line)}\n" for line in written), encoding="utf-8")
    return file


def training(environment: Path, *arguments: str | Path) -> "subprocess.Popen[str]":
    command = [environment / "bin" / "python", "-m", "scripts.train_lora", *arguments]
    told = os.environ | OFFLINE | {"PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        command, env=told, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@pytest.fixture(scope="module")
def adapter(environment: Path, lines: Path) -> tuple[Path, str]:
    """An adapter that was stopped on the way, and what the run that finished it said."""
    model, folder = made(make_model), lines.parent / "adapter"
    made(make_training)
    command = ("train", str(model), lines, folder, *LEARNING)
    with training(environment, *command) as first:
        assert first.stdout is not None
        # It says how far it is every twenty steps.
        assert any(line.startswith("step 20 ") for line in first.stdout)
        first.send_signal(signal.SIGINT)
        rest = first.stdout.read()
    assert (first.returncode, rest.strip().splitlines()[-1]) == (
        STOPPED,
        "Stopped; the same command goes on from here.",
    )
    with training(environment, *command) as second:
        said, _ = second.communicate()
    assert second.returncode == 0, said
    return folder, said


def test_training_goes_on_where_it_was_stopped(adapter: tuple[Path, str]) -> None:
    folder, said = adapter

    assert "Going on after step " in said
    assert "Held out: loss " in said
    assert (folder / "adapter_model.safetensors").exists()
    assert not folder.with_name("adapter.run").exists()


def test_a_served_adapter_routes_as_it_was_taught_and_the_model_under_it_does_not(
    environment: Path, adapter: tuple[Path, str], tmp_path: Path
) -> None:
    folder, _ = adapter
    # As it was learnt: in bfloat16 the few numbers of a tiny model can be rounded to one answer for all.
    options = (
        *SCRIPTED,
        "--dtype",
        "float32",
        "--enable-lora",
        "--max-lora-rank",
        "8",
        "--lora-modules",
        f"{TAUGHT}={folder}",
    )
    unseen = [(f"message number {number}", language) for language in LABELS for number in (40, 71)]

    with serve(environment, made(make_model), tmp_path, ["plain"], options) as served:

        def chosen(model: str) -> list[str]:
            body = {"model": model, "temperature": 0, "max_tokens": 16}
            body |= {"structured_outputs": {"choice": list(LABELS.values())}}
            answers = [
                httpx2.post(f"{served.url}/chat/completions", json={**body, "messages": asked(*one)}, timeout=120)
                for one in unseen
            ]
            return [answer.json()["choices"][0]["message"]["content"] for answer in answers]

        taught, plain = chosen(TAUGHT), chosen("plain")
        listed = [one["id"] for one in httpx2.get(f"{served.url}/models").json()["data"]]

    right = [LABELS[language] for _, language in unseen]
    assert (taught, plain == right) == (right, False)
    assert listed == ["plain", TAUGHT]


def test_a_merged_model_is_whole(environment: Path, adapter: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = adapter

    with training(environment, "merge", str(made(make_model)), folder, tmp_path / "merged") as merging:
        said, _ = merging.communicate()

    assert merging.returncode == 0, said
    names = {path.name for path in (tmp_path / "merged").iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json", "chat_template.jinja"} <= names


def test_data_that_is_none_is_said_in_one_line(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "chats.jsonl").write_text("{}\n")
    made(make_training)

    with training(environment, "train", str(made(make_model)), tmp_path / "chats.jsonl", tmp_path / "out") as run:
        said, _ = run.communicate()

    assert run.returncode == 2
    assert said.strip().splitlines()[-1].startswith("train_lora.py: ")
    assert "shopdesk export training-data" in said
