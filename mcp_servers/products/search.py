"""Finding products by words: what a product is comes first, then which one. Headphones are not a mouse."""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcp_servers.products.asked import BETWEEN, asks
from mcp_servers.products.slips import slips
from mcp_servers.products.terms import (
    HANGUL,
    Subject,
    Terms,
    bare,
    kinds,
    kinds_in,
    plain_words,
    read_terms,
    subjects_of,
    wider,
    word_lists,
)
from storage.shop.catalogue import ProductText

Scores = NDArray[np.float32]

FIELDS = (("name", 1.0), ("other_names", 1.0), ("keywords", 0.8), ("category", 0.6))
MENTIONED = 0.3
"""Where a word is found, and how much that says."""
SAYS_WHAT = 0.5
"""From this on, a place says what a product is: a description mentions much else."""
OWN, KEYWORD, HEAD = "own:", "keyword:", 2.0
WORST_KEPT = 0.4
"""Products that match far worse than the best are left out."""
LEAST_KNOWN = 0.5
"""How much of a search must be found where nothing says what it is for."""
PART_OF_WORD, INSIDE_WORD = 0.7, 0.9
SHORTEST_BEGINNING = 3


class Match(NamedTuple):
    """A product that matches a query, and how well, from 0 to 1; loosely: it may be something else."""

    product_id: str
    score: float
    loosely: bool = False


@dataclass
class _Heard:
    """A subject of a search: how well each product has it, and how rare it is; `known` if any has."""

    levels: Scores
    weight: float
    known: bool


class WordIndex:
    """Which products have which words, and of which kind they are. Building it is slow enough to run in a thread."""

    def __init__(self, texts: Sequence[ProductText]) -> None:
        self._ids = [text.id for text in texts]
        self._found: dict[str, tuple[NDArray[np.int32], Scores]] = {}
        self._build(texts)
        self._words = [word for word in self._found if ":" not in word]
        self._korean = [word for word in self._words if HANGUL.match(word)]
        self._spelled = {unicodedata.normalize("NFD", word): word for word in self._words}
        self._latin = [word for word in self._words if not HANGUL.match(word)]

    def best_matches(self, query: str) -> list[Match]:
        """Return the products that match a query, best first, without those that match far worse than the best."""
        terms = read_terms(query)
        heard = {place: self._hear(each) for place, each in enumerate(terms.subjects) if not _only_asks(each)}
        heard = {place: one for place, one in heard.items() if one.known or not _may_be_verb(terms.subjects[place])}
        if not heard:
            return []
        total = sum((one.levels * one.weight for one in heard.values()), np.zeros(len(self._ids), np.float32))
        head = self._what(terms, heard)
        if head is None or not head.known:
            fit = self._mostly(heard.values())
            top = sum(one.weight for one in heard.values())
        else:
            total = total + HEAD * head.weight * head.levels
            fit = (head.levels >= SAYS_WHAT) & (total >= WORST_KEPT * total.max(initial=0))
            top = sum(one.weight for one in heard.values() if one.known) + HEAD * head.weight
        loosely = not fit.any()
        if loosely:
            fit = self._described(terms, heard)
        places = np.flatnonzero(fit)
        places = places[np.lexsort((places, -np.round(total[places], 4)))]
        return [Match(self._ids[place], round(min(1.0, float(total[place]) / top), 3), loosely) for place in places]

    def meant_for(self, name: str) -> list[str]:
        """Return the products whose names or keywords mention what a product of this name is, and which are not one."""
        terms = read_terms(name)
        place = terms.head(range(terms.leading))
        kind = None if place is None else terms.subjects[place].kind
        if kind is None:
            return []
        mentioned = self._levels([f"kind:{kind}"])
        same = self._levels([f"{OWN}{one}" for one in (*wider(kind), *kinds()[kind].get("near", ()))])
        places = np.flatnonzero((mentioned >= SAYS_WHAT) & (same == 0))
        return [self._ids[place] for place in places[np.lexsort((places, -mentioned[places]))]]

    def _what(self, terms: Terms, asked: Mapping[int, _Heard]) -> _Heard | None:
        """Return how well each product is what a search is for; None where the search does not say that."""
        place = terms.head(asked)
        if place is None:
            return None
        kind, heard = terms.subjects[place].kind, asked[place]
        if kind is not None and (own := self._of_kind(kind)) is not None:
            return own
        levels = np.where(heard.levels >= SAYS_WHAT, heard.levels, 0).astype(np.float32)
        return _Heard(levels, heard.weight, known=bool(levels.any()))

    def _of_kind(self, kind: str) -> _Heard | None:
        for named in ([kind], kinds()[kind].get("near", ())):
            levels = self._levels([f"{OWN}{each}" for each in named])
            if levels.any():
                return _Heard(levels, self._weight(levels), known=True)
        return None

    def _mostly(self, heard: Iterable[_Heard]) -> NDArray[np.bool_]:
        """Return which products have most of what was said, rarer words counting more."""
        said = list(heard)
        whole = sum(one.weight for one in said)
        has = sum((one.weight * _certain(one.levels) for one in said), np.zeros(len(self._ids), np.float32))
        return np.asarray(has > LEAST_KNOWN * whole)

    def _described(self, terms: Terms, heard: Mapping[int, _Heard]) -> NDArray[np.bool_]:
        """Return which products have a keyword of a search for something that nothing is called: a detective story.

        What shops know as a kind of thing is not sold, and no keyword makes up for it, nor does a word of a name alone:
        a book about a garden is no garden gnome.
        """
        head = terms.head(heard)
        fit = np.zeros(len(self._ids), np.bool_)
        if head is None or heard[head].known or terms.subjects[head].kind is not None:
            return fit
        for subject in (terms.subjects[place] for place in heard):
            if subject.kind is None and not subject.says_which:
                fit |= np.minimum.reduce([self._levels([f"{KEYWORD}{word}"]) for word in subject.words]) > 0
        return fit

    def _hear(self, subject: Subject) -> _Heard:
        levels = self._levels([] if subject.kind is None else [f"kind:{subject.kind}"])
        spelled = [self._word(word) for word in subject.words]
        if subject.kind is None or not levels.any():
            levels = np.maximum(levels, np.minimum.reduce(spelled))
        if not levels.any() and len(subject.words) == 1:
            levels = self._levels(slips(subject.words[0], self._spelled), PART_OF_WORD)
        return _Heard(levels, self._weight(levels), known=bool(levels.any()))

    def _word(self, word: str) -> Scores:
        if HANGUL.match(word):
            return self._korean_word(word)
        exact = self._levels([word])
        if exact.any() or len(word) < SHORTEST_BEGINNING:
            return exact
        return self._levels([each for each in self._latin if each.startswith(word)], PART_OF_WORD)

    def _korean_word(self, word: str) -> Scores:
        """Return where a word is found: whole, without its particle, inside longer words, or in its parts."""
        forms = [word, *(form for form in bare(word) if len(form) > 1)]
        levels = self._levels(forms)
        inside = [one for form in forms if len(form) > 1 for one in self._korean if form in one]
        levels = np.maximum(levels, self._levels(inside, INSIDE_WORD))
        if levels.any() or len(word) <= len("무선"):
            return levels
        halves = ((word[:cut], word[cut:]) for cut in range(len(word) - 1, 0, -1))
        for one, other in halves:
            if one in self._found and (other in self._found or any(form in self._found for form in bare(other))):
                rest = self._levels([other, *bare(other)])
                levels = np.minimum(self._levels([one]), rest)
                break
        return levels

    def _levels(self, words: Iterable[str], share: float = 1.0) -> Scores:
        levels = np.zeros(len(self._ids), np.float32)
        for word in words:
            if word in self._found:
                places, found = self._found[word]
                np.maximum.at(levels, places, found * np.float32(share))
        return levels

    def _weight(self, levels: Scores) -> float:
        products = int(np.count_nonzero(levels))
        return math.log(1 + (len(self._ids) - products + 0.5) / (products + 0.5))

    def _build(self, texts: Sequence[ProductText]) -> None:
        found: dict[str, tuple[list[int], list[float]]] = {}
        for place, text in enumerate(texts):
            for word, level in (*_words_of(text), *_keywords_of(text)):
                places, levels = found.setdefault(word, ([], []))
                # The places that say most come first.
                if not places or places[-1] != place:
                    places.append(place)
                    levels.append(level)
        self._found = {
            word: (np.array(places, np.int32), np.array(levels, np.float32)) for word, (places, levels) in found.items()
        }


