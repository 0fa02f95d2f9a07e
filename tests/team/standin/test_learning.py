import subprocess
import sys
from typing import get_args

import numpy as np
import pytest

from team.standin import learning
from team.standin.language import Language
from team.standin.understanding import classifier, examples

PEAK = """
import resource, time
from team.standin import understanding
began, size = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
understanding.learn()
understanding.scores("where is my order"), understanding.scores("제 주문 어디 있어요")
print(time.process_time() - began, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - size) / 1024)
"""


def test_the_weights_belong_to_the_utterances_else_run_the_learning_again() -> None:
    with np.load(learning.LEARNT) as learnt:
        assert learnt["digest"].tobytes().decode() == learning.digest(), "run python -m team.standin.learning"


def test_a_start_costs_little_time_and_memory() -> None:
    told = subprocess.run([sys.executable, "-c", PEAK], capture_output=True, text=True, check=True).stdout.split()
    seconds, megabytes = (float(one) for one in told)

    assert seconds < 1.5
    assert megabytes < 60


@pytest.mark.slow
@pytest.mark.parametrize("language", get_args(Language))
def test_what_is_read_is_what_is_learnt(language: Language) -> None:
    again, text = learning.learn(examples(language)), {"en": "where is my parcel", "ko": "택배 어디쯤이에요"}[language]

    assert classifier(language).scores(text) == pytest.approx(again.scores(text), abs=0.02)


def test_utterances_that_changed_are_learnt_at_the_start_and_said_to_be(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(learning, "digest", lambda: "of other utterances")
    monkeypatch.setattr(
        "team.standin.understanding.examples", lambda _: [("where is it", ("a",)), ("cancel it", ("b",))] * 3
    )
    from team.standin.understanding import _learnt

    assert _learnt.__wrapped__("en").scores("where is it")["a"] > 0.5
    assert "python -m team.standin.learning" in caplog.text
