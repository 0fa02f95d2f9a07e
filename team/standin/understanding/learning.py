"""Learn the weights from the utterances, after a change of either: `python -m team.standin.understanding.learning`.

One ridge regression for all labels, over TF-IDF of the pieces of words. Needs scikit-learn of the `dev` extra; what
reads the weights does not.
"""

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import Ridge

from team.standin.data.tables import HERE, LEARNT, tables
from team.standin.understanding import classifier
from team.standin.understanding.classifier import CONCEPT, Classifier, Vector, pieces
from team.standin.understanding.intents import intents
from team.standin.understanding.language import LANGUAGES, Language

EXAMPLES_PER_LINE = 6
SPREAD = 0.618
RIDGE = 0.5
TOLERANCE = 1e-4
WEIGHT_OF_CONCEPTS = 2
SEEN_OFTEN = 3
STEPS = 127

Example = tuple[str, tuple[str, ...]]
"""A text and its labels, the narrowest first."""


def digest() -> str:
    """Of all that the weights are made from."""
    data = [*sorted(HERE.glob("*/utterances.toml")), *sorted(HERE.glob("*/concepts.toml")), HERE / "intents.toml"]
    code = [Path(module) for module in (classifier.__file__, __file__)]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in [*data, *code])).hexdigest()


def examples(language: Language) -> list[Example]:
    """The utterances that are learnt in a language, each with its intent and the intent's specialist."""
    return [
        (text, (name, intents()[name].specialist))
        for name, lines in tables(language, "utterances").items()
        for line in lines.strip().splitlines()
        for text in _some(line)
    ]


def expand(line: str) -> list[str]:
    """Every utterance a line of the data stands for: `(cancel|stop) it` is two."""
    parts = re.split(r"\(([^()]*)\)", line)
    choices = [part.split("|") if at % 2 else [part] for at, part in enumerate(parts)]
    return [" ".join("".join(words).split()) for words in itertools.product(*choices)]


def _some(line: str) -> list[str]:
    """As many utterances of a line as are learnt, spread over all of its choices."""
    every = expand(line)
    stride = max(1, int(len(every) * SPREAD))
    while np.gcd(stride, len(every)) > 1:
        stride += 1
    return [every[at * stride % len(every)] for at in range(min(len(every), EXAMPLES_PER_LINE))]


def learn(texts: Sequence[Example]) -> Classifier:
    """Learn from texts and their labels; every narrow label weighs the same however many texts it has."""
    counter = CountVectorizer(analyzer=_analysed, min_df=SEEN_OFTEN, dtype=np.float32)
    counts = counter.fit_transform([text for text, _ in texts])
    kept = list(counter.get_feature_names_out())
    tfidf = TfidfTransformer(sublinear_tf=True, smooth_idf=False).fit(counts)
    # scikit-learn adds 1, so that a piece of every text counts; here such a piece tells nothing.
    tfidf.idf_ = (tfidf.idf_ - 1) * np.array([WEIGHT_OF_CONCEPTS if piece[0] == CONCEPT else 1 for piece in kept])

    labels = sorted({label for _, own in texts for label in own})
    wanted = np.array([[label in own for label in labels] for _, own in texts], np.float32)
    size = Counter(narrowest for _, (narrowest, *_) in texts)
    slack = np.sqrt([size[narrowest] for _, (narrowest, *_) in texts])
    ridge = Ridge(RIDGE, fit_intercept=False, solver="sparse_cg", tol=TOLERANCE)
    ridge.fit(tfidf.transform(counts), wanted, sample_weight=slack.mean() / slack)
    return _small(labels, kept, tfidf.idf_, ridge.coef_.T)


def _analysed(text: str) -> Iterator[str]:
    return pieces(text).elements()


def _small(labels: list[str], kept: list[str], rarity: Vector, weights: Vector) -> Classifier:
    """Round the weights to bytes, each label's largest being the largest byte."""
    steps = np.abs(weights).max(axis=0) / STEPS
    rounded = np.round(weights / steps).astype(np.int8)
    return Classifier(labels, kept, rarity.astype(np.float32), rounded, steps.astype(np.float32))


def main() -> None:
    """Learn every language and write the weights."""
    learnt = {key: array for one in LANGUAGES for key, array in learn(examples(one)).arrays(one).items()}
    learnt["digest"] = np.frombuffer(digest().encode(), np.uint8)
    np.savez_compressed(LEARNT, allow_pickle=False, **learnt)


if __name__ == "__main__":
    main()