def words_of(query: str) -> list[str]:
    """Return the words to look for, as they were said."""
    return [word for subject in subjects_of(query) if not _only_asks(subject) for word in subject.words]


def _certain(levels: Scores) -> Scores:
    return np.where(levels >= SAYS_WHAT, 1, np.where(levels > 0, 0.5, 0)).astype(np.float32)


def _only_asks(subject: Subject) -> bool:
    generic = word_lists()["requests"]["generic"]
    return subject.kind is None and all(asks(word) or word in BETWEEN or word in generic for word in subject.words)


def _may_be_verb(subject: Subject) -> bool:
    word = subject.words[0]
    if subject.kind is not None or not HANGUL.match(word):
        return False
    return len(word) == 1 or word.endswith(tuple(word_lists()["unsaid"]["endings"]))


def _words_of(text: ProductText) -> Iterator[tuple[str, float]]:
    """Yield every word of a product with how much its place says, the kinds it names, and what it is."""
    own: frozenset[str] = frozenset()
    for field, level in FIELDS:
        terms = read_terms(getattr(text, field))
        for word in _searched(terms):
            yield word, level
        if not own:
            own = _own_kinds(field, terms)
            for kind in own:
                yield f"{OWN}{kind}", level
    if not own:
        for kind in _last_kind(read_terms(text.name)):
            yield f"{OWN}{kind}", SAYS_WHAT
    for word in plain_words(text.description):
        yield word, MENTIONED


def _keywords_of(text: ProductText) -> Iterator[tuple[str, float]]:
    """Yield the words that the shop itself files a product under, apart from those of its name."""
    yield from ((f"{KEYWORD}{word}", SAYS_WHAT) for word in _searched(read_terms(text.keywords)))


def _searched(terms: Terms) -> Iterator[str]:
    """Yield the words, neighbours written as one (airfryer), and the kinds they name."""
    before = ""
    for subject in terms.subjects:
        yield from subject.words
        if before and not (before + subject.words[0]).isdigit() and subject.words[0].isascii():
            yield before + subject.words[0]
        before = subject.words[-1] if subject.words[-1].isascii() and subject.words[-1].isalpha() else ""
    for kind in kinds_in(terms.subjects):
        yield f"kind:{kind}"


def _last_kind(terms: Terms) -> frozenset[str]:
    """Return what a name may mean whose last word is none that shops know, such as a salmon fillet."""
    named = [each.kind for each in terms.subjects[: terms.leading] if each.kind is not None]
    return wider(named[-1]) if named else frozenset()


def _own_kinds(field: str, terms: Terms) -> frozenset[str]:
    """Return what a product is: what its name ends with, or else its keywords say, or its category."""
    if field == "keywords":
        named = [each.kind for each in terms.subjects if each.kind is not None]
        return frozenset[str]().union(*(wider(kind) for kind in named))
    place = terms.head(range(terms.leading))
    head = None if place is None else terms.subjects[place].kind
    return frozenset() if head is None else wider(head)
