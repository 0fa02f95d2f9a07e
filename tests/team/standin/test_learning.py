import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from team.standin.data.tables import LEARNT
from team.standin.understanding.classifier import Classifier, classifier
from team.standin.understanding.language import LANGUAGES, Language
from team.standin.understanding.learning import digest, examples, learn

PEAK = """
import resource, sys, time
from team.standin.understanding import classifier, wishes
began, size = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
classifier.load()
wishes.scores("where is my order"), wishes.scores("제 주문 어디 있어요")
print(time.process_time() - began, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - size) / 1024)
print(*{"sklearn", "scipy"} & set(sys.modules))
"""
TEXTS = {"en": "where is my parcel", "ko": "택배 어디쯤이에요"}


def test_the_weights_belong_to_the_utterances_else_run_the_learning_again() -> None:
    with np.load(LEARNT) as learnt:
        assert learnt["digest"].tobytes().decode() == digest(), "run python -m team.standin.understanding.learning"


def test_a_start_costs_little_time_and_memory_and_needs_numpy_alone() -> None:
    told = subprocess.run([sys.executable, "-c", PEAK], capture_output=True, text=True, check=True).stdout.split()
    seconds, megabytes, *of_learning = told

    assert float(seconds) < 1.5
    assert float(megabytes) < 60
    assert of_learning == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_learnt_is_read_from_the_file_it_is_written_to(language: Language, tmp_path: Path) -> None:
    few = learn(examples(language)[::20])
    np.savez_compressed(tmp_path / "few.npz", allow_pickle=False, **few.arrays(language))

    with np.load(tmp_path / "few.npz") as arrays:
        read = Classifier.read(arrays, language)

    scores = read.scores(TEXTS[language])
    assert scores == pytest.approx(few.scores(TEXTS[language]), abs=0.001)
    assert max(scores, key=lambda label: scores[label]) in ("OrderTracker", "where_is_my_order")


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shipped_is_what_is_learnt(language: Language) -> None:
    again = learn(examples(language))

    assert classifier(language).scores(TEXTS[language]) == pytest.approx(again.scores(TEXTS[language]), abs=0.002)
