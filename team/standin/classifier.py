"""A text classifier: TF-IDF over pieces of words, and one ridge regression for all intents."""

import itertools
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from team.standin.words import said

Vector = NDArray[np.float32]

RIDGE = 0.3
WEIGHT_OF_CONCEPTS = 2
SEEN_OFTEN = 3
CONCEPT = "@"
CODES = re.compile(r"#?\b[a-z]{1,3}-?\d{3,}|#\d{3,}|\d{3,}\s*번")
WORDS = re.compile(r"[^\W_]+|§")
HANGUL = re.compile(r"[가-힣ㄱ-ㅣ]")


def pieces(text: str) -> Counter[str]:
    """Count what a text is made of: its concepts, and pieces of its words.

    Korean is also taken by its letters and without spaces, so that slips matter little.
    """
    plain = CODES.sub(" §", unicodedata.normalize("NFKC", text).lower())
    return Counter([*_concepts(plain), *_pieces(re.sub(r"\d+", "0", plain))])


def _concepts(plain: str) -> list[str]:
    found = said(plain, "concepts")
    return [
        *(f"{CONCEPT}{one}" for one in found),
        *(f"{CONCEPT}{one}+{other}" for one, other in itertools.combinations(found, 2)),
    ]


def _pieces(plain: str) -> list[str]:
    words = WORDS.findall(plain)
    if HANGUL.search(plain):
        syllables = "".join(words)
        return [*_grams(syllables, 1, 3), *_grams(unicodedata.normalize("NFD", syllables), 4, 6)]
    pairs = [f"{first} {second}" for first, second in itertools.pairwise(words)]
    return [*_grams(f" {' '.join(words)} ", 2, 5), *(f"={word}" for word in words), *(f"={pair}" for pair in pairs)]


def _grams(text: str, shortest: int, longest: int) -> list[str]:
    return [text[at : at + n] for n in range(shortest, longest + 1) for at in range(len(text) - n + 1)]


class Classifier:
    """Learns from (text, label) pairs; every label weighs the same however many texts it has."""

    def __init__(self, examples: Sequence[tuple[str, str]]) -> None:
        counted = [pieces(text) for text, _ in examples]
        frequency = Counter(piece for counts in counted for piece in counts)
        kept = [piece for piece, times in frequency.items() if times >= SEEN_OFTEN]
        self._column = {piece: column for column, piece in enumerate(kept)}
        weighed = [(piece, WEIGHT_OF_CONCEPTS if piece[0] == CONCEPT else 1) for piece in kept]
        self._rarity = np.array(
            [weight * math.log(len(examples) / frequency[piece]) for piece, weight in weighed], np.float32
        )
        self.labels = sorted({label for _, label in examples})
        rows = np.zeros((len(examples), len(kept)), np.float32)
        for row, counts in zip(rows, counted, strict=True):
            row[:] = self._vector(counts)
        self._weights = self._learn(rows, [label for _, label in examples])

    def _learn(self, rows: Vector, labels: list[str]) -> Vector:
        size = Counter(labels)
        wanted = np.array([[1.0 if label == own else 0.0 for label in self.labels] for own in labels], np.float32)
        slack = np.sqrt(np.array([size[label] for label in labels], np.float32))
        kernel = rows @ rows.T + np.diag(RIDGE * slack / slack.mean())
        return np.asarray(rows.T @ np.linalg.solve(kernel, wanted), np.float32)

    def _vector(self, counts: Counter[str]) -> Vector:
        vector = np.zeros(len(self._column), np.float32)
        known = [(self._column[piece], times) for piece, times in counts.items() if piece in self._column]
        if known:
            columns = [column for column, _ in known]
            vector[columns] = (1 + np.log([times for _, times in known])) * self._rarity[columns]
            vector /= float(np.linalg.norm(vector)) or 1.0
        return vector

    def scores(self, text: str) -> dict[str, float]:
        """How well each label fits, about 1 for a sure one and 0 for none."""
        found = self._vector(pieces(text)) @ self._weights
        return {label: float(score) for label, score in zip(self.labels, found, strict=True)}
