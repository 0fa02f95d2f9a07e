"""A text classifier: the weights of pieces of words, as `learning` finds them, summed up for each label."""

import itertools
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from team.standin.data.tables import LEARNT
from team.standin.understanding.language import LANGUAGES, Language
from team.standin.understanding.spelling import corrected
from team.standin.understanding.words import replaced, said, without

Vector = NDArray[np.float32]
Array = NDArray[Any]

CONCEPT = "@"
ORDER, TICKET, THING = "§", "¶", "◆"
TICKETS = re.compile(r"\bt-?\d{4,}")
CODES = re.compile(r"#?\b[a-z]{1,3}-?\d{3,}|#\d{3,}|(?<!\d)\d{3,}+\s*+번")
WORDS = re.compile(rf"[^\W_]+|[{ORDER}{TICKET}{THING}]")
HANGUL = re.compile(r"[가-힣ㄱ-ㅣ]")
NEAR = 4
SHORTEST_REQUEST = 5
READING = threading.Lock()


def pieces(text: str) -> Counter[str]:
    """Count what a text is made of: its concepts, and pieces of its words.

    What a shop sells also counts as just a thing, so that "how heavy is the tent" helps with the laptop. Korean is also
    taken by its letters and without spaces, so that slips matter little.
    """
    plain = TICKETS.sub(f" {TICKET}", _request(unicodedata.normalize("NFKC", text).lower()))
    plain = CODES.sub(f" {ORDER}", plain)
    return Counter([*_concepts(plain), *_pieces(re.sub(r"\d+", "0", plain))])


def _request(plain: str) -> str:
    """A text without the greeting before and the thanks after it, unless it is nothing else."""
    bare = without(without(plain, "courtesy", "before"), "courtesy", "after")
    return bare if len(bare) >= SHORTEST_REQUEST else plain


def _concepts(plain: str) -> list[str]:
    found = said(plain, "concepts")
    return [
        *(f"{CONCEPT}{one}" for one in found),
        *(f"{CONCEPT}{one}+{other}" for one, other in itertools.combinations(found, 2)),
    ]


def _pieces(plain: str) -> list[str]:
    words, about_things = WORDS.findall(plain), WORDS.findall(replaced(plain, "concepts", "thing", THING))
    return _korean(words, about_things) if HANGUL.search(plain) else _english(words, about_things)


def _korean(words: list[str], about_things: list[str]) -> list[str]:
    syllables = "".join(words)
    return [
        *_grams(syllables, 1, 3),
        *_grams(unicodedata.normalize("NFD", syllables), 4, 6),
        *(f"^{syllables[:n]}" for n in (2, 3)),
        *(f"{syllables[-n:]}$" for n in (2, 3, 4, 5)),
        *(gram for gram in _grams("".join(about_things), 2, 4) if THING in gram),
    ]


def _english(words: list[str], about_things: list[str]) -> list[str]:
    return [
        *_grams(f" {' '.join(words)} ", 2, 5),
        *_phrases(words, 1, 2),
        *(f"^{' '.join(words[:n])}" for n in (1, 2, 3)),
        *(f"{' '.join(words[-n:])}$" for n in (1, 2)),
        *(f"~{one}~{other}" for at, one in enumerate(words) for other in words[at + 2 : at + NEAR + 1]),
        *(phrase for phrase in _phrases(about_things, 2, 4) if THING in phrase or phrase.count(" ") > 1),
    ]


def _phrases(words: list[str], fewest: int, most: int) -> list[str]:
    return ["=" + " ".join(words[at : at + n]) for n in range(fewest, most + 1) for at in range(len(words) - n + 1)]


def _grams(text: str, shortest: int, longest: int) -> list[str]:
    return [text[at : at + n] for n in range(shortest, longest + 1) for at in range(len(text) - n + 1)]


def vector(counts: Counter[str], column: Mapping[str, int], rarity: Vector) -> tuple[list[int], Vector]:
    """The columns that a text has something in, and what: of length 1, the rarer a piece the longer its part."""
    known = [(column[piece], times) for piece, times in counts.items() if piece in column]
    columns = [at for at, _ in known]
    values = (1 + np.log([float(times) for _, times in known])) * rarity[columns]
    return columns, np.asarray(values / (float(np.linalg.norm(values)) or 1.0), np.float32)


@dataclass(frozen=True)
class Classifier:
    """Tells how well labels fit a text: a row of weights for each piece, in whole steps of each label's own size."""

    labels: list[str]
    pieces: list[str]
    rarity: Vector
    weights: NDArray[np.int8]
    steps: Vector

    @cached_property
    def _column(self) -> dict[str, int]:
        return {piece: column for column, piece in enumerate(self.pieces)}

    @cached_property
    def _words(self) -> dict[str, float]:
        """The English words it knows, and how rare they are."""
        return {
            piece[1:]: float(self.rarity[at]) for piece, at in self._column.items() if re.fullmatch("=[a-z]+", piece)
        }

    def scores(self, text: str) -> dict[str, float]:
        """How well each label fits, about 1 for a sure one and 0 for none."""
        text = corrected(unicodedata.normalize("NFKC", text).lower(), self._words)
        columns, values = vector(pieces(text), self._column, self.rarity)
        found = (values @ self.weights[columns].astype(np.float32)) * self.steps
        return {label: float(score) for label, score in zip(self.labels, found, strict=True)}

    def arrays(self, name: str) -> dict[str, Array]:
        """What `read` needs, under keys that begin with the name."""
        texts = {"labels": self.labels, "pieces": self.pieces}
        parts: dict[str, Array] = {
            key: np.frombuffer("\n".join(lines).encode(), np.uint8) for key, lines in texts.items()
        }
        parts |= {"rarity": self.rarity.astype(np.float16), "weights": self.weights, "steps": self.steps}
        return {f"{name}_{key}": array for key, array in parts.items()}

    @classmethod
    def read(cls, arrays: Mapping[str, Array], name: str) -> "Classifier":
        """Take a classifier out of the arrays of that name."""
        labels, pieces = (arrays[f"{name}_{key}"].tobytes().decode().split("\n") for key in ("labels", "pieces"))
        rarity = arrays[f"{name}_rarity"].astype(np.float32)
        return cls(labels, pieces, rarity, arrays[f"{name}_weights"], arrays[f"{name}_steps"])


def load() -> None:
    """Read the weights of every language now, so that the first message need not wait for them."""
    for language in LANGUAGES:
        classifier(language)


def classifier(language: Language) -> Classifier:
    """The classifier of one language, as learnt."""
    with READING:
        return _learnt(language)


@cache
def _learnt(language: Language) -> Classifier:
    with np.load(LEARNT) as learnt:
        return Classifier.read(learnt, language)
