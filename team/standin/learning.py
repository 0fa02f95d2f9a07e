"""What the stand-in learns from its utterances: `python -m team.standin.learning` writes it after a change of them.

One ridge regression for all labels, over TF-IDF of the pieces of words. Solving it takes seconds and much memory,
so it is done once, when the data changes, and not in every process that starts.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from team.standin.classifier import CONCEPT, Classifier, Vector, pieces, vector

RIDGE = 0.5
WEIGHT_OF_CONCEPTS = 2
SEEN_OFTEN = 3
STEPS = 127
RARE = 100

Row = tuple[list[int], Vector]
Example = tuple[str, tuple[str, ...]]
"""A text and its labels, the narrowest first."""

HERE = Path(__file__).parent
LEARNT = HERE / "learnt.npz"


def digest() -> str:
    """Of all that the weights are made from."""
    files = [*sorted((HERE / "intents").glob("*.toml")), *(HERE / name for name in ("concepts.toml", "classifier.py"))]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in [*files, Path(__file__)])).hexdigest()


def learn(examples: Sequence[Example]) -> Classifier:
    """Learn from texts and their labels; every narrow label weighs the same however many texts it has."""
    counted = [pieces(text) for text, _ in examples]
    frequency = Counter(piece for counts in counted for piece in counts)
    kept = [piece for piece, times in frequency.items() if times >= SEEN_OFTEN]
    rarity = np.array([_rarity(piece, len(examples) / frequency[piece]) for piece in kept], np.float32)
    place = {piece: column for column, piece in enumerate(kept)}
    rows = [vector(counts, place, rarity) for counts in counted]
    labels = sorted({label for _, own in examples for label in own})
    return _small(labels, kept, rarity, _solved(rows, len(kept), [own for _, own in examples], labels))


def _rarity(piece: str, seldom: float) -> float:
    return (WEIGHT_OF_CONCEPTS if piece[0] == CONCEPT else 1) * math.log(seldom)


def _solved(rows: Sequence[Row], width: int, own: Sequence[tuple[str, ...]], labels: Sequence[str]) -> Vector:
    size = Counter(narrowest for narrowest, *_ in own)
    wanted = np.array([[1.0 if label in some else 0.0 for label in labels] for some in own], np.float32)
    slack = np.sqrt(np.array([size[narrowest] for narrowest, *_ in own], np.float32))
    shares = np.linalg.solve(_alike(rows, width) + np.diag(RIDGE * slack / slack.mean()), wanted)
    weights = np.zeros((width, len(labels)), np.float32)
    for (columns, values), share in zip(rows, shares, strict=True):
        weights[columns] += np.outer(values, share)
    return weights


def _alike(rows: Sequence[Row], width: int) -> Vector:
    """How much each text has in common with each: the common pieces at once, each rare one where it stands."""
    holders: list[list[tuple[int, float]]] = [[] for _ in range(width)]
    for at, (columns, values) in enumerate(rows):
        for column, value in zip(columns, values.tolist(), strict=True):
            holders[column].append((at, value))
    common = [holder for holder in holders if len(holder) > RARE]
    full = np.zeros((len(rows), len(common)), np.float32)
    for column, holder in enumerate(common):
        full[[at for at, _ in holder], column] = [value for _, value in holder]
    alike = full @ full.T
    for holder in holders:
        if len(holder) <= RARE:
            places, values = [at for at, _ in holder], np.array([value for _, value in holder], np.float32)
            alike[np.ix_(places, places)] += np.outer(values, values)
    return np.asarray(alike, np.float32)


def _small(labels: list[str], kept: list[str], rarity: Vector, weights: Vector) -> Classifier:
    """Round the weights to bytes, each label's largest being the largest byte."""
    steps = np.abs(weights).max(axis=0) / STEPS
    return Classifier(labels, kept, rarity, np.round(weights / steps).astype(np.int8), np.asarray(steps, np.float32))


def main() -> None:
    """Learn both languages and write the weights."""
    from team.standin.understanding import examples

    learnt = learn(examples("en")).arrays("en") | learn(examples("ko")).arrays("ko")
    learnt["digest"] = np.frombuffer(digest().encode(), np.uint8)
    np.savez_compressed(LEARNT, allow_pickle=False, **learnt)


if __name__ == "__main__":
    main()
