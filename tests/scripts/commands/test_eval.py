"""`shopdesk eval`: conversations are played with the shop's models, and what came otherwise is told."""

import json
import logging
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scripts.cli import build
from scripts.commands.eval import SCRIPTS
from scripts.evaluation.script import BadScriptError, load_script


def test_models_that_are_away_fail_a_conversation_and_the_exit_code_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("SHOPDESK_HOME", str(home))
    for number in ("1", "2"):
        monkeypatch.setenv(f"MODEL{number}_BASE_URL", "http://127.0.0.1:9/v1")

    result = CliRunner().invoke(build(["eval"]), ["eval", str(SCRIPTS / "ko" / "cancel_by_button.yaml"), "--json"])

    assert result.exit_code == 1, result.output
    logging.disable(logging.NOTSET)
    told = json.loads(result.stdout.splitlines()[-1])
    assert (told["conversation"], told["passed"]) == ("ko/cancel_by_button", False)
    assert told["problems"]
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("about: x", "customer: field required"),
        ("about: x\ncustomer: visitor\nsteps: [{say: hello, press: true}]", "exactly one of say, press"),
        ("about: x\ncustomer: visitor\nsteps: [{say: hello}]\nnerver: []", "nerver: extra inputs"),
        ("a: [", "while parsing"),
    ],
)
def test_a_file_that_is_no_conversation_is_told_in_one_line(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(text)

    with pytest.raises(BadScriptError) as caught:
        load_script(path)

    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)
