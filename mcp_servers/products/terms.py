"""The words of a product or a search: stems, Korean words without particles, and the kinds of things they name."""

import re
import tomllib
import unicodedata
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tantivy import TextAnalyzer

HERE = Path(__file__).parent
HANGUL = re.compile(r"[가-힣]")
WORD = re.compile(r"[a-z0-9]+|[가-힣]+")
POSSESSIVE = re.compile(r"['’]s\b")
MEASURED_OUT = re.compile(r"\b(?:pair|set|pack|box|kind|type|sort|couple|bunch)s? of\b")
AFTER_HEAD = re.compile(
    r"[,(\[|/:;]|\s[-–—]\s|\b(?:for|with|to|that|which|who|in|from|at|on|by|without|when|while|of|because|since)\b"
)
LONGEST_PHRASE = 3
LONGEST_KIND = 8
MOST_WORDS = 400


class Subject(NamedTuple):
    """One thing a text is about: its words, and the kind of thing they name, if they name one."""

    words: tuple[str, ...]
    kind: str | None

    @property
    def says_which(self) -> bool:
        """Whether it is a colour, a size or the like, which is never what something is."""
        return self.kind is None and (self.words[0] in attributes() or self.words[0][0].isdigit())


class Terms(NamedTuple):
    """The subjects of a text in order; the last of the first `leading` says what it is, the later ones what for."""

    subjects: list[Subject]
    leading: int

    def head(self, among: Container[int]) -> int | None:
        """Return which of these subjects says what something is; None where none of them does."""
        return next(
            (
                place
                for place in reversed(range(self.leading))
                if place in among and not self.subjects[place].says_which
            ),
            None,
        )


@cache
def word_lists() -> Mapping[str, Any]:
    """Return the lists of `asked.toml`."""
    return tomllib.loads((HERE / "asked.toml").read_text("utf-8"))


@cache
def kinds() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return what shops sell, by name."""
    return tomllib.loads((HERE / "kinds.toml").read_text("utf-8"))


@cache
def attributes() -> frozenset[str]:
    """Return the words, as stems, that say which one, not what it is."""
    return frozenset(stem(word) for word in word_lists()["attributes"]["words"])


@cache
def wider(kind: str) -> frozenset[str]:
    """Return a kind and the kinds that it is, such as a backpack is a bag."""
    found = {kind}
    for other in kinds()[kind].get("is", ()):
        found |= wider(other)
    return frozenset(found)


@lru_cache(4_000)
def read_terms(text: str) -> Terms:
    """Return what a name, a category or a search is about; in both languages what it is comes last."""
    plain = MEASURED_OUT.sub(" ", _plain(text))
    subjects: list[Subject] = []
    leading = 0
    for part in AFTER_HEAD.split(plain):
        found = subjects_of(part)
        subjects += found
        if not leading and not all(each.says_which for each in found):
            leading = len(subjects)
    return Terms(subjects, leading)


def subjects_of(text: str) -> list[Subject]:
    """Return the subjects of a text in order; the longest words that name a kind count as one."""
    words = list(_words(_plain(text)))
    found: list[Subject] = []
    place = 0
    while place < len(words):
        length, kind = _kind_at(words, place)
        if kind is None and HANGUL.match(words[place]):
            found += _within(words[place])
        else:
            found.append(Subject(tuple(words[place : place + length]), kind))
        place += length
    return found


def plain_words(text: str) -> Iterator[str]:
    """Yield the words of a longer text, as they are looked for."""
    yield from _words(_plain(text))


def kinds_in(subjects: Sequence[Subject]) -> set[str]:
    """Return every kind that these subjects name, also within a longer name: coffee in a coffee maker."""
    found = set[str]()
    for subject in subjects:
        if subject.kind is not None:
            found |= wider(subject.kind)
        if len(subject.words) > 1:
            found |= {kind for each in subject.words if (kind := _phrases().get(each))}
        found |= {kind for each in subject.words if HANGUL.match(each) for kind in _windows(each)}
    return found


@lru_cache(50_000)
def stem(word: str) -> str:
    """Return a word's stem; a Korean word is its own."""
    if HANGUL.match(word):
        return word
    if word in word_lists()["unstemmed"]["words"]:
        return word
    plain = word_lists()["irregular"].get(word, word)
    return "".join(_stemmer().analyze(plain)) or plain


def bare(word: str) -> Iterator[str]:
    """Yield a Korean word as it may stand without its particle."""
    for particle in word_lists()["attributes"]["particles"]:
        if word.endswith(particle) and len(word) > len(particle):
            yield word.removesuffix(particle)


def _plain(text: str) -> str:
    return POSSESSIVE.sub("", unicodedata.normalize("NFKC", text).lower())


def _words(text: str) -> Iterator[str]:
    for number, found in enumerate(WORD.finditer(text)):
        if number == MOST_WORDS:
            return
        yield stem(found[0])


def _kind_at(words: Sequence[str], place: int) -> tuple[int, str | None]:
    """Return how many words from here name a kind, and which."""
    if words[place] not in _beginnings() and not HANGUL.match(words[place]):
        return 1, None
    for length in range(min(LONGEST_PHRASE, len(words) - place), 0, -1):
        some = words[place : place + length]
        kind = _phrases().get(_joined(some))
        if kind is None and HANGUL.match(some[-1]):
            kind = next(
                (each for last in bare(some[-1]) if (each := _phrases().get(_joined([*some[:-1], last])))), None
            )
        if kind is not None:
            return length, kind
    return 1, None


def _within(word: str) -> list[Subject]:
    """Split a Korean word around the kind that it contains, such as 무선이어폰을."""
    for length in range(min(LONGEST_KIND, len(word) - 1), 1, -1):
        for start in range(len(word) - length, -1, -1):
            kind = _phrases().get(word[start : start + length])
            if kind is not None:
                before, after = word[:start], word[start + length :]
                rest = [] if after in word_lists()["attributes"]["particles"] else [after]
                said = [Subject((before,), None)] if before else []
                return [
                    *said,
                    Subject((word[start : start + length],), kind),
                    *(Subject((x,), None) for x in rest if x),
                ]
    return [Subject((word,), None)]


def _windows(word: str) -> Iterator[str]:
    for length in range(min(LONGEST_KIND, len(word)), 1, -1):
        for start in range(len(word) - length + 1):
            if kind := _phrases().get(word[start : start + length]):
                yield kind


def _joined(words: Sequence[str]) -> str:
    return "".join(words) if any(HANGUL.match(word) for word in words) else " ".join(words)


@cache
def _phrases() -> Mapping[str, str]:
    return {
        _joined(list(_words(_plain(phrase)))): name
        for name, kind in kinds().items()
        for language in ("en", "ko")
        for phrase in kind[language]
    }


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase in _phrases())


@cache
def _stemmer() -> "TextAnalyzer":
    # It takes long to import, and only a search needs it.
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    return TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase()).filter(Filter.stemmer("english")).build()
